/* SPDX-License-Identifier: GPL-2.0-only */
/* Putting the plain table back when others have changed it. */
#ifndef SYSRQCTL_HOLD_MEND_H
#define SYSRQCTL_HOLD_MEND_H

#include "arm.h"
#include "nft-ear.h"
#include "pace.h"

struct command;

/**
 * struct mend - one that does so
 * @cmd: for what it says
 * @spec: of the rule
 * @nft: the socket
 * @ear: told of what others do to the table
 * @print: the sum of the table when it is well, by arm_print(); 0: not known
 * @touched: others have changed it
 * @doubt: they may have
 * @backs: pace of putting it back
 * @looks: pace of finding that it is well after all
 * @foreign: it is somebody else's, which was said
 * @failed: it could not be put back, which was said
 */
struct mend {
	const struct command	*cmd;
	const struct rule_spec	*spec;
	struct nft		*nft;
	struct nft_ear		*ear;
	uint64_t		print;
	bool			touched;
	bool			doubt;
	struct pace		backs;
	struct pace		looks;
	bool			foreign;
	bool			failed;
};

int mend_hear(struct mend *m);
void mend_learn(struct mend *m);
int64_t mend_left(const struct mend *m, int64_t now_ms);
void mend_act(struct mend *m, int64_t now_ms);

#endif /* SYSRQCTL_HOLD_MEND_H */
