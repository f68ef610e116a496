// SPDX-License-Identifier: GPL-2.0-only
/* Nonce window: each mark and floor by itself, at its very edge. */
#include "world.h"

#include "tap.h"

#define SIZE	16

static int stale(const struct world *v, enum nft_sysrq_mode mode, s64 stamp)
{
	return nft_sysrq_window_stale(&v->w, mode, stamp, &v->now);
}

static void test_forbid(void)
{
	s64 end[NFT_SYSRQ_MODES], lower[NFT_SYSRQ_MODES] = { 1, 1 };
	struct world v;

	world_init(&v, SIZE, 60, 10000);
	end[EPOCH_MODE] = v.now.boot - SECOND;
	end[WALL_MODE] = v.now.real - 2 * SECOND;
	nft_sysrq_window_forbid(&v.w, end);
	nft_sysrq_window_forbid(&v.w, lower);
	ok_u64(stale(&v, EPOCH_MODE, end[0]), NFT_SYSRQ_STAT_STALE_OLD, "up to the mark");
	ok_u64(stale(&v, EPOCH_MODE, end[0] + 1), 0, "not beyond it");
	ok_u64(stale(&v, WALL_MODE, end[1]), NFT_SYSRQ_STAT_STALE_OLD, "wall: up to the mark");
	ok_u64(stale(&v, WALL_MODE, end[1] + 1), 0, "wall: not beyond it");
	world_free(&v);
}

static void test_floor(void)
{
	struct world v;
	s64 floor;

	world_init(&v, SIZE, 60, 0);
	floor = v.now.real + 60 * SECOND;
	pass_s(&v, 30);
	ok_u64(stale(&v, WALL_MODE, floor), NFT_SYSRQ_STAT_STALE_FLOOR, "the floor itself");
	ok_u64(stale(&v, WALL_MODE, floor + 1), 0, "above it");
	/* Nobody has looked at the clock since the key was set. */
	v.now.real -= 1000 * SECOND;
	pass_s(&v, 1000);
	ok_u64(stale(&v, WALL_MODE, floor), NFT_SYSRQ_STAT_STALE_FLOOR, "the clock goes back");
	ok_u64(stale(&v, WALL_MODE, floor + 1), 0, "it is where it was");
	world_free(&v);
}

/* No request at all: only the tolerance and the clocks change. */
static void test_retune(void)
{
	struct world v;
	s64 b, r;

	world_init(&v, SIZE, 3, 10000);
	b = v.now.boot;
	r = v.now.real;
	retune(&v, 3600);
	ok_u64(stale(&v, EPOCH_MODE, b - 3 * SECOND), NFT_SYSRQ_STAT_STALE_OLD,
	       "what was too old stays so");
	ok_u64(stale(&v, EPOCH_MODE, b - 3 * SECOND + 1), 0, "what was not does too");
	ok_u64(stale(&v, WALL_MODE, r - 3 * SECOND), NFT_SYSRQ_STAT_STALE_OLD, "wall: likewise");
	ok_u64(stale(&v, WALL_MODE, r - 3 * SECOND + 1), 0, "wall: likewise");
	world_free(&v);

	/* The clock that was right then is set back behind it. */
	world_init(&v, SIZE, 3, 10000);
	v.now.real += 500 * SECOND;
	r = v.now.real;
	retune(&v, 3600);
	v.now.real -= 500 * SECOND;
	ok_u64(stale(&v, WALL_MODE, r - 3 * SECOND), NFT_SYSRQ_STAT_STALE_OLD,
	       "wall: by the clock as it was");
	ok_u64(v.w.wall0, r - v.now.boot, "which is noted");
	world_free(&v);

	world_init(&v, SIZE, 60, 10000);
	v.now.real += 500 * SECOND;
	r = v.now.real;
	nft_sysrq_window_reborn(&v.w, &v.now);
	v.now.real -= 500 * SECOND;
	pass_s(&v, 500);
	ok_u64(stale(&v, WALL_MODE, r + 59 * SECOND), NFT_SYSRQ_STAT_STALE_FLOOR,
	       "a copy: by the clock as it was");
	world_free(&v);
}

/* Whichever of them has the last encoding, wherever in the ring it lies. */
static void test_end(void)
{
	s64 end[NFT_SYSRQ_MODES], longest;
	struct world v;
	int i;

	world_init(&v, SIZE, 60, 10000);
	nft_sysrq_window_end(&v.w, &v.now, end);
	ok(!end[0] && !end[1], "of none");
	/* Round the ring by ten, so that what is there lies over its end. */
	for (i = 0; i < SIZE; i++)
		deliver(&v, i, EPOCH_MODE, v.now.boot, false);
	pass_s(&v, 146);
	for (i = 0; i < 10; i++)
		deliver(&v, 100 + i, EPOCH_MODE, v.now.boot, true);
	for (i = 0; i < 5; i++)
		deliver(&v, 200 + i, EPOCH_MODE, v.now.boot, false);
	retune(&v, 3600);
	deliver(&v, 300, EPOCH_MODE, v.now.boot, false);
	longest = v.now.boot + NFT_SYSRQ_TRY_NS + NFT_SYSRQ_LEAD_NS + 3600 * SECOND;
	retune(&v, 3);
	for (i = 0; i < 4; i++)
		deliver(&v, 400 + i, EPOCH_MODE, v.now.boot, false);
	v.now.real += 50 * SECOND;
	nft_sysrq_window_end(&v.w, &v.now, end);
	ok_u64(end[EPOCH_MODE], v.now.boot + NFT_SYSRQ_TRY_NS, "as long as a sender may go on");
	ok_u64(end[WALL_MODE], v.now.real - v.now.boot + longest,
	       "by the longest tolerance, and the clock at its furthest");
	world_free(&v);

	world_init(&v, SIZE, 3, 10000);
	deliver(&v, 1, EPOCH_MODE, v.now.boot, false);
	longest = v.now.boot + NFT_SYSRQ_TRY_NS + NFT_SYSRQ_LEAD_NS + 3 * SECOND;
	pass_s(&v, 20);
	nft_sysrq_window_end(&v.w, &v.now, end);
	ok_u64(end[EPOCH_MODE], longest, "an older one: no longer than its encodings");
	deliver(&v, 2, EPOCH_MODE, v.now.boot, true);
	nft_sysrq_window_end(&v.w, &v.now, end);
	ok_u64(end[EPOCH_MODE], longest, "a probe does not count");
	deliver(&v, 3, EPOCH_MODE, v.now.boot, false);
	nft_sysrq_window_end(&v.w, &v.now, end);
	ok_u64(end[EPOCH_MODE], v.now.boot + NFT_SYSRQ_TRY_NS, "a younger one does");
	world_free(&v);

	world_init(&v, SIZE, 10, 10000);
	deliver(&v, 1, EPOCH_MODE, v.now.boot, false);
	retune(&v, 3);
	deliver(&v, 2, EPOCH_MODE, v.now.boot, false);
	pass_s(&v, 12);
	nft_sysrq_window_end(&v.w, &v.now, end);
	ok_u64(end[EPOCH_MODE], v.now.boot + NFT_SYSRQ_TRY_NS, "not the youngest, but the last");
	world_free(&v);
}

static void test_used(void)
{
	struct world v;
	int i;

	world_init(&v, SIZE, 60, 10000);
	ok_u64(nft_sysrq_window_used(&v.w, &v.now), 0, "an empty window");
	for (i = 0; i < 10; i++) {
		deliver(&v, i, EPOCH_MODE, v.now.boot, false);
		pass_s(&v, 10);
	}
	ok_u64(nft_sysrq_window_used(&v.w, &v.now), 10, "all of them live");
	pass_s(&v, 75);
	ok_u64(nft_sysrq_window_used(&v.w, &v.now), 7, "the three oldest need not be known");
	pass_s(&v, 1000);
	ok_u64(nft_sysrq_window_used(&v.w, &v.now), 0, "nor any");
	for (i = 0; i < 10; i++)
		deliver(&v, 100 + i, EPOCH_MODE, v.now.boot, false);
	ok_u64(nft_sysrq_window_used(&v.w, &v.now), 10, "round the end of the ring");
	pass_s(&v, 146);
	deliver(&v, 200, EPOCH_MODE, v.now.boot, false);
	ok_u64(nft_sysrq_window_used(&v.w, &v.now), 1, "and over it");
	world_free(&v);
}

int main(void)
{
	test_forbid();
	test_floor();
	test_retune();
	test_end();
	test_used();
	return done();
}
