// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is looked up without the lock, in a window that others are changing:
 * whatever its memory holds then, nothing outside it is read, and it ends. Of
 * the smallest size there is, with our hash function.
 */
#include "cbmc.h"
#include "window.c"

#define SIZE	NFT_SYSRQ_WINDOW_MIN

struct nft_sysrq_window nondet_window(void);

static struct nft_sysrq_seen ring[SIZE];
static u16 heads[SIZE];

int main(void)
{
	struct nft_sysrq_clock now = any_clock();
	struct nft_sysrq_window w = nondet_window();
	struct nft_sysrq_seen *e;
	int stale;

	__CPROVER_havoc_object(ring);
	__CPROVER_havoc_object(heads);
	w.size = SIZE;
	w.ring = ring;
	w.heads = heads;
	/* What is only ever stored so. */
	assume(w.oldest < SIZE);
	assume(w.tolerance >= TOLERANCE_MIN && w.tolerance <= TOLERANCE_MAX);
	assume(w.born >= 0 && w.born <= BOOT_END);
	assume(w.wall0 >= -BOOT_END && w.wall0 <= REAL_END);
	assume(ring[w.oldest].end >= 0 && ring[w.oldest].end <= 2 * BOOT_END);

	e = nft_sysrq_window_find(&w, nondet_u32());
	show(!e || (e >= ring && e < ring + SIZE), "an entry of its own, or none");
	nft_sysrq_window_full_hint(&w, nondet_bool(), &now);

	/* And which stamps are fresh: nothing that an attacker chooses is added to anything. */
	if (nondet_bool()) {
		s64 stamp = nondet_s64();

		stale = nft_sysrq_window_stale(&w, NFT_SYSRQ_MODE_EPOCH, stamp, &now);
		show(stale || (stamp <= now.boot + NFT_SYSRQ_LEAD_NS &&
			       stamp > now.boot - w.tolerance &&
			       stamp > w.mark[NFT_SYSRQ_MODE_EPOCH]), "fresh in epoch mode");
	} else {
		s64 stamp = nondet_s64();

		stale = nft_sysrq_window_stale(&w, NFT_SYSRQ_MODE_WALL, stamp, &now);
		show(stale || (stamp <= now.real + w.tolerance && stamp > now.real - w.tolerance &&
			       stamp > w.mark[NFT_SYSRQ_MODE_WALL] &&
			       stamp > w.wall0 + w.born + w.tolerance &&
			       stamp > now.real - now.boot + w.born + w.tolerance),
		     "fresh in wall-clock mode");
	}
	show(stale >= 0 && stale <= NFT_SYSRQ_STAT_STALE_FLOOR, "or a counter says why not");
}
