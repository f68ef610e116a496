// SPDX-License-Identifier: GPL-2.0-only
/* Nonce window: what it promises, one sequence of events after the other. */
#include "world.h"

#include "tap.h"

#define SIZE	16

/* Refused for good, not only for want of room. */
static bool never(int verdict)
{
	return verdict == SEEN || verdict > 0;
}

static void test_edges(void)
{
	struct world v;
	s64 b, r;

	world_init(&v, SIZE, 60, 10000);
	b = v.now.boot;
	r = v.now.real;
#define STALE(mode, stamp) nft_sysrq_window_stale(&v.w, mode, stamp, &v.now)
	ok_u64(STALE(EPOCH_MODE, b), 0, "epoch: now");
	ok_u64(STALE(EPOCH_MODE, b + 5 * SECOND), 0, "epoch: 5 s ahead");
	ok_u64(STALE(EPOCH_MODE, b + 5 * SECOND + 1), NFT_SYSRQ_STAT_STALE_FUTURE,
	       "epoch: 1 ns more");
	ok_u64(STALE(EPOCH_MODE, b - 60 * SECOND + 1), 0, "epoch: almost a tolerance old");
	ok_u64(STALE(EPOCH_MODE, b - 60 * SECOND), NFT_SYSRQ_STAT_STALE_OLD,
	       "epoch: a tolerance old");
	ok_u64(STALE(WALL_MODE, r + 60 * SECOND), 0, "wall: a tolerance ahead");
	ok_u64(STALE(WALL_MODE, r + 60 * SECOND + 1), NFT_SYSRQ_STAT_STALE_FUTURE,
	       "wall: 1 ns more");
	ok_u64(STALE(WALL_MODE, r - 60 * SECOND + 1), 0, "wall: almost a tolerance old");
	ok_u64(STALE(WALL_MODE, r - 60 * SECOND), NFT_SYSRQ_STAT_STALE_OLD,
	       "wall: a tolerance old");
	ok_u64(STALE(EPOCH_MODE, INT64_MAX), NFT_SYSRQ_STAT_STALE_FUTURE, "highest stamp");
	ok_u64(STALE(EPOCH_MODE, INT64_MIN), NFT_SYSRQ_STAT_STALE_OLD, "lowest stamp");
	ok_u64(STALE(WALL_MODE, INT64_MAX), NFT_SYSRQ_STAT_STALE_FUTURE, "wall: highest stamp");
	ok_u64(STALE(WALL_MODE, INT64_MIN), NFT_SYSRQ_STAT_STALE_OLD, "wall: lowest stamp");
	ok_u64(STALE(EPOCH_MODE, r), NFT_SYSRQ_STAT_STALE_FUTURE, "wall stamp in epoch mode");
	ok_u64(STALE(WALL_MODE, b), NFT_SYSRQ_STAT_STALE_OLD, "epoch stamp in wall mode");
#undef STALE
	world_free(&v);
}

static void test_twice(void)
{
	struct world v;
	s64 b, r;

	world_init(&v, SIZE, 60, 10000);
	b = v.now.boot;
	r = v.now.real;
	ok_u64(deliver(&v, 7, EPOCH_MODE, b, false), ACCEPTED, "first");
	ok(deliver(&v, 7, EPOCH_MODE, b, false) == SEEN, "the same again");
	ok(deliver(&v, 7, EPOCH_MODE, b + 1, false) == SEEN, "with another stamp");
	ok(deliver(&v, 7, WALL_MODE, r, false) == SEEN, "in the other mode");
	ok(deliver(&v, 7, EPOCH_MODE, b, true) == SEEN, "as a probe");
	ok_u64(deliver(&v, 8, EPOCH_MODE, b, false), ACCEPTED, "another nonce, same stamp");
	ok(nft_sysrq_window_find(&v.w, 7)->stamp == b, "the first stamp is kept");
	ok(!nft_sysrq_window_find(&v.w, 9), "what never came is not found");
	ok_u64(deliver(&v, 0, EPOCH_MODE, b, false), ACCEPTED, "nonce 0 is one as any");
	ok(deliver(&v, 0, EPOCH_MODE, b, false) == SEEN, "once");
	ok_u64(deliver(&v, UINT32_MAX, EPOCH_MODE, b, false), ACCEPTED, "the highest too");
	ok(deliver(&v, UINT32_MAX, EPOCH_MODE, b, false) == SEEN, "once");
	world_free(&v);
}

static void test_full(void)
{
	struct world v;
	int i, accepted = 0;

	world_init(&v, SIZE, 60, 10000);
	for (i = 0; i < SIZE; i++)
		accepted += deliver(&v, i, EPOCH_MODE, v.now.boot, false) == ACCEPTED;
	ok_u64(accepted, SIZE, "as many as it has entries");
	ok(nft_sysrq_window_full_hint(&v.w, false, &v.now), "the hint says full");
	ok(deliver(&v, 100, EPOCH_MODE, v.now.boot, false) == FULL, "no more");
	ok(deliver(&v, 3, EPOCH_MODE, v.now.boot, false) == SEEN, "the others are still known");

	/* An entry lives for TRY + LEAD + 2 x tolerance = 145 s. */
	pass_s(&v, 145);
	ok(deliver(&v, 101, EPOCH_MODE, v.now.boot, false) == FULL, "nor 145 s later");
	pass(&v, 1);
	ok(!nft_sysrq_window_full_hint(&v.w, false, &v.now), "then the hint says room");
	ok_u64(deliver(&v, 102, EPOCH_MODE, v.now.boot, false), ACCEPTED, "and there is");
	world_free(&v);
}

static void test_probes(void)
{
	struct world v;
	int i, accepted = 0, full = 0;

	world_init(&v, SIZE, 60, 10000);
	for (i = 0; i < SIZE; i++)
		accepted += deliver(&v, i, EPOCH_MODE, v.now.boot, true) == ACCEPTED;
	ok_u64(accepted, SIZE / 2, "probes fill half");
	ok(nft_sysrq_window_full_hint(&v.w, true, &v.now), "the hint says full for a probe");
	ok(!nft_sysrq_window_full_hint(&v.w, false, &v.now), "but not for a run");
	for (i = 0; i < SIZE / 2; i++)
		accepted += deliver(&v, 100 + i, EPOCH_MODE, v.now.boot, false) == ACCEPTED;
	ok_u64(accepted, SIZE, "runs the other half");
	world_free(&v);

	/* Runs first, then probes: all of them dead the next morning. */
	world_init(&v, SIZE, 60, 10000);
	for (i = 0; i < SIZE; i++)
		deliver(&v, i, EPOCH_MODE, v.now.boot, i >= SIZE / 2);
	pass_s(&v, 30000);
	for (i = 0; i < SIZE / 2; i++)
		full += deliver(&v, 1000 + i, EPOCH_MODE, v.now.boot, true) == FULL;
	ok_u64(full, 0, "dead entries never refuse a probe");
	world_free(&v);
}

/* Forgotten, and yet never again. */
static void test_marks(void)
{
	struct world v;
	s64 b, r;
	int s, again = 0;

	world_init(&v, SIZE, 60, 10000);
	b = v.now.boot;
	r = v.now.real;
	deliver(&v, 7, EPOCH_MODE, b, false);
	pass_s(&v, 146);
	crowd(&v, 1000, 2 * SIZE);
	ok(!nft_sysrq_window_find(&v.w, 7), "pushed out");
	retune(&v, 3600);
	for (s = -70; s <= 20; s++) {
		again += !never(deliver(&v, 7, EPOCH_MODE, b + s * SECOND, false));
		again += !never(deliver(&v, 7, WALL_MODE, r + (s + 60) * SECOND, false));
	}
	ok_u64(again, 0, "a longer tolerance brings no encoding of it back");
	v.now.real -= 146 * SECOND;
	again += !never(deliver(&v, 7, WALL_MODE, r, false));
	ok_u64(again, 0, "nor does a clock that is set back");
	world_free(&v);
}

static void test_floor(void)
{
	struct world v;
	s64 r;

	world_init(&v, SIZE, 60, 10);
	r = v.now.real;
	ok_u64(deliver(&v, 1, WALL_MODE, r, false), NFT_SYSRQ_STAT_STALE_FLOOR,
	       "wall: nothing in the first tolerance after the key was set");
	ok_u64(deliver(&v, 1, EPOCH_MODE, v.now.boot, false), ACCEPTED, "epoch: at once");
	pass_s(&v, 51);
	ok_u64(deliver(&v, 2, WALL_MODE, r, false), NFT_SYSRQ_STAT_STALE_FLOOR,
	       "wall: what was made in it stays stale");
	ok_u64(deliver(&v, 2, WALL_MODE, v.now.real, false), ACCEPTED, "wall: after it");

	/* From before the key; the clock goes to where it was good. */
	v.now.real -= 500 * SECOND;
	ok_u64(deliver(&v, 3, WALL_MODE, v.now.real, false), NFT_SYSRQ_STAT_STALE_FLOOR,
	       "wall: a clock set back opens nothing");
	v.now.real += 5000 * SECOND;
	ok_u64(deliver(&v, 3, WALL_MODE, v.now.real - 4990 * SECOND, false),
	       NFT_SYSRQ_STAT_STALE_OLD, "wall: nor does one set forward");
	nft_sysrq_window_reborn(&v.w, &v.now);
	ok_u64(deliver(&v, 4, WALL_MODE, v.now.real, false), NFT_SYSRQ_STAT_STALE_FLOOR,
	       "wall: a copied machine begins anew");
	world_free(&v);
}

/*
 * Accepted under a long tolerance from a clock that leads by much; then the
 * tolerance is made short, and the request must not be forgotten by the short
 * one's measure, while the long one's encodings are still to come.
 */
static void test_shorter_tolerance(enum nft_sysrq_mode mode, const char *what)
{
	struct world v;
	s64 b, r;

	world_init(&v, SIZE, 3600, 100000);
	b = v.now.boot;
	r = v.now.real;
	ok_u64(deliver(&v, 7, mode, mode == WALL_MODE ? r + 1000 * SECOND : b, false), ACCEPTED,
	       what);
	retune(&v, 3);
	pass_s(&v, 32);
	crowd(&v, 1000, 2 * SIZE);
	pass_s(&v, 980);
	ok(never(deliver(&v, 7, WALL_MODE, r + 1015 * SECOND, false)),
	   "a shorter tolerance brings no encoding of it back");
	retune(&v, 3600);
	ok(never(deliver(&v, 7, WALL_MODE, r + 1015 * SECOND, false)),
	   "nor a short one that is made long again");
	world_free(&v);
}

/* The same material is set again with another window: what the old one accepted is no news. */
static void test_successor(s64 set_back_s, s64 tolerance_s, const char *what)
{
	struct world v, next;
	s64 r, end[NFT_SYSRQ_MODES];

	world_init(&v, SIZE, 60, 100000);
	r = v.now.real;
	ok_u64(deliver(&v, 7, WALL_MODE, r + 50 * SECOND, false), ACCEPTED, what);
	v.now.real -= set_back_s * SECOND;

	world_init(&next, SIZE, tolerance_s, 0);
	next.now = v.now;
	nft_sysrq_window_init(&next.w, next.w.ring, SIZE, 1, tolerance_s * SECOND, &next.now);
	nft_sysrq_window_end(&v.w, &next.now, end);
	nft_sysrq_window_forbid(&next.w, end);
	pass_s(&next, set_back_s + 49);
	ok(never(deliver(&next, 7, WALL_MODE, r + 50 * SECOND, false)),
	   "its successor does not when that time comes");
	ok(never(deliver(&next, 7, WALL_MODE, r + 65 * SECOND, false)), "nor a later encoding");
	pass_s(&next, 100);
	ok_u64(deliver(&next, 8, WALL_MODE, next.now.real, false), ACCEPTED, "but newer ones");
	world_free(&v);
	world_free(&next);
}

/* The key was set by a slow clock; the clock was right for a while only. */
static void test_unwatched_clock(void)
{
	struct world v;
	s64 r;

	world_init(&v, SIZE, 60, 100000);
	v.now.real += 1000 * SECOND;
	r = v.now.real;
	ok_u64(deliver(&v, 7, EPOCH_MODE, v.now.boot, false), ACCEPTED,
	       "accepted in epoch mode while the wall clock is right");
	v.now.real -= 1000 * SECOND;
	pass_s(&v, 146);
	crowd(&v, 1000, 2 * SIZE);
	pass_s(&v, 830);
	ok(never(deliver(&v, 7, WALL_MODE, r, false)),
	   "its wall-clock encoding is stale when that time comes again");
	world_free(&v);
}

/* A clock that leads the host's by more than the tolerance: then sooner or later, once. */
static void test_leading_sender(void)
{
	struct world v;
	s64 r;

	world_init(&v, SIZE, 60, 100000);
	r = v.now.real;
	ok_u64(deliver(&v, 7, WALL_MODE, r + 170 * SECOND, false), NFT_SYSRQ_STAT_STALE_FUTURE,
	       "from a clock that leads by more than the tolerance: stale");
	pass_s(&v, 110);
	ok_u64(deliver(&v, 7, WALL_MODE, r + 170 * SECOND, false), ACCEPTED,
	       "when its time comes: accepted");
	pass_s(&v, 146);
	crowd(&v, 1000, 2 * SIZE);
	ok(never(deliver(&v, 7, WALL_MODE, r + 190 * SECOND, false)), "once");
	world_free(&v);
}

/* Most of a request's life it is simply known. */
static void test_long_memory(void)
{
	struct world v;

	world_init(&v, 64, 60, 100000);
	deliver(&v, 7, EPOCH_MODE, v.now.boot, false);
	pass_s(&v, 86400);
	crowd(&v, 1000, 63);
	ok(nft_sysrq_window_find(&v.w, 7), "known for as long as there is room");
	world_free(&v);
}

int main(void)
{
	test_edges();
	test_twice();
	test_full();
	test_probes();
	test_marks();
	test_floor();
	test_shorter_tolerance(EPOCH_MODE, "accepted in epoch mode");
	test_successor(0, 3, "a window with a long tolerance accepts");
	test_successor(500, 60, "a window whose clock is set back later accepts");
	test_shorter_tolerance(WALL_MODE, "accepted in wall-clock mode");
	test_unwatched_clock();
	test_leading_sender();
	test_long_memory();
	return done();
}
