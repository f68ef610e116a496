// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl rule translate */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/nft_sysrq.h>

#include "command.h"
#include "old-rule.h"
#include "options.h"

const struct option_row rule_translate_options[] = {
	{ }
};

static void print_from(const struct rule_spec *s, const char *before)
{
	bool v6 = s->from_family == NFPROTO_IPV6;
	char addr[INET6_ADDRSTRLEN] = "";

	if (!s->from_family)
		return;
	inet_ntop(v6 ? AF_INET6 : AF_INET, s->from, addr, sizeof(addr));
	printf("%s%s", before, addr);
	if (s->from_len < (v6 ? 128 : 32))
		printf("/%u", s->from_len);
}

static void print_arm(const struct old_rule *r)
{
	const struct rule_spec *s = &r->spec;

	printf("sysrqctl arm");
	if (s->icmp)
		printf(" --icmp");
	else if (s->port != NFT_SYSRQ_PORT)
		printf(" --port %u", s->port);
	if (s->iface[0])
		printf(" --iface %s", s->iface);
	print_from(s, " --from ");
	putchar('\n');
	if (r->to[0])
		printf("#   without -d %s: a request is good for one host\n", r->to);
	if (r->mac[0])
		printf("#   without --mac-source %s: who has the key is known by that\n", r->mac);
}

static void print_nft(const struct old_rule *r)
{
	const struct rule_spec *s = &r->spec;
	bool v6 = s->family == NFPROTO_IPV6 || s->from_family == NFPROTO_IPV6;

	printf("nft '%s rule inet filter input", r->insert ? "insert" : "add");
	if (s->iface[0])
		printf(" iifname \"%s\"", s->iface);
	if (r->mac[0])
		printf(" ether saddr %s", r->mac);
	print_from(s, v6 ? " ip6 saddr " : " ip saddr ");
	if (r->to[0])
		printf(" %s daddr %s", v6 ? "ip6" : "ip", r->to);
	if (s->icmp)
		printf(" %s type echo-request", v6 ? "icmpv6" : "icmp");
	else
		printf(" udp dport %u", s->port);
	printf(" sysrq drop");
	if (r->comment[0])
		printf(" comment \"%s\"", r->comment);
	printf("'\n");
}

static void print(const struct old_rule *r)
{
	unsigned int i;

	printf("# a table of its own, whatever else the firewall is:\n");
	print_arm(r);
	printf("# or a rule in a firewall of nft's:\n");
	print_nft(r);
	for (i = 0; i < r->nleft; i++)
		printf("#   without %s: requests are authenticated by themselves\n", r->left[i]);
}

/* 1 if it was such a rule, 0 if not, -1 if it is not understood. */
static int translate(const struct command *cmd, const char *line, const char *where)
{
	static struct old_rule r;

	if (!old_rule_read(line, &r))
		return 0;
	if (r.bad[0]) {
		local_error(cmd, "%s: '%s' is not understood; write this rule by hand", where, r.bad);
		return -1;
	}
	print(&r);
	return 1;
}

static int translate_input(const struct command *cmd, unsigned int *found)
{
	unsigned int number = 0;
	int status = EXIT_OK, got;
	char *line = NULL;
	char where[40];
	size_t size = 0;

	while (getline(&line, &size, stdin) >= 0) {
		snprintf(where, sizeof(where), "line %u", ++number);
		line[strcspn(line, "\n")] = '\0';
		got = translate(cmd, line, where);
		if (got < 0)
			status = EXIT_USAGE;
		*found += got != 0;
	}
	if (ferror(stdin))
		status = local_error(cmd, "standard input: %s", strerror(errno));
	free(line);
	return status;
}

int rule_translate_main(const struct command *cmd, int argc, char **argv)
{
	unsigned int found = 0;
	int i, opt, got, status = EXIT_OK;
	const char *value;
	struct options o;

	options_begin(&o, cmd, argc, argv);
	do {
		opt = options_next(&o, &value);
	} while (opt >= 0);
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	for (i = 0; i < o.operands; i++, found++) {
		got = translate(cmd, o.argv[i], "the rule");
		if (!got)
			local_error(cmd, "'%.64s' is no rule with the target SYSRQ", o.argv[i]);
		if (got <= 0)
			status = EXIT_USAGE;
	}
	if (!o.operands)
		status = translate_input(cmd, &found);
	if (!found)
		return local_error(cmd, "there is no rule with the target SYSRQ");
	if (!status)
		printf("# the password is not taken over; a key once, here and on the host:\n"
		       "#   sysrqctl key gen > ops.key\n"
		       "#   sysrqctl key set ops --file ops.key\n");
	return status;
}
