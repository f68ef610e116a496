// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl config: which settings hold for a host, in the form of a settings file. */
#include "errand.h"
#include "options.h"

#define WHY	8192
#define PATH	4096

enum {
	OPT_CONFIG,
};

const struct option_row config_options[] = {
	[OPT_CONFIG] = { "config", "FILE", "Settings file instead of the usual two" },
	{ }
};

static void print_identities(const struct host *host)
{
	unsigned int i;

	for (i = 0; i < host->nidentities; i++)
		printf("\t%sIdentity %s\n", i ? "# or " : "", host->identities[i]);
}

static void print_key(const struct entry *e, const char *name)
{
	char path[PATH];

	if (e && !settings_key(e, name, path, sizeof(path)))
		printf("\tKey %s\n", path);
}

static void print_host(const struct settings *s, struct host *host)
{
	struct sequence sequences[SETTINGS_SEQUENCES + 1], *q;
	const struct entry *found[SETTINGS], *e;
	unsigned int i;

	settings_apply(s, host, "", found);
	printf("Host %s\n\tAddress", host->name);
	for (i = 0; i < host->naddresses; i++)
		printf(" %s", host->addresses[i]);
	printf("%s%s\n\tPort %s\n", host->naddresses ? "" : " ",
	       host->naddresses ? "" : host->name, host->port);
	print_key(found[SETTING_KEY], host->name);
	print_identities(host);
	e = found[SETTING_TRANSPORT];
	printf("\tTransport %s\n", e ? e->text : transport_udp.name);
	e = found[SETTING_TIMEOUT];
	printf("\tTimeout %lldms\n", (long long)(e ? e->number : REMOTE_TIMEOUT_MS));
	settings_sequences(s, host->name, sequences);
	for (q = sequences; q->name[0]; q++)
		printf("\tSequence %s %s\n", q->name, q->text);
}

/* Of no host, so it stands first. */
static void print_parallel(const struct settings *s)
{
	const struct entry *found[SETTINGS], *e;

	settings_of(s, "", found);
	e = found[SETTING_PARALLEL];
	printf("Parallel %lld\n", (long long)(e ? e->number : FLEET_PARALLEL));
}

static int show(const struct command *cmd, const char *file, const char *text)
{
	struct settings settings;
	struct hosts hosts = { 0 };
	char why[WHY];
	size_t i;
	int status = 0;

	if (settings_read(&settings, file, why, sizeof(why)))
		status = local_error(cmd, "%s", why);
	else if (hosts_add(&hosts, text, why, sizeof(why)))
		status = usage_error(cmd, "%s", why);
	if (!status) {
		print_parallel(&settings);
		for (i = 0; i < hosts.n; i++)
			print_host(&settings, &hosts.all[i]);
	}
	hosts_free(&hosts);
	settings_free(&settings);
	return status;
}

int config_main(const struct command *cmd, int argc, char **argv)
{
	const char *value, *file = NULL;
	struct options o;
	int opt;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0)
		file = value;
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands != 1)
		return usage_error(cmd, "needs one HOST[,HOST...], not %d", o.operands);
	return show(cmd, file, o.argv[0]);
}
