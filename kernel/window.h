/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nonce window of a key: which requests were seen, and which stamps are
 * fresh. What makes a request run at most once.
 *
 * Core: the same file builds in the kernel and in userspace. The caller
 * gives the memory, the clocks and, but for the hints, the lock.
 */
#ifndef NFT_SYSRQ_WINDOW_H
#define NFT_SYSRQ_WINDOW_H

#include "compat/types.h"
#include <linux/nft_sysrq.h>

enum nft_sysrq_mode {
	NFT_SYSRQ_MODE_EPOCH,
	NFT_SYSRQ_MODE_WALL,
	NFT_SYSRQ_MODES,
};

/* The host's clocks, ns, read once for a packet. */
struct nft_sysrq_clock {
	s64	boot;	/* CLOCK_BOOTTIME */
	s64	real;	/* CLOCK_REALTIME */
};

/**
 * struct nft_sysrq_seen - one request
 * @stamp: of its first datagram
 * @end: no encoding of it has a later stamp, CLOCK_BOOTTIME, ns
 * @latest: of its datagrams in epoch mode that were answered, their latest
 *	stamp, ns; 0 none; after the first the caller's
 * @nonce: what it is known by
 * @outcome: the caller's; a duplicate gets it again
 * @answered: when it was last answered, CLOCK_BOOTTIME, ms, wrapping
 * @next: index of the next one with the same hash
 * @mode: enum nft_sysrq_mode
 * @probe: counts against half of the window
 */
struct nft_sysrq_seen {
	s64	stamp;
	s64	end;
	s64	latest;
	u32	nonce;
	u32	outcome;
	u32	answered;
	u16	next;
	u8	mode;
	u8	probe;
};

/**
 * struct nft_sysrq_window - nonce window
 * @ring: the requests, in the order of their coming
 * @heads: index of the first request of each hash
 * @size: entries, a power of two
 * @oldest: index of the oldest request
 * @count: of requests
 * @probes: of them
 * @seed: of the hash
 * @tolerance: ns
 * @born: CLOCK_BOOTTIME when the key material came, ns
 * @wall0: highest CLOCK_REALTIME - CLOCK_BOOTTIME ever seen, ns: when this
 *	boot began, by the wall clock at its furthest
 * @mark: stamps up to it are stale, whatever clock and tolerance say
 */
struct nft_sysrq_window {
	struct nft_sysrq_seen	*ring;
	u16			*heads;
	u32			size;
	u32			oldest;
	u32			count;
	u32			probes;
	u32			seed;
	s64			tolerance;
	s64			born;
	s64			wall0;
	s64			mark[NFT_SYSRQ_MODES];
};

size_t nft_sysrq_window_bytes(u32 size);
void nft_sysrq_window_init(struct nft_sysrq_window *w, void *mem, u32 size, u32 seed,
			   s64 tolerance, const struct nft_sysrq_clock *now);
void nft_sysrq_window_retune(struct nft_sysrq_window *w, s64 tolerance,
			     const struct nft_sysrq_clock *now);
void nft_sysrq_window_reborn(struct nft_sysrq_window *w,
			     const struct nft_sysrq_clock *now);
void nft_sysrq_window_end(struct nft_sysrq_window *w, const struct nft_sysrq_clock *now,
			  s64 end[NFT_SYSRQ_MODES]);
void nft_sysrq_window_forbid(struct nft_sysrq_window *w, const s64 end[NFT_SYSRQ_MODES]);
struct nft_sysrq_seen *nft_sysrq_window_commit(struct nft_sysrq_window *w, u32 nonce,
					       enum nft_sysrq_mode mode, s64 stamp,
					       bool probe,
					       const struct nft_sysrq_clock *now);

u32 nft_sysrq_window_used(const struct nft_sysrq_window *w,
			  const struct nft_sysrq_clock *now);

/* Inline, as each request whose admission tag holds comes here, most of them twice. */

static inline u32 nft_sysrq_window_hash(const struct nft_sysrq_window *w, u32 nonce)
{
	/* Genuine nonces only ever get here; the multiplier is 2^32 / phi. */
	return ((nonce ^ w->seed) * 0x9e3779b9U) >> 16 & (w->size - 1);
}

/* Highest wall-clock time at which this boot can be said to have begun. */
static inline s64 nft_sysrq_window_wall0(const struct nft_sysrq_window *w,
					 const struct nft_sysrq_clock *now)
{
	s64 seen = READ_ONCE(w->wall0), is = now->real - now->boot;

	return seen > is ? seen : is;
}

/**
 * nft_sysrq_window_watch - take note of the wall clock
 * @w: the window
 * @now: the clocks
 *
 * Call it now and then: what the wall clock has once shown cannot be undone
 * by setting it back.
 */
static inline void nft_sysrq_window_watch(struct nft_sysrq_window *w,
					  const struct nft_sysrq_clock *now)
{
	WRITE_ONCE(w->wall0, nft_sysrq_window_wall0(w, now));
}

/**
 * nft_sysrq_window_stale - is a stamp of the wrong time?
 * @w: the window; no lock needed for a first look
 * @mode: of the request
 * @stamp: of the request, any value
 * @now: the clocks
 *
 * Return: 0 if it is fresh, or the enum nft_sysrq_stat that says why not.
 */
static inline int nft_sysrq_window_stale(const struct nft_sysrq_window *w,
					 enum nft_sysrq_mode mode, s64 stamp,
					 const struct nft_sysrq_clock *now)
{
	s64 tolerance = READ_ONCE(w->tolerance);
	s64 clock, lead;

	if (mode == NFT_SYSRQ_MODE_WALL) {
		clock = now->real;
		lead = tolerance;
	} else {
		clock = now->boot;
		lead = NFT_SYSRQ_LEAD_NS;
	}

	if (stamp > clock + lead)
		return NFT_SYSRQ_STAT_STALE_FUTURE;
	if (stamp <= clock - tolerance || stamp <= READ_ONCE(w->mark[mode]))
		return NFT_SYSRQ_STAT_STALE_OLD;
	if (mode == NFT_SYSRQ_MODE_WALL &&
	    stamp <= nft_sysrq_window_wall0(w, now) + READ_ONCE(w->born) + tolerance)
		return NFT_SYSRQ_STAT_STALE_FLOOR;
	return 0;
}

/**
 * nft_sysrq_window_find - look a request up
 * @w: the window
 * @nonce: of the request
 *
 * Without the lock this is a hint: it stays inside the window and ends, but
 * may miss an entry, or find one that is just going.
 *
 * Return: the entry, or NULL.
 */
static inline struct nft_sysrq_seen *nft_sysrq_window_find(struct nft_sysrq_window *w, u32 nonce)
{
	u16 i = READ_ONCE(w->heads[nft_sysrq_window_hash(w, nonce)]);
	u32 bound = w->size;

	while (i < w->size && bound--) {
		if (READ_ONCE(w->ring[i].nonce) == nonce)
			return &w->ring[i];
		i = READ_ONCE(w->ring[i].next);
	}
	return NULL;
}

/* Every encoding that ever was has been too old for a tolerance. */
static inline bool nft_sysrq_window_dead(s64 end, s64 tolerance,
					 const struct nft_sysrq_clock *now)
{
	return now->boot > end + tolerance;
}

static inline bool nft_sysrq_window_full(const struct nft_sysrq_window *w, bool probe)
{
	return READ_ONCE(w->count) >= w->size ||
	       (probe && READ_ONCE(w->probes) >= w->size / 2);
}

/**
 * nft_sysrq_window_full_hint - would a new request find no room?
 * @w: the window; no lock needed
 * @probe: it is one
 * @now: the clocks
 */
static inline bool nft_sysrq_window_full_hint(const struct nft_sysrq_window *w, bool probe,
					      const struct nft_sysrq_clock *now)
{
	const struct nft_sysrq_seen *oldest = &w->ring[READ_ONCE(w->oldest)];

	return nft_sysrq_window_full(w, probe) &&
	       !nft_sysrq_window_dead(READ_ONCE(oldest->end), READ_ONCE(w->tolerance), now);
}

#endif /* NFT_SYSRQ_WINDOW_H */
