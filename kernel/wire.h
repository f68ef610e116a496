/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Layout of the datagram: what can be told from its bytes alone.
 *
 * Core: the same file builds in the kernel and in userspace.
 */
#ifndef NFT_SYSRQ_WIRE_H
#define NFT_SYSRQ_WIRE_H

#include "compat/types.h"
#include <linux/nft_sysrq.h>

/* Longest wait of one step: code 255. */
#define NFT_SYSRQ_WAIT_MAX_MS	1280000U

static inline bool nft_sysrq_wire_magic(const struct nft_sysrq_dgram *d)
{
	return d->magic[0] == 'S' && d->magic[1] == 'R' && d->magic[2] == 'Q';
}

/**
 * nft_sysrq_wire_check - does this look like a request of our version?
 * @d: NFT_SYSRQ_DGRAM_LEN bytes from anywhere
 *
 * What is decided here decides whether the packet is ours at all; what a
 * genuine sender may get wrong is nft_sysrq_wire_meaningful()'s. Inline, as
 * each packet of our length comes here.
 *
 * Return: 0, or the enum nft_sysrq_stat that says why not.
 */
static inline int nft_sysrq_wire_check(const struct nft_sysrq_dgram *d)
{
	if (!nft_sysrq_wire_magic(d))
		return NFT_SYSRQ_STAT_MAGIC;
	if (d->version != NFT_SYSRQ_PROTO_VERSION)
		return NFT_SYSRQ_STAT_VERSION;
	if (d->type < NFT_SYSRQ_PROBE || d->type > NFT_SYSRQ_CANCEL ||
	    d->spoken || d->nsteps > NFT_SYSRQ_MAX_STEPS)
		return NFT_SYSRQ_STAT_HEADER;
	return 0;
}

bool nft_sysrq_wire_meaningful(const struct nft_sysrq_dgram *d);
bool nft_sysrq_wire_letter(u8 letter);
bool nft_sysrq_wire_name(const char *name);
bool nft_sysrq_wire_identity(const char *identity);

u32 nft_sysrq_wire_wait_ms(u8 wait);
u8 nft_sysrq_wire_wait_code(u32 ms);

void nft_sysrq_wire_put_reasons(u8 out[3], u32 reasons);
u32 nft_sysrq_wire_get_reasons(const u8 in[3]);
void nft_sysrq_wire_put_wall(u8 out[6], s64 real_ns);
s64 nft_sysrq_wire_get_wall_ms(const u8 in[6]);

/**
 * nft_sysrq_wire_reason - the reason of one step
 * @reasons: of all steps, as nft_sysrq_wire_get_reasons() gives them
 * @step: 0..NFT_SYSRQ_MAX_STEPS - 1
 */
static inline enum nft_sysrq_reason nft_sysrq_wire_reason(u32 reasons,
							  unsigned int step)
{
	return (reasons >> (2 * step)) & 3;
}

#endif /* NFT_SYSRQ_WIRE_H */
