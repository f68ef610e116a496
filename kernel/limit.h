/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often who is answered: replies to datagrams that were seen before, or
 * are stale, are rare, so that a recorder gains nothing from sending them
 * again; and they are spread over slots, so that it cannot use them all up.
 */
#ifndef NFT_SYSRQ_LIMIT_H
#define NFT_SYSRQ_LIMIT_H

#include "compat/types.h"
#include <linux/nft_sysrq.h>

#define NFT_SYSRQ_SLOTS		64
#define NFT_SYSRQ_SLOT_MS	1000	/* between answers of a slot */
#define NFT_SYSRQ_SEEN_MS	100	/* between answers of a window entry */

/* When each slot last answered: CLOCK_BOOTTIME, ms, wrapping. */
struct nft_sysrq_slots {
	u32	answered[NFT_SYSRQ_SLOTS];
};

static inline bool nft_sysrq_due(u32 answered, u32 now_ms, u32 pause_ms)
{
	return (u32)(now_ms - answered) >= pause_ms;
}

/* The slot of a datagram: who lacks the key cannot choose its tag. */
static inline u32 *nft_sysrq_slot(struct nft_sysrq_slots *s,
				  const struct nft_sysrq_dgram *d)
{
	return &s->answered[d->admission[0] % NFT_SYSRQ_SLOTS];
}

#endif /* NFT_SYSRQ_LIMIT_H */
