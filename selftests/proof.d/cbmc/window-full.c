// SPDX-License-Identifier: GPL-2.0-only
/*
 * A window that is full of requests which could still come again refuses; and
 * for no newcomer is one of those forgotten.
 *
 * A new request, any, comes to a window in any state.
 */
#include "any-window.h"

static struct nft_sysrq_seen was[SIZE];

/* Encodings of it may still be fresh: told here without the code's own words. */
static bool alive(const struct nft_sysrq_seen *e)
{
	return NOW_BOOT - w.tolerance <= e->end;
}

static bool same(const struct nft_sysrq_seen *a, const struct nft_sysrq_seen *b)
{
	return a->stamp == b->stamp && a->end == b->end && a->latest == b->latest &&
	       a->nonce == b->nonce && a->outcome == b->outcome && a->answered == b->answered &&
	       a->next == b->next && a->mode == b->mode && a->probe == b->probe;
}

int main(void)
{
	const struct nft_sysrq_clock now = { .boot = NOW_BOOT, .real = NOW_REAL };
	enum nft_sysrq_mode mode = nondet_bool() ? NFT_SYSRQ_MODE_WALL : NFT_SYSRQ_MODE_EPOCH;
	bool probe = nondet_bool(), there[SIZE] = { false }, refused;
	struct nft_sysrq_window before;
	struct nft_sysrq_seen *e;
	u32 i;

	any_window(OLDEST, COUNT, LISTS);
	for (i = 0; i < SIZE; i++) {
		was[i] = ring[i];
		there[i] = entry(i) && alive(&ring[i]);
	}
	before = w;
	refused = (w.count == SIZE || (probe && w.probes == SIZE / 2)) && alive(&ring[w.oldest]);
	show(nft_sysrq_window_full_hint(&w, probe, &now) == refused, "the first look sees it");

	e = nft_sysrq_window_commit(&w, STRANGER, mode, nondet_s64(), probe, &now);
	show(implies(refused, !e), "a full window refuses");
	show(implies(e, e == entry(STRANGER)), "who is not refused is known");
	for (i = 0; i < SIZE; i++) {
		show(implies(there[i], entry(i)), "nobody is forgotten who could come again");
		show(implies(refused, same(&ring[i], &was[i])), "what refuses stays as it was");
	}
	show(implies(refused, w.count == before.count && w.oldest == before.oldest &&
		     w.probes == before.probes && w.mark[0] == before.mark[0] &&
		     w.mark[1] == before.mark[1]), "so does the rest");
}
