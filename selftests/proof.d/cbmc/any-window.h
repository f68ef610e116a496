/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A window in any state that it can be in, not only in those that some
 * sequence of requests led to: what one step keeps true from here on, any
 * number of steps does.
 *
 * Nonces are only ever compared with each other and hashed. So which numbers
 * they are does not matter; what does is who is in which list, and that is gone
 * through: each beginning of the ring, each count, each way to fall into lists,
 * for any hash function (it is replaced, see prove). All else is symbolic.
 */
#ifndef ANY_WINDOW_H
#define ANY_WINDOW_H

#include "cbmc.h"
#include "window.c"

#ifndef SIZE
#define SIZE	2
#endif

/* Nonces of the requests in the ring are their index; this one is not there. */
#define STRANGER	SIZE

struct nft_sysrq_window nondet_window(void);
struct nft_sysrq_seen nondet_seen(void);

/* In two pieces: the solver takes a pointer into one array far easier. */
static struct nft_sysrq_seen ring[SIZE];
static u16 heads[SIZE];
static struct nft_sysrq_window w;

static u32 list_of[SIZE + 1];	/* by nonce */

/* Takes the place of hash(). */
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
	bool right = w.tolerance >= TOLERANCE_MIN && w.tolerance <= TOLERANCE_MAX &&
		     w.born >= 0 && w.born <= BOOT_END &&
		     w.wall0 >= -BOOT_END && w.wall0 <= REAL_END;
	u32 i;

	for (i = 0; i < SIZE; i++)
		if (i < w.count)
			right &= ring[at(i)].end >= 0 && ring[at(i)].end <= BOOT_END +
				 NFT_SYSRQ_TRY_NS + NFT_SYSRQ_LEAD_NS + TOLERANCE_MAX &&
				 ring[at(i)].mode < NFT_SYSRQ_MODES && ring[at(i)].probe <= 1;
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

#define LISTS_END	(SIZE == 2 ? 8 : SIZE == 4 ? 1024 : 0)

/* Is that state one of those before it, with another name? */
static bool repeated(u32 oldest, u32 count, u32 lists, u32 its)
{
	u32 i;

	for (i = 0; i <= SIZE; i++, lists /= SIZE)
		if (i != its && lists % SIZE &&
		    (i == SIZE || ((i - oldest) & (SIZE - 1)) >= count))
			return true;
	return false;
}

/* From one of these states: something comes that has the nonce @its. */
static void do_one(u32 its);

static void do_all(void)
{
	u32 oldest, count, lists, its, which = nondet_u32(), now = 0;

	for (oldest = 0; oldest < SIZE; oldest++)
		for (count = 0; count <= SIZE; count++)
			for (lists = 0; lists < LISTS_END; lists++)
				for (its = 0; its <= SIZE; its++) {
					if (repeated(oldest, count, lists, its) || which != now++)
						continue;
					any_window(oldest, count, lists);
					do_one(its);
					assume(false);
				}
}

#endif /* ANY_WINDOW_H */
