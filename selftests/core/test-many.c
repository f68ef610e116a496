// SPDX-License-Identifier: GPL-2.0-only
/* As many keys as there may be: whose a packet is costs no more to see than with a few. */
#include "requests.h"

#include "tap.h"

/* What a packet has to pass at most. One crowd in 2,000 has a fuller bucket; this one never changes. */
#define IN_A_BUCKET	10

static struct nft_sysrq_key *keys[NFT_SYSRQ_KEYS_MAX];

static bool put(unsigned int i)
{
	static const struct nft_sysrq_settings set = {
		.letters = NFT_SYSRQ_LETTERS_ALL,
		.tolerance_ms = NFT_SYSRQ_TOLERANCE_DEF,
		.wall = true,
	};
	u8 material[NFT_SYSRQ_KEY_LEN] = { i, i >> 8, 1 };
	char name[NFT_SYSRQ_NAME_LEN];

	snprintf(name, sizeof(name), "many-%u", i);
	keys[i] = nft_sysrq_key_create(name, material, &set, NFT_SYSRQ_WINDOW_MIN);
	return keys[i] && !nft_sysrq_key_insert(&space, keys[i], NULL, 0);
}

static unsigned int longest(void)
{
	const struct nft_sysrq_key *key;
	unsigned int i, n, most = 0;

	for (i = 0; i < NFT_SYSRQ_KEY_BUCKETS; i++) {
		n = 0;
		hlist_for_each_entry(key, &space.by_id[i], by_id)
			n++;
		if (n > most)
			most = n;
	}
	return most;
}

/* Each is found under its own id and name, and answers. */
static void test_each(void)
{
	unsigned int i, lost = 0, silent = 0;
	struct nft_sysrq_dgram d;

	for (i = 0; i < NFT_SYSRQ_KEYS_MAX; i++) {
		lost += nft_sysrq_key_find(&space, keys[i]->name) != keys[i];
		d = request(keys[i], NFT_SYSRQ_PROBE, 1, "");
		silent += give(&d) != NFT_SYSRQ_STAT_PROBE;
	}
	ok_u64(lost, 0, "each is found by its name");
	ok_u64(silent, 0, "each has its probes answered");
}

int main(void)
{
	unsigned int i, bad = 0, most;

	if (sodium_init() < 0)
		return EXIT_FAILURE;
	host_init();
	for (i = 0; i < NFT_SYSRQ_KEYS_MAX; i++)
		bad += !put(i);
	ok(!bad && space.keys == NFT_SYSRQ_KEYS_MAX, "%u keys", space.keys);
	most = longest();
	ok(most <= IN_A_BUCKET, "a packet meets %u of them at most, for whichever id", most);
	test_each();
	host_exit();
	ok_u64(host.freed, NFT_SYSRQ_KEYS_MAX, "each is wiped as it goes");
	return done();
}
