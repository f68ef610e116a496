/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often who is answered: replies to datagrams that were seen before, or
 * are stale, are rare, so that a recorder gains nothing from sending them
 * again. Stale ones are spread over slots, and a slot knows what it answered
 * last: only who has recorded more than it knows can keep it busy, so that he
 * cannot use them all up.
 */
#ifndef NFT_SYSRQ_LIMIT_H
#define NFT_SYSRQ_LIMIT_H

#include "compat/types.h"
#include <linux/nft_sysrq.h>
#include "window.h"

#define NFT_SYSRQ_SLOTS		64
#define NFT_SYSRQ_SLOT_MS	1000	/* between answers of a slot */
#define NFT_SYSRQ_SLOT_TOLD	6	/* datagrams that a slot does not answer again */
#define NFT_SYSRQ_SEEN_MS	100	/* between answers of a window entry */

/**
 * struct nft_sysrq_slot - answers to stale datagrams, of a key
 * @answered: when it last answered: CLOCK_BOOTTIME, ms, wrapping
 * @told: marks of what it answered last, the last one first
 */
struct nft_sysrq_slot {
	u32	answered;
	u16	told[NFT_SYSRQ_SLOT_TOLD];
};

static inline bool nft_sysrq_due(u32 answered, u32 now_ms, u32 pause_ms)
{
	return (u32)(now_ms - answered) >= pause_ms;
}

/**
 * nft_sysrq_seen_may - may a request that was seen be answered again now?
 * @seen: its entry; no lock needed for a first look
 * @mode: of the datagram
 * @stamp: of the datagram
 * @now_ms: CLOCK_BOOTTIME
 *
 * Only who has the key encodes anew: he has not heard the last answer, and
 * must not lose this one to those who repeat what he sent.
 */
static inline bool nft_sysrq_seen_may(const struct nft_sysrq_seen *seen, enum nft_sysrq_mode mode,
				      s64 stamp, u32 now_ms)
{
	return (mode == NFT_SYSRQ_MODE_EPOCH && stamp > READ_ONCE(seen->latest)) ||
	       nft_sysrq_due(READ_ONCE(seen->answered), now_ms, NFT_SYSRQ_SEEN_MS);
}

/**
 * nft_sysrq_seen_take - take the right to answer again now, if there is one
 * @seen: its entry, locked
 * @mode: of the datagram
 * @stamp: of the datagram, genuine
 * @now_ms: CLOCK_BOOTTIME
 */
static inline bool nft_sysrq_seen_take(struct nft_sysrq_seen *seen, enum nft_sysrq_mode mode,
				       s64 stamp, u32 now_ms)
{
	if (!nft_sysrq_seen_may(seen, mode, stamp, now_ms))
		return false;
	WRITE_ONCE(seen->answered, now_ms);
	if (mode == NFT_SYSRQ_MODE_EPOCH && stamp > seen->latest)
		WRITE_ONCE(seen->latest, stamp);
	return true;
}

/* The slot of a datagram: who lacks the key cannot choose its tag. */
static inline struct nft_sysrq_slot *nft_sysrq_slot(struct nft_sysrq_slot slots[NFT_SYSRQ_SLOTS],
						    const struct nft_sysrq_dgram *d)
{
	return &slots[d->admission[0] % NFT_SYSRQ_SLOTS];
}

/* By what a slot knows a datagram; that two have the same is as rare as it is harmless. */
static inline u16 nft_sysrq_slot_mark(const struct nft_sysrq_dgram *d)
{
	return (u16)(d->admission[1] | d->admission[2] << 8);
}

/**
 * nft_sysrq_slot_may - may a datagram be answered now?
 * @slot: of the datagram; no lock needed for a first look
 * @d: stale, or without room
 * @now_ms: CLOCK_BOOTTIME
 */
static inline bool nft_sysrq_slot_may(const struct nft_sysrq_slot *slot,
				      const struct nft_sysrq_dgram *d, u32 now_ms)
{
	u16 mark = nft_sysrq_slot_mark(d);
	unsigned int i;

	if (!nft_sysrq_due(READ_ONCE(slot->answered), now_ms, NFT_SYSRQ_SLOT_MS))
		return false;
	for (i = 0; i < NFT_SYSRQ_SLOT_TOLD; i++)
		if (READ_ONCE(slot->told[i]) == mark)
			return false;
	return true;
}

/**
 * nft_sysrq_slot_take - take the right to answer now, if there is one
 * @slot: of the datagram, locked
 * @d: genuine, but stale, or without room
 * @now_ms: CLOCK_BOOTTIME
 */
static inline bool nft_sysrq_slot_take(struct nft_sysrq_slot *slot,
				       const struct nft_sysrq_dgram *d, u32 now_ms)
{
	unsigned int i;

	if (!nft_sysrq_slot_may(slot, d, now_ms))
		return false;
	for (i = NFT_SYSRQ_SLOT_TOLD - 1; i; i--)
		WRITE_ONCE(slot->told[i], slot->told[i - 1]);
	WRITE_ONCE(slot->told[0], nft_sysrq_slot_mark(d));
	WRITE_ONCE(slot->answered, now_ms);
	return true;
}

#endif /* NFT_SYSRQ_LIMIT_H */
