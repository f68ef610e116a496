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
	{ }
};

const struct option_row disarm_options[] = {
	{ }
};

static int foreign(const struct command *cmd)
{
	return local_error(cmd, "there is a table inet " ARM_TABLE " that sysrqctl arm has not made; "
			   "it is left alone");
}

/* Make our table as @spec says, or remove it if that is NULL. */
static int change(const struct command *cmd, const struct rule_spec *spec)
{
	int state, err, status = EXIT_OK;
	struct nft n;

	err = nft_open(&n);
	state = err ? err : arm_state(&n);
	err = state < 0 ? state : 0;
	if (!err && spec && state != ARM_FOREIGN)
		err = arm_make(&n, spec);
	else if (!err && !spec && state == ARM_OURS)
		err = arm_remove(&n);
	if (err)
		status = rule_error(cmd, &n, err, "table inet " ARM_TABLE);
	else if (state == ARM_FOREIGN)
		status = foreign(cmd);
	nft_close(&n);
	return status;
}

static int arm(const struct command *cmd, const struct rule_spec *spec)
{
	struct genl g;
	int status;

	status = module_open(cmd, &g, true);
	genl_close(&g);
	return status ? status : change(cmd, spec);
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
