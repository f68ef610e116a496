/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs: accepted steps and when they are due. runner.c runs them.
 *
 * A program with waits is the pending program, of which a host has one; a
 * program without waits runs beside it.
 */
#ifndef NFT_SYSRQ_PROGRAM_H
#define NFT_SYSRQ_PROGRAM_H

#include <linux/nft_sysrq.h>
#include <linux/types.h>

#include "window.h"

struct nft_sysrq_key;

/**
 * struct nft_sysrq_offer - a program that asks to be accepted
 * @key: whose, locked
 * @steps: judged
 * @nsteps: how many
 * @nonce: of the request
 * @order: stamp of the request as CLOCK_BOOTTIME, ns
 * @replaced: set if a pending program had to go
 * @token: for nft_sysrq_program_start()
 */
struct nft_sysrq_offer {
	const struct nft_sysrq_key	*key;
	const struct nft_sysrq_step	*steps;
	unsigned int			nsteps;
	u32				nonce;
	s64				order;
	bool				replaced;
	u64				token;
};

/**
 * struct nft_sysrq_pending_info - the pending program, for those who ask
 * @name: of the key
 * @nonce: of the request
 * @fires_ms: until its next letter
 * @steps: that are left
 * @nsteps: how many; 0: no program is pending
 */
struct nft_sysrq_pending_info {
	char			name[NFT_SYSRQ_NAME_LEN];
	u32			nonce;
	u32			fires_ms;
	struct nft_sysrq_step	steps[NFT_SYSRQ_MAX_STEPS];
	unsigned int		nsteps;
};

enum nft_sysrq_status nft_sysrq_program_offer(struct nft_sysrq_offer *offer);
void nft_sysrq_program_start(u64 token);
enum nft_sysrq_status nft_sysrq_program_cancel(const struct nft_sysrq_key *key,
					       s64 order);
bool nft_sysrq_program_abort(void);
void nft_sysrq_program_confine(u64 serial, u64 letters, u64 expires, s64 expires_boot);
void nft_sysrq_program_kick(u64 serial);
void nft_sysrq_program_pending(struct nft_sysrq_pending_info *info);
u64 nft_sysrq_program_steps(void);

/**
 * nft_sysrq_program_drop - drop all that a key has sent
 * @serial: of the key
 */
static inline void nft_sysrq_program_drop(u64 serial)
{
	nft_sysrq_program_confine(serial, 0, 0, 0);
}

#endif /* NFT_SYSRQ_PROGRAM_H */
