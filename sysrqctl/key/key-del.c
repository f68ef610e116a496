// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl key del */
#include <stdio.h>

#include "command.h"
#include "key-put.h"
#include "module.h"
#include "options.h"
#include "wire.h"

const struct option_row key_del_options[] = {
	{ }
};

static int del_key(const struct command *cmd, const char *name)
{
	struct genl g;
	char what[64];
	int err, status;

	status = module_open(cmd, &g, false);
	if (status)
		goto out;
	err = key_remove(&g, name);
	if (err) {
		snprintf(what, sizeof(what), "key %s", name);
		status = module_error(cmd, &g, err, what);
	}
out:
	genl_close(&g);
	return status;
}

int key_del_main(const struct command *cmd, int argc, char **argv)
{
	const char *value;
	struct options o;
	int opt;

	options_begin(&o, cmd, argc, argv);
	opt = options_next(&o, &value);
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands != 1)
		return usage_error(cmd, "needs one NAME, not %d", o.operands);
	if (!nft_sysrq_wire_name(o.argv[0]))
		return usage_error(cmd, "NAME '%.64s': not 1 to %d of A-Z a-z 0-9 . _ -, "
				   "the first not -", o.argv[0], NFT_SYSRQ_NAME_LEN - 1);
	return del_key(cmd, o.argv[0]);
}
