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

static int arm(const struct command *cmd, const struct rule_spec *spec)
{
	int state, err, status;
	struct genl g;
	struct nft n;

	status = module_open(cmd, &g, true);
	genl_close(&g);
	if (status)
		return status;
	err = nft_open(&n);
	state = err ? err : arm_state(&n);
	err = state < 0 ? state : 0;
	if (!err && state != ARM_FOREIGN)
		err = arm_make(&n, spec);
	if (err)
		status = rule_error(cmd, &n, err, "table inet " ARM_TABLE);
	else if (state == ARM_FOREIGN)
		status = foreign(cmd);
	nft_close(&n);
	return status;
}

int arm_main(const struct command *cmd, int argc, char **argv)
{
	struct rule_spec spec = { .family = NFPROTO_INET };
	const char *value;
	struct options o;
	int opt;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0)
		if (rule_option(cmd, &spec, arm_options[opt].name, value))
			return EXIT_USAGE;
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'", o.argv[0]);
	if (rule_check(cmd, &spec))
		return EXIT_USAGE;
	if (!spec.port)
		spec.port = NFT_SYSRQ_PORT;
	return arm(cmd, &spec);
}

int disarm_main(const struct command *cmd, int argc, char **argv)
{
	int opt, state, err, status = EXIT_OK;
	const char *value;
	struct options o;
	struct nft n;

	options_begin(&o, cmd, argc, argv);
	opt = options_next(&o, &value);
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'", o.argv[0]);
	err = nft_open(&n);
	state = err ? err : arm_state(&n);
	err = state < 0 ? state : 0;
	if (state == ARM_OURS)
		err = arm_remove(&n);
	if (err)
		status = rule_error(cmd, &n, err, "table inet " ARM_TABLE);
	else if (state == ARM_FOREIGN)
		status = foreign(cmd);
	nft_close(&n);
	return status;
}
