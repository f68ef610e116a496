// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file of hosts. What it names is a name or an address, which is known again when it is written anew;
 * what is wrong is said in a line that says where.
 */
#include "hosts.h"
#include "served.h"
#include "wire.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* With brackets and port it is the same host. */
static void check_again(const struct host *host)
{
	char text[HOST_LEN + 16], why[512];
	struct host again;

	snprintf(text, sizeof(text), "[%s]:%s", host->name, host->port[0] ? host->port : "9");
	must(!host_parse(text, &again, why, sizeof(why)) || strlen(text) >= HOST_LEN);
	if (again.name[0])
		must(!strcmp(again.name, host->name) && !strcmp(again.same, host->same) &&
		     again.literal == host->literal && again.nidentities == host->nidentities);
}

static void check_host(const struct host *host, unsigned int before)
{
	const char *p;
	unsigned int i;

	must(host->line > before && host->name[0] && host->name[0] != '-');
	for (p = host->name; *p; p++)
		must(isgraph((unsigned char)*p) && !strchr("/@\"'\\,;&|<>()[]{}$`*?!~#", *p));
	must(!strchr(host->name, ':') || host->literal);
	must(!host->literal || !host->nidentities);
	for (i = 0; i < host->nidentities; i++)
		must(host->identities[i][0] && nft_sysrq_wire_identity(host->identities[i]));
	must(host->nidentities <= HOST_NAMES);
	check_again(host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[4608] = "";
	struct hosts h = { 0 };
	size_t i;

	serve(data, size);
	if (hosts_read(&h, "-", why, sizeof(why))) {
		must_be_line(why);
		must(!strncmp(why, "standard input:", 15));
	} else {
		must(h.n && !why[0]);
		for (i = 0; i < h.n; i++)
			check_host(&h.all[i], i ? h.all[i - 1].line : 0);
		if (hosts_check_twice(&h, why, sizeof(why)))
			must_be_line(why);
	}
	hosts_free(&h);
	return 0;
}
