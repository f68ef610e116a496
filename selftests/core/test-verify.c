// SPDX-License-Identifier: GPL-2.0-only
/* From the bytes of a datagram to what becomes of it: each check, and their order. */
#include "requests.h"

#include "tap.h"

static void test_forged(void)
{
	struct nft_sysrq_dgram d;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	d.magic[1] ^= 1;
	ok_u64(give(&d), NFT_SYSRQ_STAT_MAGIC, "another magic");
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	d.version = 2;
	ok_u64(give(&d), NFT_SYSRQ_STAT_VERSION, "another version");
	d = request(ops, NFT_SYSRQ_RUN | NFT_SYSRQ_REPLY, 1, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_HEADER, "a reply");
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	d.key_id ^= 1 << 20;
	ok_u64(give(&d), NFT_SYSRQ_STAT_KEY_UNKNOWN, "another key id, in the same bucket");
	ok_u64(host.packets_read, 0, "so far nobody has looked at addresses");
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	host.packet_is = NFT_SYSRQ_STAT_FRAGMENT;
	ok_u64(give(&d), NFT_SYSRQ_STAT_FRAGMENT, "what the packet lacks, it is told");
	host.packet_is = 0;
	d.admission[7] ^= 0x10;
	ok_u64(give(&d), NFT_SYSRQ_STAT_ADMISSION, "a bit of the admission tag");
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	d.mac[31] ^= 1;
	compat_sip(&ops->secrets.admission[0], (u8 *)&d, NFT_SYSRQ_ADM_OFFSET, d.admission);
	ok_u64(give(&d), NFT_SYSRQ_STAT_MAC, "a bit of the HMAC, by who has half of the key");
	ok(untouched(), "none of them leaves a trace");

	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	host.elsewhere = true;
	ok_u64(give(&d), NFT_SYSRQ_STAT_ADDRESS, "genuine, but not for this host");
	ok(untouched(), "that leaves none either");
	host.elsewhere = false;
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "the same is run where it belongs");
	host_exit();

	begin();
	nft_sysrq_mac_seal(&ops->secrets, NFT_SYSRQ_DIR_REPLY, &d);
	ok_u64(give(&d), NFT_SYSRQ_STAT_ADMISSION, "sealed as a reply");
	host_exit();
	host_init();
	ok_u64(give(&d), NFT_SYSRQ_STAT_KEY_UNKNOWN, "a host that never had a key");
	host_exit();
}

static void test_answers(void)
{
	struct nft_sysrq_outcome *body = (void *)host.reply.body;
	struct nft_sysrq_pending *page = (void *)host.reply.body;
	struct nft_sysrq_dgram d;

	begin();
	d = request(ops, NFT_SYSRQ_PROBE, 1, "sb");
	ok_u64(give(&d), NFT_SYSRQ_STAT_PROBE, "a dry run");
	ok(answered(1, NFT_SYSRQ_ST_OK) && host.reply.type == (NFT_SYSRQ_PROBE | NFT_SYSRQ_REPLY) &&
	   host.reply.nonce == d.nonce && host.reply.key_id == d.key_id &&
	   host.reply.nsteps == 2 && host.reply.spoken == 1 && host.reply.version == 1 &&
	   host.reply.epoch == ops->epoch && (s64)be64_to_cpu(host.reply.stamp) == host.boot,
	   "the head of its answer");
	ok(body->stamp == d.stamp && be16_to_cpu(body->mask) == 1 && !body->bits &&
	   be16_to_cpu(body->fires_s) == NFT_SYSRQ_FIRES_NONE &&
	   nft_sysrq_wire_get_wall_ms(body->wall_ms) == host.real / 1000000,
	   "its body");
	ok(!host.logs && host.requests_told == 1, "told of, not logged");
	ok_u64(ops->accepted, 1, "counted with its key");
	ok_u64(ops->last_use, host.boot, "and when");
	host_pass(SECOND);
	ok(!*host.ran, "a dry run runs nothing");

	d = request(ops, NFT_SYSRQ_RUN, 2, "s20u20b");
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "a run");
	ok(answered(2, NFT_SYSRQ_ST_OK), "is answered");
	ok(host.logs == 1 && !strcmp(host.log, "ops run s +2.0s u +2.0s b"), "and logged");
	host_run(NFT_SYSRQ_BY_TIMER);
	ok(!strcmp(host.ran, "s"), "it runs");
	d = request(ops, NFT_SYSRQ_PROBE, 3, "");
	give(&d);
	ok_u64(be16_to_cpu(body->fires_s), 2, "a probe tells that it is pending, rounded up");
	d = request(ops, NFT_SYSRQ_PROBE, 4, "");
	d.body[0] = NFT_SYSRQ_PAGE_PENDING;
	seal(ops, &d);
	give(&d);
	ok(be32_to_cpu(page->nonce) == 2 && be32_to_cpu(page->fires_ms) == 2000 &&
	   page->next[0].letter == 'u' && page->next[1].letter == 'b' && !page->next[2].letter,
	   "page 1 tells more");
	d = request(ops, NFT_SYSRQ_RUN, 5, "s90b");
	give(&d);
	ok_u64(body->bits, NFT_SYSRQ_B_REPLACED, "another takes its place, and is told so");
	d = request(ops, NFT_SYSRQ_CANCEL, 6, "");
	ok_u64(give(&d), NFT_SYSRQ_STAT_CANCEL, "a cancel");
	ok(host.logs == 3 && !strcmp(host.log, "ops cancel"), "is logged");
	ok_u64(ops->cancelled, host.boot, "and remembered");
	d = request(ops, NFT_SYSRQ_PROBE, 7, "");
	d.body[0] = NFT_SYSRQ_PAGE_PENDING;
	seal(ops, &d);
	give(&d);
	ok(!page->nonce && be32_to_cpu(page->fires_ms) == NFT_SYSRQ_FIRES_NONE_MS,
	   "page 1 without one");
	d = request(ops, NFT_SYSRQ_CANCEL, 8, "");
	ok_u64(give(&d), NFT_SYSRQ_STAT_NOTHING, "nothing to cancel");
	ok(answered(8, NFT_SYSRQ_ST_NOTHING), "is an answer");
	ok_u64(ops->refused, 1, "and counted as a refusal");
	host_pass(20 * SECOND);
	ok(!strcmp(host.ran, "s"), "what was replaced and cancelled does not run");
	host_exit();
}

static void test_silent(void)
{
	struct nft_sysrq_dgram d;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	ok_u64(give_to(&d, NULL, true), NFT_SYSRQ_STAT_RUN, "a silent rule runs");
	ok(!host.replies && !counted(NFT_SYSRQ_STAT_REPLY_SENT), "and answers nothing");
	d = request(ops, NFT_SYSRQ_RUN, 2, "u");
	host.no_reply = true;
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "where no reply leaves");
	ok_u64(counted(NFT_SYSRQ_STAT_REPLY_FAILED), 1, "that is counted");
	host.no_reply = false;
	d = request(ops, NFT_SYSRQ_RUN, 3, "e");
	give(&d);
	ok_u64(counted(NFT_SYSRQ_STAT_REPLY_SENT), 1, "and so is one that does");
	host_run(NFT_SYSRQ_BY_TIMER);
	ok(!strcmp(host.ran, "sue"), "all three run");

	/* A dead timer is helped by any genuine packet, however it ends. */
	host.hold = true;
	d = request(ops, NFT_SYSRQ_RUN, 4, "s");
	give(&d);
	host_pass(SECOND);
	give(&d);
	ok(!strcmp(host.ran, "sues"), "late timers: the next packet runs it");
	host_exit();
}

static void test_which_key(void)
{
	char name[NFT_SYSRQ_NAME_LEN] = "web";
	struct nft_sysrq_dgram d, e;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	e = request(web, NFT_SYSRQ_RUN, 1, "s");
	ok_u64(give_to(&d, name, false), NFT_SYSRQ_STAT_KEY_OTHER, "not the key of the rule");
	ok(untouched(), "that leaves no trace");
	ok_u64(give_to(&e, name, false), NFT_SYSRQ_STAT_RUN, "the key of the rule");
	strcpy(name, "we");
	ok_u64(give_to(&e, name, false), NFT_SYSRQ_STAT_KEY_OTHER, "a part of its name");

	/* Two keys of one id, in one bucket. */
	hlist_del_rcu(&web->by_id);
	web->secrets.key_id = ops->secrets.key_id;
	hlist_add_head_rcu(&web->by_id, nft_sysrq_key_bucket(space.by_id, ops->secrets.key_id));
	host.packets_read = 0;
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "the second key of its id is tried");
	ok_u64(host.packets_read, 1, "the packet's headers are read once");
	ok(ops->accepted == 1 && web->accepted == 1, "and it is that one's");
	strcpy(name, "web");
	d = request(ops, NFT_SYSRQ_RUN, 2, "s");
	ok_u64(give_to(&d, name, false), NFT_SYSRQ_STAT_KEY_OTHER,
	       "that its tag fits the other is not enough");
	e = request(web, NFT_SYSRQ_RUN, 2, "s");
	ok_u64(give_to(&e, name, false), NFT_SYSRQ_STAT_RUN, "only its own counts");
	d.admission[0] ^= 1;
	ok_u64(give(&d), NFT_SYSRQ_STAT_ADMISSION, "none of them fits");
	host_exit();

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	ops->dead = true;
	ok_u64(give(&d), NFT_SYSRQ_STAT_KEY_UNKNOWN, "a key that is just being deleted");
	ops->dead = false;
	ops->retires = host.boot;
	ok_u64(give(&d), NFT_SYSRQ_STAT_KEY_UNKNOWN, "one whose time is over");
	ok(untouched() && !ops->window.count, "neither does anything");
	ops->retires = host.boot + 1;
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "before that it does");
	ops->retires = 0;
	host_exit();
}

static struct nft_sysrq_dgram other;
static int other_stat;

static void other_cpu(void)
{
	other_stat = give(&other);
}

/* Two CPUs have the same at once: both have looked, both HMACs hold. */
static void test_meanwhile(void)
{
	struct nft_sysrq_dgram d;
	u32 i, bad = 0;

	begin();
	other = request(ops, NFT_SYSRQ_RUN, 1, "s");
	host.meanwhile = other_cpu;
	ok_u64(give(&other), NFT_SYSRQ_STAT_SEEN, "the same by two CPUs");
	ok(other_stat == NFT_SYSRQ_STAT_RUN && host.replies == 1, "one runs it and answers");
	host_pass(SECOND);
	host.meanwhile = other_cpu;
	ok_u64(give(&other), NFT_SYSRQ_STAT_SEEN, "again");
	ok(other_stat == NFT_SYSRQ_STAT_SEEN && host.replies == 2, "one of them answers");
	ok(!strcmp(host.ran, "s"), "it has run once");

	other = request(ops, NFT_SYSRQ_RUN, 2, "s");
	other.epoch ^= 1;
	seal(ops, &other);
	host.meanwhile = other_cpu;
	ok_u64(give(&other), NFT_SYSRQ_STAT_STALE_EPOCH, "a stale one by two CPUs");
	ok(other_stat == NFT_SYSRQ_STAT_STALE_EPOCH && host.replies == 3, "one of them answers");

	for (i = 0; i < 14; i++) {
		d = request(ops, NFT_SYSRQ_RUN, 10 + i, "s");
		host_run(NFT_SYSRQ_BY_TIMER);
		bad += give(&d) != NFT_SYSRQ_STAT_RUN;
	}
	other = request(ops, NFT_SYSRQ_RUN, 100, "s");
	d = request(ops, NFT_SYSRQ_RUN, 101, "s");
	host.meanwhile = other_cpu;
	host_run(NFT_SYSRQ_BY_TIMER);
	ok_u64(give(&d), NFT_SYSRQ_STAT_FULL, "the last entry by two CPUs");
	ok(other_stat == NFT_SYSRQ_STAT_RUN && !bad, "one has it");
	host_exit();
}

int main(void)
{
	if (sodium_init() < 0)
		return EXIT_FAILURE;
	test_forged();
	test_answers();
	test_silent();
	test_which_key();
	test_meanwhile();
	return done();
}
