// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is looked up without the lock may be wrong, but it ends, and stays
 * inside the window, however the window changes meanwhile. (The sanitizers see
 * the rest.)
 */
#include "world.h"

#include <pthread.h>
#include <stdatomic.h>

#include "tap.h"

#define SIZE	16
#define READERS	3
#define COMMITS	100000

static struct world shared;
static atomic_bool stop;
static atomic_uint outside, odd, found;

/* As good as random, and the same for both sides: chains cross all the time. */
static u32 nonce_of(u32 i)
{
	return i * 0x61c88647;
}

static void look(const struct nft_sysrq_clock *now, u32 i)
{
	struct nft_sysrq_window *w = &shared.w;
	const struct nft_sysrq_seen *seen = nft_sysrq_window_find(w, nonce_of(i));
	int stale;

	if (seen) {
		atomic_fetch_add(&found, 1);
		if (seen < w->ring || seen >= w->ring + SIZE ||
		    ((const char *)seen - (const char *)w->ring) % sizeof(*seen))
			atomic_fetch_add(&outside, 1);
	}
	nft_sysrq_window_full_hint(w, i & 1, now);
	stale = nft_sysrq_window_stale(w, i & 1, now->boot, now);
	if (stale && (stale < NFT_SYSRQ_STAT_STALE_OLD || stale > NFT_SYSRQ_STAT_STALE_FLOOR))
		atomic_fetch_add(&odd, 1);
}

static void *reader(void *arg)
{
	struct nft_sysrq_clock now = *(struct nft_sysrq_clock *)arg;
	u32 i = 0;

	while (!atomic_load(&stop)) {
		look(&now, i++ % (4 * SIZE));
		now.boot += SECOND / 10;
	}
	return NULL;
}

/* The one with the lock. */
static u32 write_all(void)
{
	u32 i, accepted = 0;

	for (i = 0; i < COMMITS; i++) {
		accepted += deliver(&shared, nonce_of(i % (4 * SIZE)), EPOCH_MODE,
				    shared.now.boot, i & 1) == ACCEPTED;
		pass_s(&shared, i % 32 ? 1 : 150);
		if (i % 1000 == 999) {
			retune(&shared, 3 + i % 60);
			nft_sysrq_window_reborn(&shared.w, &shared.now);
		}
	}
	return accepted;
}

int main(void)
{
	struct nft_sysrq_clock start;
	pthread_t thread[READERS];
	u32 accepted;
	int i;

	world_init(&shared, SIZE, 3, 1000);
	start = shared.now;
	for (i = 0; i < READERS; i++)
		if (pthread_create(&thread[i], NULL, reader, &start))
			return EXIT_FAILURE;
	accepted = write_all();
	/* On one processor the readers may not have begun. */
	while (!atomic_load(&found))
		;
	atomic_store(&stop, true);
	for (i = 0; i < READERS; i++)
		pthread_join(thread[i], NULL);

	printf("# %u accepted, %u found\n", accepted, atomic_load(&found));
	ok(accepted > COMMITS / 20, "the window changed all the time");
	ok_u64(atomic_load(&outside), 0, "whatever was found is an entry of the window");
	ok_u64(atomic_load(&odd), 0, "whatever was stale had a reason");
	world_free(&shared);
	return done();
}
