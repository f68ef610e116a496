// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl arm, and sysrqctl disarm */
#include "arm.h"

#include <linux/netfilter.h>
#include <linux/nft_sysrq.h>

#include "command.h"
#include "module.h"
#include "options.h"

const struct option_row arm_options[] = {
	{ "port", "PORT", "UDP port; default: 9" },
	{ "icmp", NULL, "Pings, not UDP" },
	{ "iface", "IFACE", "Only what comes in by that interface" },
	{ "from", "ADDR[/LEN]", "Only what comes from there" },
	{ "key", "NAME", "Only requests with that key" },
	{ "silent", NULL, "Never answer" },
	{ "hold", NULL, "Stay, and keep the rule through flushes of the ruleset" },
	{ }
};

const struct option_row disarm_options[] = {
	{ }
};

/* Make our table as @spec says, or remove it if that is NULL. */
static int change(const struct command *cmd, const struct rule_spec *spec)
{
	struct arm_state state;
	int err, status = EXIT_OK;
	struct nft n;

	err = nft_open(&n);
	if (!err)
		err = arm_state(&n, &state);
	if (err)
		status = arm_error(cmd, &n, err);
	else if (state.whose[ARM_PLAIN] == ARM_FOREIGN)
		status = arm_foreign(cmd, ARM_PLAIN);
	else if (state.whose[ARM_HELD] == ARM_OURS && state.owner)
		status = arm_held(cmd, state.owner);
	else if (spec)
		err = arm_make(&n, ARM_PLAIN, spec);
	else if (state.whose[ARM_PLAIN] == ARM_OURS)
		err = arm_remove(&n, ARM_PLAIN);
	if (err && !status)
		status = arm_error(cmd, &n, err);
	nft_close(&n);
	return status;
}

static int arm(const struct command *cmd, const struct rule_spec *spec)
{
	struct genl g;
	int status;

	status = module_open(cmd, &g, true);
	genl_close(&g);
	if (status)
		return status;
	return spec->hold ? hold(cmd, spec) : change(cmd, spec);
}

int arm_main(const struct command *cmd, int argc, char **argv)
{
	struct rule_spec spec = { .family = NFPROTO_INET };

	return rule_make(cmd, argc, argv, &spec, arm);
}

int disarm_main(const struct command *cmd, int argc, char **argv)
{
	int status = options_none(cmd, argc, argv);

	return status >= 0 ? status : change(cmd, NULL);
}
