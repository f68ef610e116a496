// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl rule del */
#include <inttypes.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "command.h"
#include "options.h"
#include "rule.h"
#include "rules.h"

const struct option_row rule_del_options[] = {
	{ "family", "FAMILY", "inet (default), ip, ip6 or netdev" },
	{ "table", "TABLE", "Its table; default: filter" },
	{ "chain", "CHAIN", "Its chain; default: input" },
	{ }
};

/* No handle is used twice in a table, so what is found here is what is deleted. */
static int find(struct nft *n, const struct rule_spec *spec)
{
	struct rules rules;
	int err = rules_get(n, spec->family, &rules);
	size_t i;

	if (!err)
		err = -ESRCH;
	for (i = 0; i < rules.n && err == -ESRCH; i++)
		if (rules.rule[i].handle == spec->handle &&
		    !strcmp(rules.rule[i].table, spec->table) &&
		    !strcmp(rules.rule[i].chain, spec->chain))
			err = 0;
	rules_free(&rules);
	return err;
}

static int delete(struct nft *n, const struct rule_spec *spec)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();
	struct nlmsghdr *nlh;
	int err;

	if (!rule)
		return -ENOMEM;
	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, spec->table);
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, spec->chain);
	nftnl_rule_set_u64(rule, NFTNL_RULE_HANDLE, spec->handle);
	nft_begin(n);
	nlh = nft_message(n, NFT_MSG_DELRULE, spec->family, 0);
	nftnl_rule_nlmsg_build_payload(nlh, rule);
	err = nft_commit(n);
	nftnl_rule_free(rule);
	return err;
}

static int find_and_delete(const struct command *cmd, const struct rule_spec *spec)
{
	int err, status = EXIT_OK;
	char what[640];
	struct nft n;

	snprintf(what, sizeof(what), "%s %s %s handle %" PRIu64, rule_family(spec->family),
		 spec->table, spec->chain, spec->handle);
	err = nft_open(&n);
	if (!err)
		err = find(&n, spec);
	if (!err)
		err = delete(&n, spec);
	if (err == -ESRCH)
		status = local_error(cmd, "%s: no rule with sysrq; 'sysrqctl rule list' tells them",
				     what);
	else if (err)
		status = rule_error(cmd, &n, err, what);
	nft_close(&n);
	return status;
}

int rule_del_main(const struct command *cmd, int argc, char **argv)
{
	struct rule_spec spec = {
		.family = NFPROTO_INET, .table = "filter", .chain = "input",
	};
	struct options o;
	int status;

	status = rule_options(cmd, argc, argv, &o, &spec);
	if (status >= 0)
		return status;
	if (o.operands != 1)
		return usage_error(cmd, "needs one HANDLE, not %d", o.operands);
	if (rule_read_number(o.argv[0], UINT64_MAX, &spec.handle))
		return usage_error(cmd, "HANDLE '%.64s': not a number from 1", o.argv[0]);
	return find_and_delete(cmd, &spec);
}
