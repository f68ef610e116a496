// SPDX-License-Identifier: GPL-2.0-only
/* What is repeated, stale, refused or has no room: who is answered, and how often. */
#include "requests.h"

#include "tap.h"

static struct nft_sysrq_outcome *body = (void *)host.reply.body;

static void test_seen(void)
{
	struct nft_sysrq_dgram d, later;
	s64 first;

	begin();
	first = host.boot;
	d = request(ops, NFT_SYSRQ_RUN, 7, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "first");
	ok_u64(give(&d), NFT_SYSRQ_STAT_SEEN_LIMITED, "again, at once: no answer");
	host_pass(99 * 1000000);
	ok_u64(give(&d), NFT_SYSRQ_STAT_SEEN_LIMITED, "nor 99 ms later");
	host_pass(1000000);
	later = request(ops, NFT_SYSRQ_RUN, 7, "s");
	ok_u64(give(&later), NFT_SYSRQ_STAT_SEEN, "100 ms later, encoded anew: an answer");
	ok(answered(7, NFT_SYSRQ_ST_OK) && body->bits == NFT_SYSRQ_B_SEEN &&
	   (s64)be64_to_cpu(body->stamp) == first, "of the first one, with its stamp");
	ok_u64(give(&later), NFT_SYSRQ_STAT_SEEN_LIMITED, "and then none again");
	host_pass(SECOND);
	d = by_wall(ops, later, ops->host_tag, host.real);
	ok_u64(give(&d), NFT_SYSRQ_STAT_SEEN, "the same in the other mode");
	d.mac[0] ^= 1;
	compat_sip(&ops->secrets.admission[0], (u8 *)&d, NFT_SYSRQ_ADM_OFFSET, d.admission);
	host_pass(SECOND);
	ok_u64(give(&d), NFT_SYSRQ_STAT_MAC, "a forged one with its nonce");
	ok_u64(give(&later), NFT_SYSRQ_STAT_SEEN, "takes no turn of its");
	ok(host.replies == 4 && host.logs == 1 && host.requests_told == 4, "answered, logged, told");
	ok(ops->accepted == 1 && !strcmp(host.ran, "s"), "and run once");

	/* A key without wall-clock mode; a refusal and its reasons. */
	ops->set.wall = false;
	ops->set.letters = 1ULL << 28;
	d = request(ops, NFT_SYSRQ_RUN, 8, "sbu");
	ok_u64(give(&d), NFT_SYSRQ_STAT_REFUSED_KEY, "refused");
	ops->set.letters = NFT_SYSRQ_LETTERS_ALL;
	host_pass(SECOND);
	ok_u64(give(&d), NFT_SYSRQ_STAT_SEEN, "again, when it would not be: it stays refused");
	ok(answered(8, NFT_SYSRQ_ST_REFUSED) &&
	   body->bits == (NFT_SYSRQ_B_SEEN | NFT_SYSRQ_B_NO_WALL) &&
	   nft_sysrq_wire_get_reasons(body->reasons) ==
		   (NFT_SYSRQ_R_KEY << 2 | NFT_SYSRQ_R_KEY << 4), "for the reasons of then");
	host_exit();
}

/* 64 slots, chosen by the tag: a stale datagram is answered once a second and slot. */
static void test_stale(void)
{
	struct nft_sysrq_dgram d, same, other;
	__be64 epoch;
	u32 nonce = 1;

	begin();
	epoch = ops->epoch ^ cpu_to_be64(1);
	d = request(ops, NFT_SYSRQ_RUN, nonce, "s");
	d.epoch = epoch;
	seal(ops, &d);
	do {
		same = request(ops, NFT_SYSRQ_RUN, ++nonce, "s");
		same.epoch = epoch;
		seal(ops, &same);
	} while (same.admission[0] % 64 != d.admission[0] % 64);
	do {
		other = request(ops, NFT_SYSRQ_RUN, ++nonce, "s");
		other.epoch = epoch;
		seal(ops, &other);
	} while (other.admission[0] % 64 == d.admission[0] % 64);

	ok_u64(give(&d), NFT_SYSRQ_STAT_STALE_EPOCH, "of another epoch");
	ok(answered(1, NFT_SYSRQ_ST_STALE) && !body->mask && !body->bits &&
	   body->stamp == d.stamp && be16_to_cpu(body->fires_s) == NFT_SYSRQ_FIRES_NONE &&
	   nft_sysrq_wire_get_wall_ms(body->wall_ms) == host.real / 1000000,
	   "the answer has epoch and clocks only");
	ok_u64(give(&same), NFT_SYSRQ_STAT_STALE_LIMITED, "another in its slot: no answer");
	ok_u64(give(&other), NFT_SYSRQ_STAT_STALE_EPOCH, "one in another slot: one");
	host_pass(999 * 1000000LL);
	ok_u64(give(&same), NFT_SYSRQ_STAT_STALE_LIMITED, "none 999 ms later");
	host_pass(1000000);
	ok_u64(give(&same), NFT_SYSRQ_STAT_STALE_EPOCH, "one after a second");
	ok_u64(host.replies, 3, "three answers");
	ok(!ops->window.count && !ops->refused, "nothing is entered, nothing counted");
	d.epoch = ops->epoch;
	seal(ops, &d);
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "its nonce is still good");

	/* That slot's turn is taken; what is fresh, or was seen, does not mind. */
	do
		d = request(ops, NFT_SYSRQ_RUN, ++nonce, "u");
	while (d.admission[0] % 64 != same.admission[0] % 64);
	give(&same);
	ok_u64(give(&same), NFT_SYSRQ_STAT_STALE_LIMITED, "its slot has no turn");
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "a fresh one needs none");
	host_pass(70 * SECOND);
	/* What the slot has told before would not take its turn. */
	do {
		same = request(ops, NFT_SYSRQ_RUN, ++nonce, "s");
		same.epoch = epoch;
		seal(ops, &same);
	} while (same.admission[0] % 64 != d.admission[0] % 64);
	ok_u64(give(&same), NFT_SYSRQ_STAT_STALE_EPOCH, "a stale one takes it");
	ok_u64(give(&d), NFT_SYSRQ_STAT_SEEN, "a seen one needs none either, however old");
	host_pass(100 * 1000000);
	ok_u64(give(&d), NFT_SYSRQ_STAT_SEEN, "which has its own");
	host_exit();
}

static void stale_is(struct nft_sysrq_dgram d, int want, const char *what)
{
	host_pass(2 * SECOND);
	ok_u64(give(&d), want, what);
}

static void test_modes(void)
{
	struct nft_sysrq_dgram d;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	stale_is(by_wall(ops, d, ops->host_tag ^ 1, host.real), NFT_SYSRQ_STAT_STALE_EPOCH,
		 "wall: another host's");
	stale_is(by_wall(ops, d, ops->epoch, host.real), NFT_SYSRQ_STAT_STALE_EPOCH,
		 "wall: the epoch is no host tag");
	stale_is(by_wall(ops, d, 0, host.real), NFT_SYSRQ_STAT_STALE_EPOCH, "wall: a run for all");
	stale_is(by_wall(ops, d, ops->host_tag, host.real - 70 * SECOND), NFT_SYSRQ_STAT_STALE_OLD,
		 "wall: too old");
	stale_is(by_wall(ops, d, ops->host_tag, host.real + 70 * SECOND),
		 NFT_SYSRQ_STAT_STALE_FUTURE, "wall: too new");
	d.epoch = ops->host_tag;
	seal(ops, &d);
	stale_is(d, NFT_SYSRQ_STAT_STALE_EPOCH, "epoch mode: the host tag is no epoch");
	d = request(ops, NFT_SYSRQ_CANCEL, 2, "");
	stale_is(by_wall(ops, d, 0, host.real), NFT_SYSRQ_STAT_STALE_EPOCH, "wall: a cancel for all");
	ok(!ops->window.count, "none is entered");
	d = request(ops, NFT_SYSRQ_PROBE, 3, "");
	stale_is(by_wall(ops, d, 0, host.real), NFT_SYSRQ_STAT_PROBE, "wall: a probe for all");
	d = request(ops, NFT_SYSRQ_PROBE, 4, "");
	d.epoch = 0;
	seal(ops, &d);
	stale_is(d, NFT_SYSRQ_STAT_STALE_EPOCH, "epoch mode: no probe for all");
	d = request(ops, NFT_SYSRQ_RUN, 5, "s");
	stale_is(by_wall(ops, d, ops->host_tag, host.real), NFT_SYSRQ_STAT_RUN, "wall: a run");
	ops->set.wall = false;
	d = request(ops, NFT_SYSRQ_PROBE, 6, "");
	stale_is(by_wall(ops, d, ops->host_tag, host.real), NFT_SYSRQ_STAT_STALE_WALL,
		 "wall: the key forbids it");
	stale_is(by_wall(ops, d, 0, host.real), NFT_SYSRQ_STAT_STALE_WALL, "to all too");
	host_exit();
}

/* All bits of an answer at once. */
static void test_bits(void)
{
	struct nft_sysrq_dgram d;

	begin();
	ops->set.wall = false;
	d = request(ops, NFT_SYSRQ_RUN, 1, "s90b");
	give(&d);
	ok_u64(body->bits, NFT_SYSRQ_B_NO_WALL, "the key forbids wall-clock mode");
	d = request(ops, NFT_SYSRQ_RUN, 2, "s90b");
	give(&d);
	host_pass(SECOND);
	give(&d);
	ok_u64(body->bits, NFT_SYSRQ_B_NO_WALL | NFT_SYSRQ_B_REPLACED | NFT_SYSRQ_B_SEEN,
	       "and something was replaced, and it was seen");
	host_exit();
}

/* By the stamp, not by the order of their coming; wall-clock stamps by the host's clock. */
static void test_order(void)
{
	struct nft_sysrq_dgram d, cancel;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 1, "s90b");
	host_pass(SECOND);
	cancel = request(ops, NFT_SYSRQ_CANCEL, 2, "");
	ok_u64(give(&cancel), NFT_SYSRQ_STAT_NOTHING, "a cancel comes first");
	ok_u64(give(&d), NFT_SYSRQ_STAT_OVERTAKEN, "the run that it was to cancel does not run");
	ok(answered(1, NFT_SYSRQ_ST_OVERTAKEN), "and is told so");
	d = by_wall(ops, request(ops, NFT_SYSRQ_RUN, 3, "s90b"), ops->host_tag,
		    host.real - SECOND);
	ok_u64(give(&d), NFT_SYSRQ_STAT_OVERTAKEN, "nor one by wall clock");
	d = by_wall(ops, request(ops, NFT_SYSRQ_RUN, 4, "s90b"), ops->host_tag, host.real);
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "a later one does");
	host_pass(SECOND);
	cancel = by_wall(ops, request(ops, NFT_SYSRQ_CANCEL, 5, ""), ops->host_tag,
			 host.real - 2 * SECOND);
	ok_u64(give(&cancel), NFT_SYSRQ_STAT_OVERTAKEN, "a cancel from before it");
	ok_u64(ops->cancelled, host.boot - SECOND, "does not count as one");
	web->set.letters = 1;
	d = request(web, NFT_SYSRQ_CANCEL, 1, "");
	ok_u64(give(&d), NFT_SYSRQ_STAT_OTHERS, "nor does another key's");
	ok(!web->cancelled, "not even there");
	cancel = by_wall(ops, request(ops, NFT_SYSRQ_CANCEL, 6, ""), ops->host_tag,
			 host.real + SECOND);
	ok_u64(give(&cancel), NFT_SYSRQ_STAT_CANCEL, "its own does");
	ok_u64(ops->cancelled, host.boot + SECOND, "at its time by the host's clock");
	cancel = request(ops, NFT_SYSRQ_CANCEL, 7, "");
	give(&cancel);
	ok_u64(ops->cancelled, host.boot + SECOND, "the latest counts");
	host_exit();
}

static void test_refused(void)
{
	struct nft_sysrq_dgram d;
	u32 i, busy = 0;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 1, "");
	ok_u64(give(&d), NFT_SYSRQ_STAT_MALFORMED, "a run without steps");
	ok(answered(1, NFT_SYSRQ_ST_MALFORMED), "is told so");
	host.sysrq = 16;
	d = request(ops, NFT_SYSRQ_RUN, 2, "su");
	ok_u64(give(&d), NFT_SYSRQ_STAT_REFUSED_SYSRQ, "kernel.sysrq forbids it");
	ok(answered(2, NFT_SYSRQ_ST_REFUSED) && be16_to_cpu(body->mask) == 16 &&
	   nft_sysrq_wire_get_reasons(body->reasons) == NFT_SYSRQ_R_SYSRQ << 2, "for that reason");
	d = request(ops, NFT_SYSRQ_PROBE, 3, "sy");
	ok_u64(give(&d), NFT_SYSRQ_STAT_REFUSED_UNKNOWN, "a dry run of what nobody takes");
	d = request(ops, NFT_SYSRQ_RUN, 30, "u");
	ok_u64(give(&d), NFT_SYSRQ_STAT_REFUSED_SYSRQ, "the first step, and the only one");
	d = request(ops, NFT_SYSRQ_RUN, 31, "suy");
	ok_u64(give(&d), NFT_SYSRQ_STAT_REFUSED_SYSRQ, "of several reasons the first is counted");
	d = request(ops, NFT_SYSRQ_PROBE, 4, "s.s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_PROBE, "what only waits needs no leave");
	ok_u64(ops->refused, 5, "refusals are counted");
	ok_u64(ops->window.count, 6, "and entered");

	host.sysrq = 1;
	ops->set.expires = host.real / SECOND + 1000;
	nft_sysrq_key_set_expiry(ops, &(struct nft_sysrq_clock){ host.boot, host.real });
	ok_u64(ops->expires_boot, host.boot + 1000 * SECOND - host.real % SECOND, "its expiry");
	d = request(ops, NFT_SYSRQ_RUN, 5, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "before it");
	host_pass(1000 * SECOND);
	d = request(ops, NFT_SYSRQ_RUN, 6, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_EXPIRED, "then no more");
	ok(answered(6, NFT_SYSRQ_ST_EXPIRED), "which is told");
	d = request(ops, NFT_SYSRQ_RUN, 7, "");
	ok_u64(give(&d), NFT_SYSRQ_STAT_MALFORMED, "that it has no meaning comes first");
	d = request(ops, NFT_SYSRQ_RUN, 32, "y");
	ok_u64(give(&d), NFT_SYSRQ_STAT_EXPIRED, "that it would be refused does not");
	host.real -= 500 * SECOND;
	d = request(ops, NFT_SYSRQ_RUN, 8, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_EXPIRED, "also if the clock is set back");
	host.real += 500 * SECOND;
	ops->expires_boot = INT64_MAX;
	d = request(ops, NFT_SYSRQ_RUN, 9, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_EXPIRED, "or the time since it was set");
	ops->set.expires = 0;
	host.hold = true;
	for (i = 0; i < NFT_SYSRQ_PROGRAMS; i++) {
		d = request(web, NFT_SYSRQ_RUN, 20 + i, "s");
		busy += give(&d) != NFT_SYSRQ_STAT_RUN;
	}
	d = request(ops, NFT_SYSRQ_RUN, 10, "s");
	ok(give(&d) == NFT_SYSRQ_STAT_BUSY && !busy, "the ninth that has not begun");
	ok(answered(10, NFT_SYSRQ_ST_BUSY), "is told so");
	host_pass(SECOND);
	host_run(NFT_SYSRQ_BY_TIMER);
	ok_u64(strlen(host.ran), 9, "the others run");
	host_exit();
}

static void test_full(void)
{
	struct nft_sysrq_dgram d, next;
	u32 i, bad = 0;

	begin();
	for (i = 0; i < 8; i++) {
		d = request(ops, NFT_SYSRQ_PROBE, i, "");
		bad += give(&d) != NFT_SYSRQ_STAT_PROBE;
	}
	d = request(ops, NFT_SYSRQ_PROBE, 8, "");
	ok(give(&d) == NFT_SYSRQ_STAT_FULL && !bad, "probes use half of the window");
	ok(answered(8, NFT_SYSRQ_ST_FULL) && be16_to_cpu(body->mask) == 1, "which is told");
	ok_u64(give(&d), NFT_SYSRQ_STAT_STALE_LIMITED, "now and then");
	for (i = 10; i < 18; i++) {
		next = request(ops, NFT_SYSRQ_RUN, i, "s");
		bad += give(&next) != NFT_SYSRQ_STAT_RUN;
	}
	host_pass(SECOND);
	next = request(ops, NFT_SYSRQ_RUN, 18, "u");
	ok(give(&next) == NFT_SYSRQ_STAT_FULL && !bad, "runs the other half");
	ok(ops->refused == 0 && ops->accepted == 16, "that is no refusal");
	host_pass(2 * SECOND);
	ok_u64(give(&next), NFT_SYSRQ_STAT_STALE_LIMITED, "what was told is not told again");
	next = request(ops, NFT_SYSRQ_RUN, 18, "u");
	ok_u64(give(&next), NFT_SYSRQ_STAT_FULL, "encoded anew it is");
	host_pass(143 * SECOND);
	next = request(ops, NFT_SYSRQ_RUN, 18, "u");
	ok_u64(give(&next), NFT_SYSRQ_STAT_RUN, "after 145 s there is room");
	ok(!strchr(host.ran, 'u') || !strcmp(host.ran, "ssssssssu"), "nothing has run before");
	host_exit();
}

/* What the wall clock has shown once, also to a duplicate, raises the floor. */
static void test_watch(void)
{
	struct nft_sysrq_dgram d;

	begin();
	d = request(ops, NFT_SYSRQ_PROBE, 1, "");
	give(&d);
	host.real += 5000 * SECOND;
	host_pass(SECOND);
	give(&d);
	ok_u64(ops->window.wall0, host.real - host.boot, "a duplicate shows it the clock");
	host.real += 5000 * SECOND;
	host_pass(SECOND);
	d.epoch ^= 1;
	seal(ops, &d);
	d.nonce ^= 1;
	seal(ops, &d);
	ok_u64(give(&d), NFT_SYSRQ_STAT_STALE_EPOCH, "one of another epoch");
	ok_u64(ops->window.wall0, host.real - host.boot, "too");
	host_exit();
}

int main(void)
{
	if (sodium_init() < 0)
		return EXIT_FAILURE;
	test_seen();
	test_stale();
	test_modes();
	test_bits();
	test_order();
	test_refused();
	test_full();
	test_watch();
	return done();
}
