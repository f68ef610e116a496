// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutated netlink messages: torture-netlink COUNT SEED SECONDS
 *
 * COUNT messages, the same for the same SEED: three out of five to the family nft_sysrq, the rest rules with
 * its expression, into the chains that fuzz.py makes; or as many as there are until SECONDS are over or
 * SIGTERM comes. It deletes all keys of this network namespace, and all rules of those chains, now and then,
 * and at the end.
 *
 * Output: one line of JSON: how many messages and rules were sent, in how many batches, obeyed and
 * "refused", what came back, how many answers "told" key material, how many "keys_most" there were at once
 * and how many are "left", and whether keys and rules can be set at the end.
 */
#include <signal.h>
#include <sodium.h>
#include <time.h>

#include "family.h"
#include "rules.h"

#define SWEEP_EVERY	2000	/* messages */

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	stopped = signal_number;
}

static time_t seconds(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t))
		fail("no clock");
	return t.tv_sec;
}

static void torture(struct dice *d, struct family *f, struct rules *r, unsigned long count, time_t end)
{
	unsigned long swept = 0, said = 0;

	while (!stopped && f->sent + r->sent < count && seconds() < end) {
		if (chance(d, 600))
			family_send(f, d);
		else
			rules_send(r, d);
		if (f->sent >= swept + SWEEP_EVERY) {
			swept = f->sent;
			family_sweep(f);
		}
		if (f->sent + r->sent >= said + 20000) {
			said = f->sent + r->sent;
			fprintf(stderr, "# %lu messages\n", said);
		}
	}
}

int main(int argc, char **argv)
{
	static struct family f;
	static struct rules r;
	unsigned long left;
	bool keys, rules;
	struct dice d;

	if (argc != 4)
		fail("usage: torture-netlink COUNT SEED SECONDS");
	if (sodium_init() < 0)
		fail("libsodium does not start");
	family_open(&f);
	rules_open(&r);
	d.state = number(argv[2]);
	signal(SIGTERM, stop);
	torture(&d, &f, &r, number(argv[1]), seconds() + (time_t)number(argv[3]));

	left = family_sweep(&f);
	printf("{\"messages\": %lu, \"obeyed\": %lu, \"refused\": %lu, \"answers\": %lu, \"events\": %lu, "
	       "\"told\": %lu, \"keys_most\": %lu, \"left\": %lu, ", f.sent, f.talk.ok, f.talk.refused,
	       f.talk.answers, f.events.answers, f.talk.told + f.events.told + r.talk.told, f.keys_most, left);
	printf("\"rules\": %lu, \"batches\": %lu, \"rules_obeyed\": %lu, \"rules_refused\": %lu, "
	       "\"rules_listed\": %lu, ", r.sent, r.batches, r.talk.ok, r.talk.refused, r.talk.answers);
	keys = family_works(&f);
	rules = rules_work(&r);
	rules_flush(&r);
	printf("\"keys_work\": %s, \"rules_work\": %s}\n", keys ? "true" : "false", rules ? "true" : "false");
	return 0;
}
