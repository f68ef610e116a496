// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl rule add */
#include <stdio.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/nft_sysrq.h>

#include "command.h"
#include "module.h"
#include "options.h"
#include "rule.h"

const struct option_row rule_add_options[] = {
	{ "family", "FAMILY", "inet (default), ip, ip6 or netdev" },
	{ "table", "TABLE", "Its table, which must exist; default: filter" },
	{ "chain", "CHAIN", "Its chain, which must exist; default: input" },
	{ "first", NULL, "As the first rule of the chain, not the last" },
	{ "before", "HANDLE", "Before the rule of that handle" },
	{ "after", "HANDLE", "After the rule of that handle" },
	{ "port", "PORT", "UDP port; default: 9" },
	{ "icmp", NULL, "Pings, not UDP" },
	{ "iface", "IFACE", "Only what comes in by that interface" },
	{ "from", "ADDR[/LEN]", "Only what comes from there" },
	{ "key", "NAME", "Only requests with that key" },
	{ "silent", NULL, "Never answer" },
	{ }
};

static int add(const struct command *cmd, const struct rule_spec *spec)
{
	char what[600];
	struct genl g;
	struct nft n;
	int err, status;

	/* Else a kernel without the module says the same as one without the chain. */
	status = module_open(cmd, &g, true);
	genl_close(&g);
	if (status)
		return status;
	err = nft_open(&n);
	if (!err) {
		nft_begin(&n);
		err = rule_put(&n, spec, RULE_SYSRQ);
	}
	if (!err)
		err = nft_commit(&n);
	if (err) {
		snprintf(what, sizeof(what), "rule in %s %s %s", rule_family(spec->family),
			 spec->table, spec->chain);
		status = rule_error(cmd, &n, err, what);
	}
	nft_close(&n);
	return status;
}

int rule_add_main(const struct command *cmd, int argc, char **argv)
{
	struct rule_spec spec = {
		.family = NFPROTO_INET, .table = "filter", .chain = "input",
	};

	return rule_make(cmd, argc, argv, &spec, add);
}
