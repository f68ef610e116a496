// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was accepted once is never accepted again.
 *
 * Of one nonce, any, it is noted whether it has been accepted, and up to which
 * stamp in each mode its encodings can be (by the sender's rules; see
 * encodings.c). One step, any, from any state: requests of this or any other
 * nonce, the tolerance set, the machine copied, the clocks anywhere, also
 * backwards. The nonce is then still known, or each of its encodings is below
 * the mark of its mode; and in the step it was not accepted for a second time.
 */
#include "any-window.h"

static u32 nonce;
static bool accepted;
static s64 last[NFT_SYSRQ_MODES];	/* no encoding of it has a later stamp */

/* It cannot come back. */
static bool settled(void)
{
	const struct nft_sysrq_seen *e = entry(nonce);

	if (!accepted)
		return !e;
	if (e)
		return e->end == last[NFT_SYSRQ_MODE_EPOCH] &&
		       w.wall0 + e->end >= last[NFT_SYSRQ_MODE_WALL];
	return w.mark[NFT_SYSRQ_MODE_EPOCH] >= last[NFT_SYSRQ_MODE_EPOCH] &&
	       w.mark[NFT_SYSRQ_MODE_WALL] >= last[NFT_SYSRQ_MODE_WALL];
}

/* In the order of verify.c; verify.c's own proof shows that it is that. */
static void deliver(u32 its, const struct nft_sysrq_clock *now)
{
	enum nft_sysrq_mode mode = nondet_bool() ? NFT_SYSRQ_MODE_WALL : NFT_SYSRQ_MODE_EPOCH;
	s64 stamp = nondet_s64();
	struct nft_sysrq_seen *e;

	if (accepted && its == nonce)
		assume(stamp <= last[mode]);
	e = nft_sysrq_window_find(&w, its);
	show(e == entry(its), "found if and only if it is there");
	if (e || nft_sysrq_window_stale(&w, mode, stamp, now))
		return;
	e = nft_sysrq_window_commit(&w, its, mode, stamp, nondet_bool(), now);
	if (!e)
		return;
	show(e == entry(its), "what is accepted is known");
	if (its != nonce)
		return;
	show(!accepted, "nothing is accepted twice");
	accepted = true;
	last[NFT_SYSRQ_MODE_EPOCH] = now->boot + NFT_SYSRQ_TRY_NS + NFT_SYSRQ_LEAD_NS +
				     w.tolerance;
	last[NFT_SYSRQ_MODE_WALL] = now->real - now->boot + last[NFT_SYSRQ_MODE_EPOCH];
}

static void step(u32 its, const struct nft_sysrq_clock *now)
{
	s64 end[NFT_SYSRQ_MODES];

	/* The others ask for no nonce. */
	switch (its == STRANGER ? nondet_int() : -1) {
	case 0:
		nft_sysrq_window_retune(&w, any_between(TOLERANCE_MIN, TOLERANCE_MAX), now);
		break;
	case 1:
		nft_sysrq_window_reborn(&w, now);
		break;
	case 2:
		nft_sysrq_window_watch(&w, now);
		break;
	case 3:
		end[NFT_SYSRQ_MODE_EPOCH] = nondet_s64();
		end[NFT_SYSRQ_MODE_WALL] = nondet_s64();
		nft_sysrq_window_forbid(&w, end);
		break;
	case 4:
		nft_sysrq_window_end(&w, now, end);
		show(implies(accepted, end[NFT_SYSRQ_MODE_WALL] >= last[NFT_SYSRQ_MODE_WALL]),
		     "who takes its place is told of it");
		break;
	default:
		deliver(its, now);
	}
}

int main(void)
{
	const struct nft_sysrq_clock now = { .boot = NOW_BOOT, .real = NOW_REAL };

	any_window(OLDEST, COUNT, LISTS);
	nonce = NOTED;
	accepted = nondet_bool();
	last[NFT_SYSRQ_MODE_EPOCH] = nondet_s64();
	last[NFT_SYSRQ_MODE_WALL] = nondet_s64();
	assume(settled());
	step(ITS, &now);
	show(right(), "the window is in order");
	show(settled(), "it cannot come back");
}
