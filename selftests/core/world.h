/* SPDX-License-Identifier: GPL-2.0-only */
/* A window, its clocks, and the way in that verify.c takes. */
#ifndef WORLD_H
#define WORLD_H

#include <stdlib.h>

#include "window.h"

#define SECOND		1000000000LL
#define EPOCH_MODE	NFT_SYSRQ_MODE_EPOCH
#define WALL_MODE	NFT_SYSRQ_MODE_WALL

/* What became of a request; above 0 it is the stat that says why it is stale. */
#define ACCEPTED	0
#define SEEN		-1
#define FULL		-2

struct world {
	struct nft_sysrq_window	w;
	struct nft_sysrq_clock	now;
};

/* A host with a key of some age (s). */
static inline void world_init(struct world *world, u32 size, s64 tolerance_s, s64 age_s)
{
	struct nft_sysrq_clock born = { 1000 * SECOND, 1760000000 * SECOND };
	void *mem = malloc(nft_sysrq_window_bytes(size));

	if (!mem)
		abort();
	nft_sysrq_window_init(&world->w, mem, size, 0x2545f491, tolerance_s * SECOND, &born);
	world->now.boot = born.boot + age_s * SECOND;
	world->now.real = born.real + age_s * SECOND;
}

static inline void world_free(struct world *world)
{
	free(world->w.ring);
}

/* Time goes by (ns). */
static inline void pass(struct world *world, s64 ns)
{
	world->now.boot += ns;
	world->now.real += ns;
}

static inline void pass_s(struct world *world, s64 s)
{
	pass(world, s * SECOND);
}

static inline void retune(struct world *world, s64 s)
{
	nft_sysrq_window_retune(&world->w, s * SECOND, &world->now);
}

/* A genuine request comes in: the order of verify.c's settle_locked(). */
static inline int deliver(struct world *world, u32 nonce, enum nft_sysrq_mode mode, s64 stamp,
			  bool probe)
{
	int stale;

	if (nft_sysrq_window_find(&world->w, nonce))
		return SEEN;
	stale = nft_sysrq_window_stale(&world->w, mode, stamp, &world->now);
	if (stale)
		return stale;
	return nft_sysrq_window_commit(&world->w, nonce, mode, stamp, probe, &world->now) ?
	       ACCEPTED : FULL;
}

/* So many others come in, to push what may be forgotten out of the window. */
static inline void crowd(struct world *world, u32 first_nonce, u32 n)
{
	while (n--)
		deliver(world, first_nonce++, EPOCH_MODE, world->now.boot, false);
}

#endif /* WORLD_H */
