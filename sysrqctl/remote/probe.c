// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl probe */
#include "remote.h"

const struct option_row probe_options[] = {
	REMOTE_OPTIONS,
	REMOTE_PROGRAM_OPTIONS,
	{ }
};

int probe_main(const struct command *cmd, int argc, char **argv)
{
	return remote_main(cmd, NFT_SYSRQ_PROBE, argc, argv);
}
