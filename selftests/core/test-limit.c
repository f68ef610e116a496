// SPDX-License-Identifier: GPL-2.0-only
/* How often who is answered. */
#include "limit.h"

#include "tap.h"

static void test_due(void)
{
	ok(!nft_sysrq_due(1000, 1000, 100), "not at once");
	ok(!nft_sysrq_due(1000, 1099, 100), "not 1 ms too soon");
	ok(nft_sysrq_due(1000, 1100, 100), "after the pause");
	ok(nft_sysrq_due(1000, 5000000, 100), "long after it");
	ok(!nft_sysrq_due(UINT32_MAX - 49, 49, 100), "not too soon over the wrap");
	ok(nft_sysrq_due(UINT32_MAX - 49, 50, 100), "after the pause over the wrap");
}

/* However often somebody asks: so many answers in so much time. */
static void test_rate(u32 pause, u32 start, const char *what)
{
	u32 answered = start - pause, last = answered, t, n = 0;
	bool spaced = true;

	for (t = start; t != start + 10000; t++) {
		if (!nft_sysrq_due(answered, t, pause))
			continue;
		spaced &= t - last >= pause;
		last = answered = t;
		n++;
	}
	ok(spaced, "%s: never sooner than the pause", what);
	ok_u64(n, 10000 / pause, what);
}

static void test_slots(void)
{
	struct nft_sysrq_slots s = { };
	struct nft_sysrq_dgram d = { };
	unsigned int byte, hits[NFT_SYSRQ_SLOTS] = { };
	bool inside = true, even = true;
	u32 *slot;

	for (byte = 0; byte < 256; byte++) {
		d.admission[0] = byte;
		/* Nothing else has a say. */
		memset(d.admission + 1, byte * 7, sizeof(d.admission) - 1);
		memset(d.mac, byte * 13, sizeof(d.mac));
		slot = nft_sysrq_slot(&s, &d);
		inside &= slot == &s.answered[byte % 64];
		hits[slot - s.answered]++;
	}
	for (byte = 0; byte < NFT_SYSRQ_SLOTS; byte++)
		even &= hits[byte] == 4;
	ok(inside, "the slot is byte 0 of the admission tag modulo 64");
	ok(even, "all slots are hit alike");
}

int main(void)
{
	test_due();
	test_rate(NFT_SYSRQ_SEEN_MS, 5000, "seen: 10 answers a second");
	test_rate(NFT_SYSRQ_SLOT_MS, 5000, "stale: 1 answer a second and slot");
	test_rate(NFT_SYSRQ_SLOT_MS, UINT32_MAX - 5000, "stale, over the wrap");
	test_slots();
	return done();
}
