// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl cancel */
#include "remote.h"

const struct option_row cancel_options[] = {
	REMOTE_OPTIONS,
	REMOTE_BLIND_OPTIONS,
	{ }
};

int cancel_main(const struct command *cmd, int argc, char **argv)
{
	return remote_main(cmd, NFT_SYSRQ_CANCEL, argc, argv);
}
