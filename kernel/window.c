// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nonce window of a key.
 *
 * A sender may encode its request anew, with another stamp or in the other
 * mode, for NFT_SYSRQ_TRY_NS after the first sending. So an entry stays until
 * none of those encodings can be fresh any more, and when it goes, the marks
 * of both modes rise above all of them: a clock that is set, or a tolerance
 * that is raised, brings none of them back.
 */
#include "window.h"

#define NONE	0xffff

static inline s64 later(s64 a, s64 b)
{
	return a > b ? a : b;
}

static void raise(struct nft_sysrq_window *w, enum nft_sysrq_mode mode, s64 stamp)
{
	WRITE_ONCE(w->mark[mode], later(w->mark[mode], stamp));
}

/**
 * nft_sysrq_window_bytes - memory of a window
 * @size: entries, a power of two, NFT_SYSRQ_WINDOW_MIN..MAX
 */
size_t nft_sysrq_window_bytes(u32 size)
{
	return size * (sizeof(struct nft_sysrq_seen) + sizeof(u16));
}

/**
 * nft_sysrq_window_init - an empty window, for new key material
 * @w: the window
 * @mem: nft_sysrq_window_bytes(@size) bytes
 * @size: entries, a power of two, NFT_SYSRQ_WINDOW_MIN..MAX
 * @seed: random
 * @tolerance: ns
 * @now: the clocks
 */
void nft_sysrq_window_init(struct nft_sysrq_window *w, void *mem, u32 size, u32 seed,
			   s64 tolerance, const struct nft_sysrq_clock *now)
{
	memset(w, 0, sizeof(*w));
	w->ring = mem;
	w->heads = (u16 *)(w->ring + size);
	w->size = size;
	w->seed = seed;
	w->tolerance = tolerance;
	w->born = now->boot;
	w->wall0 = now->real - now->boot;
	memset(w->ring, 0, size * sizeof(*w->ring));
	memset(w->heads, 0xff, size * sizeof(*w->heads));
}

/**
 * nft_sysrq_window_retune - another tolerance
 * @w: the window
 * @tolerance: ns
 * @now: the clocks
 *
 * What was too old stays so: a longer tolerance must not bring back requests
 * that the shorter one let be forgotten.
 */
void nft_sysrq_window_retune(struct nft_sysrq_window *w, s64 tolerance,
			     const struct nft_sysrq_clock *now)
{
	nft_sysrq_window_watch(w, now);
	raise(w, NFT_SYSRQ_MODE_EPOCH, now->boot - w->tolerance);
	raise(w, NFT_SYSRQ_MODE_WALL, w->wall0 + now->boot - w->tolerance);
	WRITE_ONCE(w->tolerance, tolerance);
}

/**
 * nft_sysrq_window_reborn - the machine is a copy of another one
 * @w: the window
 * @now: the clocks
 *
 * Wall-clock requests from before the copy was made are stale, as those from
 * before the key was set.
 */
void nft_sysrq_window_reborn(struct nft_sysrq_window *w,
			     const struct nft_sysrq_clock *now)
{
	nft_sysrq_window_watch(w, now);
	WRITE_ONCE(w->born, now->boot);
}

/**
 * nft_sysrq_window_end - the latest requests that it may have accepted
 * @w: the window; it accepts no more
 * @now: the clocks
 * @end: for each mode a stamp that no encoding of any of them exceeds; 0 if
 *	there were none
 *
 * In whatever mode one came: its blind copy may yet come. And a sender that
 * has got no answer goes on for NFT_SYSRQ_TRY_NS, also under another epoch.
 * (What a probe asks for may be done twice.)
 */
void nft_sysrq_window_end(struct nft_sysrq_window *w, const struct nft_sysrq_clock *now,
			  s64 end[NFT_SYSRQ_MODES])
{
	s64 last = now->boot + NFT_SYSRQ_TRY_NS;
	const struct nft_sysrq_seen *e;
	u32 i;

	nft_sysrq_window_watch(w, now);
	end[NFT_SYSRQ_MODE_EPOCH] = w->mark[NFT_SYSRQ_MODE_EPOCH];
	end[NFT_SYSRQ_MODE_WALL] = w->mark[NFT_SYSRQ_MODE_WALL];
	for (i = 0; i < w->count; i++) {
		e = &w->ring[(w->oldest + i) & (w->size - 1)];
		end[NFT_SYSRQ_MODE_WALL] = later(end[NFT_SYSRQ_MODE_WALL], w->wall0 + e->end);
		if (!e->probe)
			end[NFT_SYSRQ_MODE_EPOCH] = later(end[NFT_SYSRQ_MODE_EPOCH],
							  e->end < last ? e->end : last);
	}
}

/**
 * nft_sysrq_window_forbid - what another window may have accepted is stale
 * @w: the window, new
 * @end: what nft_sysrq_window_end() said of the other one
 *
 * Its tolerance may have been longer, its clock further, its sender not done.
 */
void nft_sysrq_window_forbid(struct nft_sysrq_window *w, const s64 end[NFT_SYSRQ_MODES])
{
	raise(w, NFT_SYSRQ_MODE_EPOCH, end[NFT_SYSRQ_MODE_EPOCH]);
	raise(w, NFT_SYSRQ_MODE_WALL, end[NFT_SYSRQ_MODE_WALL]);
}

static void forget_oldest(struct nft_sysrq_window *w, const struct nft_sysrq_clock *now)
{
	struct nft_sysrq_seen *e = &w->ring[w->oldest];
	u16 *link = &w->heads[nft_sysrq_window_hash(w, e->nonce)];

	raise(w, NFT_SYSRQ_MODE_EPOCH, e->end);
	raise(w, NFT_SYSRQ_MODE_WALL, nft_sysrq_window_wall0(w, now) + e->end);
	raise(w, e->mode, e->stamp);

	while (*link != w->oldest)
		link = &w->ring[*link].next;
	WRITE_ONCE(*link, e->next);

	WRITE_ONCE(w->probes, w->probes - e->probe);
	WRITE_ONCE(w->oldest, (w->oldest + 1) & (w->size - 1));
	WRITE_ONCE(w->count, w->count - 1);
}

/**
 * nft_sysrq_window_commit - enter a request
 * @w: the window
 * @nonce: of the request, not in the window
 * @mode: of the request
 * @stamp: of the request, fresh
 * @probe: it is one
 * @now: the clocks
 *
 * Return: its entry, whose outcome and time of answer the caller fills in, or
 * NULL if the window is full of requests that must not be forgotten.
 */
struct nft_sysrq_seen *nft_sysrq_window_commit(struct nft_sysrq_window *w, u32 nonce,
					       enum nft_sysrq_mode mode, s64 stamp,
					       bool probe,
					       const struct nft_sysrq_clock *now)
{
	struct nft_sysrq_seen *e;
	u16 *head;
	int i;

	/* The marks rest on the wall clock as it was while encodings were made. */
	nft_sysrq_window_watch(w, now);

	/* As late as can be: nothing is safer than to know a nonce. */
	while (nft_sysrq_window_full(w, probe)) {
		if (!nft_sysrq_window_dead(w->ring[w->oldest].end, w->tolerance, now))
			return NULL;
		forget_oldest(w, now);
	}

	i = (w->oldest + w->count) & (w->size - 1);
	head = &w->heads[nft_sysrq_window_hash(w, nonce)];
	e = &w->ring[i];
	e->stamp = stamp;
	/*
	 * Encoded at most NFT_SYSRQ_TRY_NS later, by a clock that leads by at
	 * most NFT_SYSRQ_LEAD_NS or, as the tolerance is now, one tolerance.
	 */
	e->end = now->boot + NFT_SYSRQ_TRY_NS + NFT_SYSRQ_LEAD_NS + w->tolerance;
	WRITE_ONCE(e->latest, mode == NFT_SYSRQ_MODE_EPOCH ? stamp : 0);
	WRITE_ONCE(e->nonce, nonce);
	e->outcome = 0;
	e->answered = 0;
	e->mode = mode;
	e->probe = probe;
	WRITE_ONCE(e->next, *head);
	WRITE_ONCE(*head, i);
	WRITE_ONCE(w->probes, w->probes + probe);
	WRITE_ONCE(w->count, w->count + 1);
	return e;
}

/**
 * nft_sysrq_window_used - entries that must not be forgotten yet
 * @w: the window
 * @now: the clocks
 */
u32 nft_sysrq_window_used(const struct nft_sysrq_window *w,
			  const struct nft_sysrq_clock *now)
{
	u32 i = w->oldest, left = w->count;

	while (left && nft_sysrq_window_dead(w->ring[i].end, w->tolerance, now)) {
		i = (i + 1) & (w->size - 1);
		left--;
	}
	return left;
}
