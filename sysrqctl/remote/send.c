// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl send */
#include "remote.h"

const struct option_row send_options[] = {
	REMOTE_OPTIONS,
	REMOTE_BLIND_OPTIONS,
	REMOTE_PROGRAM_OPTIONS,
	{ "partial", NULL, "Leave out the commands that a host refuses" },
	{ "console", "ADDR[:PORT]", "Also show what netconsole sends there (any: every address)" },
	{ "console-wait", "DUR", "How long a silence ends that (default 3s)" },
	{ }
};

int send_main(const struct command *cmd, int argc, char **argv)
{
	return remote_main(cmd, NFT_SYSRQ_RUN, argc, argv);
}
