// SPDX-License-Identifier: GPL-2.0-only
/* Programs: which is accepted, when each step is due, who may run it. */
#include "stand-in.h"

#include "program_table.h"

#include "letters.h"
#include "tap.h"

#define MS	1000000LL

static struct nft_sysrq_key *ops, *web;

/* Letters with waits between them in 100 ms: "s20b" is s, 2 s, b. */
static unsigned int steps_of(const char *text, struct nft_sysrq_step *steps)
{
	unsigned int n = 0;

	for (; *text; n++) {
		steps[n].letter = *text == '.' ? 0 : *text;
		steps[n].wait = strtoul(text + 1, (char **)&text, 10);
	}
	return n;
}

static struct nft_sysrq_offer offer_of(const struct nft_sysrq_key *key, const char *text,
				       s64 order)
{
	static struct nft_sysrq_step steps[NFT_SYSRQ_MAX_STEPS];
	struct nft_sysrq_offer offer = { .key = key, .steps = steps, .nonce = 77, .order = order };

	memset(steps, 0, sizeof(steps));
	offer.nsteps = steps_of(text, steps);
	return offer;
}

static int run(const struct nft_sysrq_key *key, const char *text, s64 order)
{
	struct nft_sysrq_offer offer = offer_of(key, text, order);
	int status = nft_sysrq_program_offer(&offer);

	if (!status)
		nft_sysrq_program_start(offer.token);
	return status ? status : offer.replaced ? -1 : 0;
}

static bool ran(const char *letters)
{
	bool same = !strcmp(host.ran, letters);

	if (!same)
		printf("# ran \"%s\", not \"%s\"\n", host.ran, letters);
	memset(host.ran, 0, sizeof(host.ran));
	return same;
}

static void begin(void)
{
	host_init();
	ops = host_key("ops", 1, 16, 0);
	web = host_key("web", 2, 16, 0);
}

static void test_run(void)
{
	begin();
	ok_u64(run(ops, "s20.10u20b", 5), 0, "accepted");
	ok_u64(stand_in_module, 1, "it holds the module");
	host_run(NFT_SYSRQ_BY_TIMER);
	ok(ran("s"), "the first at once");
	ok_u64(host.when[0], host.mono + 2 * SECOND, "the next is armed");
	host_pass(2990 * MS);
	ok(ran(""), "the second not before its waits are over");
	host_pass(10 * MS);
	ok(ran("u"), "but then");
	host_pass(1990 * MS);
	ok(ran(""), "nor the last");
	host_pass(10 * MS);
	ok(ran("b"), "but then");
	ok(!stand_in_module && !nft_sysrq_programs_taken, "nothing is left of it");
	ok_u64(nft_sysrq_program_steps(), 3, "three letters are counted");
	ok_u64(host.steps_told, 3, "and told of");
	ok_u64(host.ended_told, 0, "it was not dropped");
	host_pass(10 * SECOND);
	ok(ran(""), "none runs again");
	host_exit();
}

/* What ends the machine leaves time for the answer, and for what was printed. */
static void test_ends(char letter, bool quiet)
{
	char text[8];

	begin();
	snprintf(text, sizeof(text), "%c", letter);
	run(ops, text, 5);
	host_pass(40 * MS);
	ok(ran(""), "%c: not before the answer is out", letter);
	host_pass(10 * MS);
	ok(ran(text), "%c: 50 ms later", letter);

	snprintf(text, sizeof(text), "m%c", letter);
	run(ops, text, 6);
	host_run(NFT_SYSRQ_BY_PRINTER);
	host_run(NFT_SYSRQ_BY_TIMER);
	host_run(NFT_SYSRQ_BY_PRINTER);
	ok(ran("m"), "m%c: m by the printer", letter);
	host_pass(990 * MS);
	ok(ran(quiet ? "" : "c"), "m%c: then a second of quiet, but not for c", letter);
	host_pass(10 * MS);
	ok(ran(quiet ? text + 1 : ""), "m%c: after that", letter);
	host_exit();
}

static void test_printer(void)
{
	begin();
	run(ops, "t", 5);
	host_run(NFT_SYSRQ_BY_TIMER);
	ok(ran("") && host.woken == 1, "what prints is left to the printer, which is woken");
	ok(nft_sysrq_program_handed(0) && !nft_sysrq_program_handed(1), "handed to it");
	ok_u64(host.when[0], host.mono + SECOND, "the timer looks again");
	host_run(NFT_SYSRQ_BY_TIMER);
	ok(host.woken == 1, "once");
	host_run(NFT_SYSRQ_BY_PRINTER);
	ok(ran("t"), "it runs it");
	ok(!nft_sysrq_program_handed(0), "and no longer");

	run(ops, "t", 6);
	host_run(NFT_SYSRQ_BY_TIMER);
	host_pass(990 * MS);
	ok(ran(""), "the timer waits for it");
	host_pass(10 * MS);
	ok(ran("t"), "a second at most");

	run(ops, "t1s", 7);
	host_pass(10 * MS);
	host_run(NFT_SYSRQ_BY_PRINTER);
	host_pass(100 * MS);
	ok(ran("ts"), "the timer goes on behind it");
	run(ops, "t1t", 8);
	host_run(NFT_SYSRQ_BY_TIMER);
	host_run(NFT_SYSRQ_BY_PRINTER);
	ok(ran("t"), "two of them");
	host_pass(1050 * MS);
	ok(ran(""), "the second is the printer's anew");
	host_run(NFT_SYSRQ_BY_PRINTER);
	ok(ran("t"), "and it takes it");
	host_exit();
}

/* Timers are dead: the key's packets run what is overdue. */
static void test_kick(void)
{
	begin();
	host.hold = true;
	run(ops, "s10u", 5);
	run(web, "e", 5);
	host_pass(190 * MS);
	nft_sysrq_program_kick(ops->serial);
	ok(ran(""), "not before it is overdue");
	host_pass(10 * MS);
	nft_sysrq_program_kick(web->serial);
	ok(ran("e"), "not by another key's packet, which runs its own");
	nft_sysrq_program_kick(ops->serial);
	ok(ran("s"), "by the key's own, 200 ms late");
	nft_sysrq_program_kick(ops->serial);
	ok(ran(""), "the next is not due yet");
	host_pass(1200 * MS);
	nft_sysrq_program_kick(ops->serial);
	ok(ran("u"), "then it is");

	run(ops, "t", 6);
	host_pass(200 * MS);
	host_run(NFT_SYSRQ_BY_TIMER);
	nft_sysrq_program_kick(ops->serial);
	host_pass(990 * MS);
	nft_sysrq_program_kick(ops->serial);
	ok(ran(""), "what prints is left to the printer here too");
	host_pass(10 * MS);
	nft_sysrq_program_kick(ops->serial);
	ok(ran("t"), "a second at most");
	host_exit();
}

/* An offer whose answer never comes back from the driver. */
static void test_never_started(void)
{
	struct nft_sysrq_offer offer;

	begin();
	offer = offer_of(ops, "sb", 5);
	ok(!nft_sysrq_program_offer(&offer) && offer.token, "offered");
	ok_u64(nft_sysrq_programs_taken, 1, "one is taken");
	host_run(NFT_SYSRQ_BY_TIMER);
	nft_sysrq_program_kick(ops->serial);
	ok(ran(""), "nothing runs before it is started");
	nft_sysrq_program_start(offer.token + 1);
	host_pass(190 * MS);
	ok(ran(""), "another's token does not start it");
	host_pass(10 * MS);
	ok(ran("sb"), "200 ms are enough");
	offer = offer_of(ops, "s50u", 5);
	nft_sysrq_program_offer(&offer);
	host_pass(200 * MS);
	nft_sysrq_program_start(offer.token);
	host_pass(SECOND);
	ok(ran("s"), "an answer that comes back late begins nothing anew");
	nft_sysrq_program_abort();

	offer = offer_of(ops, "s", 6);
	nft_sysrq_program_offer(&offer);
	nft_sysrq_program_start(offer.token);
	host_run(NFT_SYSRQ_BY_TIMER);
	nft_sysrq_program_start(offer.token);
	host_pass(SECOND);
	ok(ran("s"), "started twice, it runs once");
	host_exit();
}

static void test_pending(void)
{
	struct nft_sysrq_pending_info info;

	begin();
	nft_sysrq_program_pending(&info);
	ok(!info.nsteps, "none is pending");
	run(ops, "s", 5);
	nft_sysrq_program_pending(&info);
	ok(!info.nsteps, "what does not wait is not pending");
	host_run(NFT_SYSRQ_BY_TIMER);
	run(ops, ".20.10s5b", 5);
	nft_sysrq_program_pending(&info);
	ok(info.nsteps == 4 && info.steps[3].letter == 'b' && !strcmp(info.name, "ops") &&
	   info.nonce == 77, "whose and which");
	ok_u64(info.fires_ms, 3000, "until its first letter");
	host_run(NFT_SYSRQ_BY_TIMER);
	host_pass(500 * MS);
	host.mono += 1;
	nft_sysrq_program_pending(&info);
	ok_u64(info.fires_ms, 2500, "half a second later, rounded up");
	ok(info.nsteps == 3 && info.steps[1].letter == 's' && info.steps[2].letter == 'b', "what is left");
	host.mono += 1700 * MS - 1;
	nft_sysrq_program_pending(&info);
	ok_u64(info.fires_ms, 1000, "a step that is overdue takes no time");
	ok(nft_sysrq_program_abort(), "dropped by the administrator");
	ok(!nft_sysrq_program_abort(), "once");
	nft_sysrq_program_pending(&info);
	ok(!info.nsteps && host.ended_told == 1, "and told of");
	host_pass(9 * SECOND);
	ok(ran("s"), "it does not run");
	run(ops, ".1.1.1.1.1.1.1.1.1.1.1", 6);
	nft_sysrq_program_pending(&info);
	ok_u64(info.fires_ms, 1100, "of nothing but waits, all of them");
	host_exit();
}

static void test_replace(void)
{
	begin();
	ok_u64(run(ops, "s50b", 100), 0, "one is pending");
	ok_u64(run(ops, "u", 50), 0, "what does not wait goes beside it, whatever its time");
	ok_u64(run(ops, "s60b", 99), NFT_SYSRQ_ST_OVERTAKEN, "an earlier one does not replace it");
	ok(run(ops, "s70b", 100) == -1, "one of the same time does");
	ok(run(ops, "e70b", 101) == -1, "a later one too");
	ok_u64(host.ended_told, 2, "both are told of");
	web->set.letters = 1ULL << 28 | 1ULL << 11;
	ok_u64(run(web, "s80b", 200), NFT_SYSRQ_ST_OTHERS, "a key that lacks a letter of it does not");
	web->set.letters |= 1ULL << 14;
	ok(run(web, "s90b", 200) == -1, "one that has them all does");
	ops->set.letters = 0;
	ok_u64(run(ops, "s", 201), 0, "beside it again");
	ok_u64(run(ops, "s90b", 201), NFT_SYSRQ_ST_OTHERS, "nor back");
	web->set.letters = 0;
	ok(run(web, "s90b", 202) == -1, "its own key always");
	ops->cancelled = 300;
	ok_u64(run(ops, "u", 299), NFT_SYSRQ_ST_OVERTAKEN, "what was cancelled later does not run");
	ok_u64(run(ops, "u", 300), 0, "what is not earlier does");
	host_exit();
}

static void test_cancel(void)
{
	begin();
	ok_u64(nft_sysrq_program_cancel(ops, 5), NFT_SYSRQ_ST_NOTHING, "nothing to cancel");
	run(ops, "u", 100);
	ok_u64(nft_sysrq_program_cancel(ops, 101), NFT_SYSRQ_ST_NOTHING, "what does not wait is not");
	run(ops, "s50b", 100);
	ok_u64(nft_sysrq_program_cancel(ops, 99), NFT_SYSRQ_ST_OVERTAKEN, "too early");
	web->set.letters = 1;
	ok_u64(nft_sysrq_program_cancel(web, 101), NFT_SYSRQ_ST_OTHERS, "another key's");
	ops->set.letters = 0;
	ok_u64(nft_sysrq_program_cancel(ops, 100), NFT_SYSRQ_ST_OK, "its own");
	host_pass(9 * SECOND);
	ok(ran("u"), "it does not run");
	host_exit();
}

/* Eight at once; those whose handler hangs are taken last. */
static void test_busy(void)
{
	struct nft_sysrq_offer offer;
	int i, bad = 0;

	begin();
	host.busy = 1 << 0 | 1 << 2;
	offer = offer_of(ops, "s", 5);
	nft_sysrq_program_offer(&offer);
	ok(!host.when[0] && host.when[1], "a slot that hangs is passed over");
	for (i = 0; i < NFT_SYSRQ_PROGRAMS - 1; i++)
		bad += nft_sysrq_program_offer(&offer);
	ok(!bad && host.when[0] && host.when[2], "unless there is no other");
	ok_u64(run(ops, "s", 5), NFT_SYSRQ_ST_BUSY, "no ninth");
	ok_u64(run(ops, "s5b", 5), NFT_SYSRQ_ST_BUSY, "nor one that waits");
	ok_u64(nft_sysrq_programs_taken, 8, "eight are taken");
	host_pass(200 * MS);
	ok(ran("ssssssss"), "all run");
	ok_u64(nft_sysrq_programs_taken, 0, "none is taken");
	host_exit();
}

static void test_confine(void)
{
	begin();
	run(ops, "s50b", 5);
	run(web, "u", 5);
	nft_sysrq_program_confine(ops->serial, NFT_SYSRQ_LETTERS_ALL, 0, 0);
	ok_u64(nft_sysrq_programs_taken, 2, "it still may: both stay");
	nft_sysrq_program_confine(ops->serial, 1ULL << 28, 0, 0);
	ok_u64(nft_sysrq_programs_taken, 1, "a letter less: its own goes");
	nft_sysrq_program_drop(web->serial);
	ok_u64(nft_sysrq_programs_taken, 0, "the key goes: so does its program");

	run(ops, "s50b50c", 5);
	host_run(NFT_SYSRQ_BY_TIMER);
	nft_sysrq_program_confine(ops->serial, NFT_SYSRQ_LETTERS_ALL,
				  host.real / SECOND + 10, INT64_MAX);
	host_pass(5 * SECOND);
	ok(ran("sb"), "before it expires it goes on");
	host_pass(5 * SECOND);
	ok(ran("") && !nft_sysrq_programs_taken, "then no more");
	run(ops, "s50b", 6);
	host_run(NFT_SYSRQ_BY_TIMER);
	nft_sysrq_program_confine(ops->serial, NFT_SYSRQ_LETTERS_ALL, UINT32_MAX,
				  host.boot + 5 * SECOND);
	host_pass(5 * SECOND);
	ok(ran("s"), "a clock that is set back does not prolong it");
	host_exit();
}

/* What an event tells of; what is left behind when a program goes early. */
static void test_told(void)
{
	struct nft_sysrq_offer offer;

	begin();
	run(ops, "suesueisub", 5);
	run(ops, "s1u1t1e1i", 5);
	host_run(NFT_SYSRQ_BY_TIMER);
	host_pass(100 * MS);
	ok(host.told_of.space == &space && host.told_of.key_id == ops->secrets.key_id &&
	   !strcmp(host.told_of.name, "ops"), "whose it is");
	ok(host.told_nsteps == 4 && host.told_steps->letter == 'u', "a step, and what comes after it");
	host_pass(100 * MS);
	ok(nft_sysrq_program_handed(1), "the printer is to go on");
	nft_sysrq_program_abort();
	ok(host.told_nsteps == 3 && host.told_steps->letter == 't', "dropped: what had not run");
	ok(!nft_sysrq_program_handed(1) && !host.when[1], "nobody is waiting for it any more");
	ok(!host.when[0], "nor for what has run");

	ops->set.expires = host.real / SECOND + 3;
	ops->expires_boot = INT64_MAX;
	run(ops, "s50b", 6);
	host_pass(9 * SECOND);
	ok_u64(nft_sysrq_programs_taken, 0, "a program expires with its key");
	ok(host.ran[strlen(host.ran) - 1] == 's', "its last letter has not run");
	offer = offer_of(ops, "s", 7);
	offer.replaced = true;
	nft_sysrq_program_offer(&offer);
	ok(!offer.replaced, "nothing was replaced");
	host_exit();
}

int main(void)
{
	test_run();
	test_ends('b', true);
	test_ends('o', true);
	test_ends('c', false);
	test_printer();
	test_kick();
	test_never_started();
	test_pending();
	test_replace();
	test_cancel();
	test_busy();
	test_confine();
	test_told();
	return done();
}
