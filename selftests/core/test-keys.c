// SPDX-License-Identifier: GPL-2.0-only
/* Keys come and go: what was run under one is not run under the next. */
#include "requests.h"

#include "tap.h"

static struct nft_sysrq_key *again(u8 material)
{
	return host_key("ops", material, 16, 0);
}

/* The answer is lost; the key is deleted and set again; the sender goes on, as it may. */
static void test_set_anew(void)
{
	struct nft_sysrq_dgram d;
	s64 gone, stamp;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 7, "s");
	stamp = host.real;
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "a run");
	host_pass(5 * SECOND);
	gone = host.boot;
	nft_sysrq_key_remove(ops);
	ok_u64(give(&d), NFT_SYSRQ_STAT_KEY_UNKNOWN, "its key is deleted");
	ops = again(1);
	d = request(ops, NFT_SYSRQ_RUN, 7, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_STALE_OLD, "and set again: mended, it does not run");
	host_pass(gone + NFT_SYSRQ_TRY_NS - host.boot);
	d = request(ops, NFT_SYSRQ_RUN, 7, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_STALE_OLD, "nor as long as its sender may go on");
	host.boot++;
	d = request(ops, NFT_SYSRQ_RUN, 8, "u");
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "what comes then does");
	host_pass(50 * SECOND);
	d = by_wall(ops, d, ops->host_tag, stamp + 80 * SECOND);
	d.nonce = cpu_to_be32(7);
	seal(ops, &d);
	ok_u64(give(&d), NFT_SYSRQ_STAT_STALE_OLD, "its last copy by wall clock");
	d = by_wall(ops, d, ops->host_tag, stamp + 86 * SECOND);
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "what is later than all of them does not matter");
	ok(!strcmp(host.ran, "su"), "what has run");
	host_exit();

	begin();
	d = request(ops, NFT_SYSRQ_PROBE, 7, "");
	give(&d);
	nft_sysrq_key_remove(ops);
	ops = again(1);
	host.boot++;
	ok_u64(space.ngone, 1, "and is remembered for wall-clock mode");
	d = request(ops, NFT_SYSRQ_RUN, 8, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "after probes only, at once");
	host_pass(60 * SECOND);
	nft_sysrq_key_remove(ops);
	ops = again(1);
	d = request(ops, NFT_SYSRQ_RUN, 9, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_STALE_OLD, "a minute later it cannot tell");
	host_pass(30 * SECOND);
	nft_sysrq_key_remove(ops);
	ops = again(1);
	d = request(ops, NFT_SYSRQ_RUN, 9, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "but when all of its encodings are old");
	host_exit();
}

/* What was gone long ago is known as well as what went last. */
static void test_many(void)
{
	struct nft_sysrq_dgram d;
	unsigned int i, bad = 0;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 7, "s");
	give(&d);
	nft_sysrq_key_remove(ops);
	for (i = 0; i < NFT_SYSRQ_GONE; i++) {
		ops = again(10 + i);
		d = request(ops, NFT_SYSRQ_PROBE, 7, "");
		bad += give(&d) != NFT_SYSRQ_STAT_PROBE;
		nft_sysrq_key_remove(ops);
		if (i == NFT_SYSRQ_GONE - 2) {
			ops = again(200);
			bad += !!ops->window.mark[NFT_SYSRQ_MODE_EPOCH];
			nft_sysrq_key_remove(ops);
		}
	}
	ops = again(200);
	bad += !!ops->window.mark[NFT_SYSRQ_MODE_EPOCH];
	nft_sysrq_key_remove(ops);
	ok_u64(bad, 0, "other keys are none the worse for it");
	ops = again(1);
	d = request(ops, NFT_SYSRQ_RUN, 7, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_STALE_OLD, "64 keys later");
	ok(ops->window.mark[NFT_SYSRQ_MODE_WALL] > host.real, "in either mode");
	host_exit();

	begin();
	for (i = 0; i < 3 * NFT_SYSRQ_GONE; i++) {
		nft_sysrq_key_remove(ops);
		ops = again(1);
	}
	ok_u64(space.ngone, 0, "what accepted nothing need not be known");
	host_exit();
}

/* Removes @key; @end is what it may have accepted. */
static void end_of(struct nft_sysrq_key *key, s64 end[NFT_SYSRQ_MODES])
{
	const struct nft_sysrq_clock now = { host.boot, host.real };

	nft_sysrq_window_end(&key->window, &now, end);
	nft_sysrq_key_remove(key);
}

/* A key that runs something, and is gone. */
static bool run_and_go(u8 material, s64 end[NFT_SYSRQ_MODES])
{
	struct nft_sysrq_key *key = host_key("run", material, 16, 0);
	struct nft_sysrq_dgram d = request(key, NFT_SYSRQ_RUN, 7, "s");
	int stat = give(&d);

	host_pass(SECOND);
	end_of(key, end);
	return stat == NFT_SYSRQ_STAT_RUN;
}

/* All that is not remembered by its key holds for every new one. */
static bool holds_for_all(s64 epoch, s64 wall)
{
	struct nft_sysrq_key *key = host_key("new", 200, 16, 0);
	bool good = key->window.mark[NFT_SYSRQ_MODE_EPOCH] == epoch &&
		    key->window.mark[NFT_SYSRQ_MODE_WALL] == wall;

	nft_sysrq_key_remove(key);
	return good;
}

/* More keys than are remembered: those that matter least make room. */
static void test_crowd(void)
{
	s64 ended[3][NFT_SYSRQ_MODES], first[NFT_SYSRQ_MODES], end[NFT_SYSRQ_MODES];
	struct nft_sysrq_settings set;
	struct nft_sysrq_key *probed[3];
	struct nft_sysrq_dgram d;
	unsigned int i, bad = 0;

	begin();
	ok(untouched(), "a new key has answered nobody");
	for (i = 0; i < 3; i++) {
		probed[i] = host_key((const char *[]){ "a", "b", "c" }[i], 240 + i, 16, 0);
		d = request(probed[i], NFT_SYSRQ_PROBE, 7, "");
		bad += give(&d) != NFT_SYSRQ_STAT_PROBE;
		host_pass(SECOND);
	}
	/* Not in the order of their ends. */
	end_of(probed[1], ended[1]);
	end_of(probed[0], ended[0]);
	end_of(probed[2], ended[2]);
	bad += !run_and_go(10, first);
	for (i = 4; i < NFT_SYSRQ_GONE; i++)
		bad += !run_and_go(10 + i, end);
	ok(!bad && holds_for_all(0, 0), "all are remembered");
	bad += !run_and_go(100, end);
	ok(holds_for_all(0, ended[0][NFT_SYSRQ_MODE_WALL]), "one more: the one that ends first goes");
	bad += !run_and_go(101, end);
	ok(holds_for_all(0, ended[1][NFT_SYSRQ_MODE_WALL]), "then the next one");
	bad += !run_and_go(102, end);
	ok(holds_for_all(0, ended[2][NFT_SYSRQ_MODE_WALL]), "probes before runs");
	bad += !run_and_go(103, end);
	ok(!bad && holds_for_all(first[NFT_SYSRQ_MODE_EPOCH], first[NFT_SYSRQ_MODE_WALL]),
	   "then, for all keys, what the first one ran");
	ok(first[NFT_SYSRQ_MODE_EPOCH] < end[NFT_SYSRQ_MODE_EPOCH], "which is over before the others are");
	host_exit();

	begin();
	set = ops->set;
	set.tolerance_ms = 3000;
	nft_sysrq_key_adjust(ops, &set, ops->host_tag);
	ok(ops->window.mark[NFT_SYSRQ_MODE_EPOCH] > 0, "another tolerance: what was too old stays so");
	nft_sysrq_key_remove(ops);
	ok_u64(space.gone[0].end[NFT_SYSRQ_MODE_EPOCH], 0, "what is over needs no memory");
	host_exit();
}

/* What was replaced is wiped when its time is over. */
static void wiped_in_time(struct nft_sysrq_key *old)
{
	struct nft_sysrq_dgram d;

	host_pass(99 * SECOND);
	host.works = 0;
	mutex_unlock(&nft_sysrq_key_mutex);
	host.work->fn(host.work);
	mutex_lock(&nft_sysrq_key_mutex);
	ok_u64(space.keys, 3, "all three are there for so long");
	ok(host.works == 1 && host.delay == 250 + 1, "another look is taken when its time is over");
	d = request(old, NFT_SYSRQ_PROBE, 2, "");
	ok_u64(give(&d), NFT_SYSRQ_STAT_EXPIRED, "though this one has expired");
	host_pass(SECOND);
	d = request(old, NFT_SYSRQ_PROBE, 3, "");
	ok_u64(give(&d), NFT_SYSRQ_STAT_KEY_UNKNOWN, "when its time is over, at once");
	mutex_unlock(&nft_sysrq_key_mutex);
	host.work->fn(host.work);
	mutex_lock(&nft_sysrq_key_mutex);
	ok_u64(space.keys, 2, "and wiped");
	ok_u64(host.works, 1, "no further look is needed");
}

/* Replaced, set again, replaced for good: @set are settings that others must not get. */
static void set_again(struct nft_sysrq_settings set)
{
	struct nft_sysrq_key *old;

	old = ops;
	ops = host_key("ops", 4, 16, 100);
	host.keys_told = 0;
	nft_sysrq_key_restore(old, ops, 100);
	ok_u64(host.keys_told, 2, "told of: one that is new again, one that is replaced");
	ok(host.works == 3 && !host.delay, "a look is taken at once");
	ok(nft_sysrq_key_find(&space, "ops") == old, "what was replaced is set again");
	ok(nft_sysrq_key_overlap(old, 50) && ops->retires == host.boot + 50 * SECOND,
	   "the other is good for less");
	ok(!nft_sysrq_key_overlap(web, 50), "nothing was replaced here");
	host_key("ops", 8, 16, 100);
	ok_u64(space.keys, 4, "replaced for a while: all before it stay");
	old = web;
	web = host_key("web", 6, 16, 100);
	set.letters = 3;
	set.expires = 0;
	nft_sysrq_key_adjust(nft_sysrq_key_find(&space, "ops"), &set, 1);
	ok(old->set.letters == NFT_SYSRQ_LETTERS_ALL, "what others have replaced is not led by it");
	nft_sysrq_key_overlap(web, 0);
	ops = host_key("ops", 5, 16, 0);
	ok_u64(space.keys, 2, "replaced at once: all before it are gone");
	ops = host_key("ops", 7, 16, 100);
	host.keys_told = 0;
	nft_sysrq_key_delete(ops);
	ok_u64(host.keys_told, 2, "told of: two that are gone");
	ok(space.keys == 1 && !nft_sysrq_key_find(&space, "ops"), "deleted");
}

static void test_overlap(void)
{
	struct nft_sysrq_key *old, *twin;
	struct nft_sysrq_dgram d;
	struct nft_sysrq_settings set;

	begin();
	old = ops;
	old->set.letters = 1;
	ops = host_key("ops", 3, 16, 100);
	ok(nft_sysrq_key_find(&space, "ops") == ops, "the newer material has the name");
	ok_u64(host.keys_told, 2, "told of: a new key, and one that is replaced");
	ok(old->set.letters == NFT_SYSRQ_LETTERS_ALL, "it has the settings of the newer one");
	d = request(old, NFT_SYSRQ_RUN, 1, "s");
	ok_u64(give(&d), NFT_SYSRQ_STAT_RUN, "what was replaced stays good");
	ok(nft_sysrq_key_twin(&space, ops) == ops && nft_sysrq_key_twin(&space, old) == old,
	   "each material is known");
	twin = nft_sysrq_key_create("x", (const u8[NFT_SYSRQ_KEY_LEN]){ 9 }, &ops->set, 16);
	ok(!nft_sysrq_key_twin(&space, twin), "others are not");
	nft_sysrq_key_free(twin);

	set = ops->set;
	set.letters = 1;
	strcpy(set.identity, "web2");
	host.keys_told = 0;
	set.tolerance_ms = 3000;
	set.wall = false;
	set.expires = host.real / SECOND + 50;
	nft_sysrq_key_adjust(ops, &set, 77);
	ok_u64(host.keys_told, 1, "told of: other settings");
	ok_u64(ops->expires_boot, host.boot + 50 * SECOND, "its expiry, from now on");
	ok(ops->set.letters == 1 && ops->set.tolerance_ms == 3000 && !ops->set.wall &&
	   ops->host_tag == 77 && ops->set.expires == set.expires &&
	   ops->window.tolerance == 3 * SECOND, "settings");
	ok(!strcmp(ops->set.identity, "web2"), "its identity");
	ok(old->set.letters == 1 && !old->set.wall && old->host_tag != 77 &&
	   !strcmp(old->set.identity, "web1") &&
	   old->expires_boot == ops->expires_boot, "what it replaced has them too");
	ok(web->set.letters == NFT_SYSRQ_LETTERS_ALL, "others do not");

	/* The same expiry once more, by another clock: it does not begin anew. */
	host.real -= 10 * SECOND;
	nft_sysrq_key_adjust(ops, &set, 77);
	host.real += 10 * SECOND;
	ok_u64(ops->expires_boot, host.boot + 50 * SECOND, "the same expiry stays what it was");

	wiped_in_time(old);
	set_again(set);
	host_exit();
}

/* A pending program goes with its key, or with a letter of it. */
static void test_programs(void)
{
	struct nft_sysrq_settings set;
	struct nft_sysrq_dgram d;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 1, "s50b");
	give(&d);
	host_run(NFT_SYSRQ_BY_TIMER);
	set = ops->set;
	set.letters = 1ULL << 28 | 1ULL << 11;
	nft_sysrq_key_adjust(ops, &set, ops->host_tag);
	ok_u64(nft_sysrq_programs_taken, 1, "its letters are still allowed");
	set.letters = 1ULL << 28;
	nft_sysrq_key_adjust(ops, &set, ops->host_tag);
	ok_u64(nft_sysrq_programs_taken, 0, "one is not: it is dropped");
	d = request(ops, NFT_SYSRQ_RUN, 2, "s50s");
	give(&d);
	nft_sysrq_key_remove(ops);
	ok_u64(nft_sysrq_programs_taken, 0, "the key goes, and its program");
	host_exit();
}

static void remove_ops(void)
{
	nft_sysrq_key_remove(ops);
}

/* The key goes while another CPU is checking an HMAC under it. */
static void test_meanwhile(void)
{
	struct nft_sysrq_dgram d;

	begin();
	d = request(ops, NFT_SYSRQ_RUN, 1, "s");
	host.meanwhile = remove_ops;
	ok_u64(give(&d), NFT_SYSRQ_STAT_KEY_UNKNOWN, "a key that goes meanwhile");
	ok(!host.replies && !host.requests_told && !nft_sysrq_programs_taken, "does nothing more");
	host_exit();
}

static void test_limits(void)
{
	static const struct nft_sysrq_settings set = { .expires = 1770000000 };
	const u8 material[NFT_SYSRQ_KEY_LEN] = { 1 };
	struct nft_sysrq_key *key;

	host_init();
	ok(!nft_sysrq_key_find(&space, "ops"), "without keys none is found");
	host.memory = 0;
	ok(!nft_sysrq_key_create("ops", material, &set, 16), "no memory for a key");
	host.memory = 1;
	ok(!nft_sysrq_key_create("ops", material, &set, 16), "nor for its window");
	host.memory = -1;
	key = nft_sysrq_key_create("ops", material, &set, 16);
	ok(key && key->epoch && key->serial, "an epoch is never 0");
	ok_u64(key->expires_boot, host.boot + set.expires * SECOND - host.real, "its expiry");
	ok(!nft_sysrq_key_twin(&space, key), "nobody has its material");
	host.memory = 0;
	ok_u64(-nft_sysrq_key_insert(&space, key, NULL, 0), ENOMEM, "nor for the first");
	host.memory = -1;
	space.keys = NFT_SYSRQ_KEYS_MAX;
	ok_u64(-nft_sysrq_key_insert(&space, key, NULL, 0), ENOSPC, "too many");
	space.keys--;
	ok_u64(nft_sysrq_key_insert(&space, key, NULL, 0), 0, "the last one");
	space.keys = 1;
	ok(key->space == &space && !space.ngone, "it knows where it belongs");
	host_exit();
}

int main(void)
{
	if (sodium_init() < 0)
		return EXIT_FAILURE;
	test_set_anew();
	test_many();
	test_crowd();
	test_overlap();
	test_programs();
	test_meanwhile();
	test_limits();
	return done();
}
