/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What brings a due step to run, each where another may be dead: a soft
 * hrtimer on this CPU, a timer on another CPU, a tasklet, the printer thread,
 * and, when all of them are late, the key's next packet.
 */
#ifndef NFT_SYSRQ_RUNNER_H
#define NFT_SYSRQ_RUNNER_H

#include <linux/types.h>

#define NFT_SYSRQ_PROGRAMS	8

enum nft_sysrq_by {
	NFT_SYSRQ_BY_TIMER,
	NFT_SYSRQ_BY_PRINTER,
	NFT_SYSRQ_BY_PACKET,
};

void nft_sysrq_runner_arm(unsigned int slot, u64 now, u64 when);
void nft_sysrq_runner_disarm(unsigned int slot);
bool nft_sysrq_runner_busy(unsigned int slot);
void nft_sysrq_runner_wake(void);
void nft_sysrq_runner_run(unsigned int slot, enum nft_sysrq_by by);

/* program.c's: the letter of the step that is due, 0 to go on, < 0 to end. */
int nft_sysrq_program_claim(unsigned int slot, enum nft_sysrq_by by);
bool nft_sysrq_program_handed(unsigned int slot);

int nft_sysrq_runner_init(void);
void nft_sysrq_runner_exit(void);

#endif /* NFT_SYSRQ_RUNNER_H */
