/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A window in any state that it can be in, not only in those that some
 * sequence of requests led to: what one step keeps true from here on, any
 * number of steps does.
 *
 * Nonces are only ever compared with each other and hashed. So which numbers
 * they are does not matter; what does is who is in which list, and that is gone
 * through, a proof for each: where the ring begins (OLDEST), how many there are
 * (COUNT), into which lists they fall (LISTS, a digit for each nonce), for any hash
 * function (any_hash takes the place of ours), and which of them comes (ITS).
 *
 * All code here takes differences of times only, CLOCK_BOOTTIME and wall clock each
 * among themselves. So what time it is does not matter either: it is NOW.
 */
#ifndef ANY_WINDOW_H
#define ANY_WINDOW_H

#include "cbmc.h"
#include "window.c"

#define SIZE	2
#define NOW_BOOT	(1LL << 52)	/* 52 days */
#define NOW_REAL	(1LL << 60)	/* 2006 */
#define AWAY		(1LL << 50)	/* of all other times from it: 13 days */

/* Nonces of the requests in the ring are their index; this one is not there. */
#define STRANGER	SIZE

struct nft_sysrq_window nondet_window(void);
struct nft_sysrq_seen nondet_seen(void);

/* In two pieces: the solver takes a pointer into one array far easier. */
static struct nft_sysrq_seen ring[SIZE];
static u16 heads[SIZE];
static struct nft_sysrq_window w;

static u32 list_of[SIZE + 1];	/* by nonce */

/* Takes the place of nft_sysrq_window_hash(). */
u32 any_hash(const struct nft_sysrq_window *window, u32 nonce)
{
	return list_of[nonce];
}

static u32 at(u32 age)
{
	return (w.oldest + age) & (SIZE - 1);
}

/* The latest of the @n oldest requests with that hash, or NONE. */
static u16 latest(u32 n, u32 list)
{
	u16 last = NONE;
	u32 i;

	for (i = 0; i < SIZE; i++)
		if (i < n && list_of[ring[at(i)].nonce] == list)
			last = at(i);
	return last;
}

/* Each request is in the list of its hash, newest first, and nothing else is. */
static bool lists_right(void)
{
	bool right = true;
	u32 i;

	for (i = 0; i < SIZE; i++) {
		right &= heads[i] == latest(w.count, i);
		if (i < w.count)
			right &= ring[at(i)].next == latest(i, list_of[ring[at(i)].nonce]);
	}
	return right;
}

/* What times can be: as far as clocks and tolerances go. */
static bool times_right(void)
{
	bool right = w.tolerance >= TOLERANCE_MIN && w.tolerance <= TOLERANCE_MAX;
	u32 i;

	for (i = 0; i < SIZE; i++)
		if (i < w.count)
			right &= ring[at(i)].mode < NFT_SYSRQ_MODES && ring[at(i)].probe <= 1;
	return right;
}

static bool probes_right(void)
{
	u32 i, probes = 0;

	for (i = 0; i < SIZE; i++)
		if (i < w.count)
			probes += ring[at(i)].probe;
	return probes == w.probes && probes <= SIZE / 2;
}

/* What is always true of a window between two calls. */
static bool right(void)
{
	return w.size == SIZE && w.oldest < SIZE && w.count <= SIZE && w.ring == ring &&
	       w.heads == heads && times_right() && probes_right() && lists_right();
}

/* Into which lists they fall: @lists has a digit for each of SIZE + 1 nonces. */
static void any_window(u32 oldest, u32 count, u32 lists)
{
	u32 i;

	w = nondet_window();
	w.size = SIZE;
	w.oldest = oldest;
	w.count = count;
	w.ring = ring;
	w.heads = heads;
	for (i = 0; i <= SIZE; i++, lists /= SIZE)
		list_of[i] = lists % SIZE;
	for (i = 0; i < SIZE; i++) {
		ring[i] = nondet_seen();
		ring[i].nonce = i;
	}
	for (i = 0; i < SIZE; i++) {
		heads[i] = latest(count, i);
		if (i < count)
			ring[at(i)].next = latest(i, list_of[ring[at(i)].nonce]);
	}
	/* No sum runs over: a bound for this proof, and none of the code's. */
	for (i = 0; i < SIZE; i++)
		ring[i].end = any_between(NOW_BOOT - AWAY, NOW_BOOT + AWAY);
	w.born = any_between(0, NOW_BOOT);
	w.wall0 = any_between(NOW_REAL - NOW_BOOT - AWAY, NOW_REAL - NOW_BOOT + AWAY);
	assume(times_right() && probes_right());
}

/* The request of that nonce, by looking at all of them, or NULL. */
static struct nft_sysrq_seen *entry(u32 nonce)
{
	struct nft_sysrq_seen *e = NULL;
	u32 i;

	for (i = 0; i < SIZE; i++)
		if (i < w.count && ring[at(i)].nonce == nonce)
			e = &ring[at(i)];
	return e;
}

#endif /* ANY_WINDOW_H */
