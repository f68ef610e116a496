// SPDX-License-Identifier: GPL-2.0-only
/* How often who is answered. */
#include "limit.h"

#include "tap.h"
#include "world.h"

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

static void test_seen(void)
{
	struct nft_sysrq_seen e = { .latest = 70, .answered = 5000 };
	enum nft_sysrq_mode epoch = NFT_SYSRQ_MODE_EPOCH, wall = NFT_SYSRQ_MODE_WALL;

	ok(!nft_sysrq_seen_may(&e, epoch, 70, 5099), "seen: the same stamp waits");
	ok(nft_sysrq_seen_may(&e, epoch, 70, 5100), "for 100 ms");
	ok(!nft_sysrq_seen_may(&e, wall, 71, 5099), "so does a later one in wall-clock mode");
	ok(nft_sysrq_seen_may(&e, epoch, 71, 5000), "in epoch mode a later stamp does not");
	ok(!nft_sysrq_seen_take(&e, epoch, 70, 5099), "what may not be answered");
	ok(e.latest == 70 && e.answered == 5000, "changes nothing");
	ok(nft_sysrq_seen_take(&e, epoch, 71, 5050), "an answer to a later stamp");
	ok(e.latest == 71 && e.answered == 5050, "is noted");
	ok(!nft_sysrq_seen_may(&e, epoch, 71, 5149), "it was answered once: repeated it waits");
	ok(nft_sysrq_seen_take(&e, epoch, 60, 5150) && e.latest == 71,
	   "an answer to an earlier stamp brings no later one back");
	ok(nft_sysrq_seen_take(&e, wall, 900, 5250) && e.latest == 71,
	   "nor has the wall clock a say in that");
}

/* Of a request that just came, its own datagram is the latest that was answered. */
static void test_first(void)
{
	struct nft_sysrq_seen *e;
	struct world v;
	s64 b;

	world_init(&v, 16, 60, 10000);
	b = v.now.boot;
	deliver(&v, 7, EPOCH_MODE, b, false);
	e = nft_sysrq_window_find(&v.w, 7);
	ok(e && e->latest == b, "the first datagram's stamp is noted");
	deliver(&v, 8, WALL_MODE, v.now.real, false);
	e = nft_sysrq_window_find(&v.w, 8);
	ok(e && !e->latest, "in wall-clock mode none is");
	world_free(&v);
}

static void test_slots(void)
{
	struct nft_sysrq_slot s[NFT_SYSRQ_SLOTS] = { };
	struct nft_sysrq_dgram d = { };
	unsigned int byte, hits[NFT_SYSRQ_SLOTS] = { };
	bool inside = true, even = true;
	struct nft_sysrq_slot *slot;

	for (byte = 0; byte < 256; byte++) {
		d.admission[0] = byte;
		/* Nothing else has a say. */
		memset(d.admission + 1, byte * 7, sizeof(d.admission) - 1);
		memset(d.mac, byte * 13, sizeof(d.mac));
		slot = nft_sysrq_slot(s, &d);
		inside &= slot == &s[byte % 64];
		hits[slot - s]++;
	}
	for (byte = 0; byte < NFT_SYSRQ_SLOTS; byte++)
		even &= hits[byte] == 4;
	ok(inside, "the slot is byte 0 of the admission tag modulo 64");
	ok(even, "all slots are hit alike");
}

static struct nft_sysrq_dgram marked(unsigned int mark)
{
	struct nft_sysrq_dgram d = { .admission = { 5, mark & 0xff, mark >> 8 } };

	/* Nothing else has a say. */
	memset(d.admission + 3, (int)mark, sizeof(d.admission) - 3);
	return d;
}

/* How often a slot answers what @n recordings, in their turn or as they come, ask it in @seconds. */
static unsigned int answers(struct nft_sysrq_slot *s, unsigned int n, u32 start, u32 seconds)
{
	unsigned int count = 0, i;
	struct nft_sysrq_dgram d;
	u32 t;

	for (t = start; t != start + seconds * 1000; t += 10) {
		for (i = 0; i < n; i++) {
			d = marked(0x1ff + i);
			count += nft_sysrq_slot_take(s, &d, t);
		}
	}
	return count;
}

static void test_told(void)
{
	unsigned int n, few = 0, fresh = 0;
	struct nft_sysrq_slot s = { };
	struct nft_sysrq_dgram d = marked(0x100);

	ok(nft_sysrq_slot_take(&s, &d, 5000), "a stale datagram is answered");
	ok(!nft_sysrq_slot_may(&s, &d, 5000 + 3600000), "and not once more, an hour later");
	d = marked(0x101);
	ok(!nft_sysrq_slot_may(&s, &d, 5999), "another one not in the same second");
	ok(nft_sysrq_slot_may(&s, &d, 6000), "but after it: one byte of the mark differs");
	d = marked(0x200);
	ok(nft_sysrq_slot_may(&s, &d, 6000), "or the other byte");
	ok_u64(s.answered, 5000, "to look claims nothing");

	for (n = 1; n <= NFT_SYSRQ_SLOT_TOLD; n++) {
		memset(&s, 0, sizeof(s));
		few += answers(&s, n, 5000, 100) == n;
		d = marked(0x7000);
		fresh += nft_sysrq_slot_may(&s, &d, 5000 + 100000);
	}
	ok_u64(few, NFT_SYSRQ_SLOT_TOLD, "up to 6 recordings are answered once each");
	ok_u64(fresh, NFT_SYSRQ_SLOT_TOLD, "and then do not hold their slot");
	memset(&s, 0, sizeof(s));
	ok_u64(answers(&s, NFT_SYSRQ_SLOT_TOLD + 1, UINT32_MAX - 5000, 100), 100,
	       "more of them are answered once a second");
}

int main(void)
{
	test_due();
	test_rate(NFT_SYSRQ_SEEN_MS, 5000, "seen: 10 answers a second");
	test_rate(NFT_SYSRQ_SLOT_MS, 5000, "stale: 1 answer a second and slot");
	test_rate(NFT_SYSRQ_SLOT_MS, UINT32_MAX - 5000, "stale, over the wrap");
	test_seen();
	test_first();
	test_slots();
	test_told();
	return done();
}
