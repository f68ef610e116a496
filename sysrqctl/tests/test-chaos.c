// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sender's state machine over lines that lose, repeat, delay and reorder,
 * with every kind of blind copy and hosts that restart: whatever happens,
 * nothing runs twice, and what is said of it is true.
 */
#include "test-world.h"

#define ROUNDS	4000

/* How often each end was come to: none may be missing, else it was not tried. */
static unsigned int ends[4], partly, blind_epoch, blind_wall, restarts;

static s64 restart_at;

/* Somebody else restarts the host. */
static void maybe_restart(struct nft_sysrq_dgram *d)
{
	(void)d;
	if (restart_at && w.now.boot >= restart_at) {
		fake_host_boot(&w.host, &w.now);
		restart_at = 0;
		restarts++;
	}
}

static void begin(void)
{
	static const char * const programs[] = { "s", "sub", "s +2s e i b", "b" };
	bool cancel = rand() % 8 == 0;

	world_begin(cancel ? NFT_SYSRQ_CANCEL : NFT_SYSRQ_RUN,
		    cancel ? "" : programs[rand() % 4], (1 + rand() % 6) * S);
	if (cancel)
		world_pend();
	w.chaos = rand() % 70;
	w.plan.partial = rand() % 2;
	if (rand() % 2)
		w.host.sysrq_forbids = "ei";
	w.host.restart = rand() % 2;
	w.dead_addrs = rand() % 3;
	w.no_probes = rand() % 4 == 0;
	if (rand() % 4 == 0)
		w.mute_until = w.now.boot + rand() % 4000 * MS;
	w.fallback.at_once = rand() % 4 == 0;
	if (rand() % 2) {
		w.fallback.epoch = cpu_to_be64(w.host.epoch + (rand() % 4 == 0));
		w.fallback.ahead = -w.host.booted - rand() % 5000 * MS;
	}
	restart_at = rand() % 4 ? 0 : w.now.boot + rand() % 3000 * MS;
	w.on_request = maybe_restart;
}

static void judge(void)
{
	unsigned int done = w.host.runs + w.host.cancels;

	check(done <= 1);
	ends[w.x.outcome]++;
	partly += w.x.left_out;
	blind_epoch += w.x.blind_sent && w.x.fallback.epoch;
	blind_wall += w.x.blind_sent && !w.x.fallback.epoch;
	if (!w.x.first)
		check(!done && w.x.outcome == EXCHANGE_NO_ANSWER);
	if (w.x.outcome != EXCHANGE_ANSWERED)
		return;
	if (world_status() == NFT_SYSRQ_ST_OK)
		check(done == 1);
	else
		check(!done);
}

int main(void)
{
	unsigned int i;

	if (sodium_init() < 0)
		return 1;
	srand(1);
	for (i = 0; i < ROUNDS; i++) {
		begin();
		world_run(1 + i % 2, 2);
		judge();
	}
	printf("%u answered, %u not, %u restarted, %u parts, %u + %u blind, %u others' restarts\n",
	       ends[EXCHANGE_ANSWERED], ends[EXCHANGE_NO_ANSWER], ends[EXCHANGE_RESTARTED],
	       partly, blind_epoch, blind_wall, restarts);
	check(ends[EXCHANGE_ANSWERED] > ROUNDS / 4 && ends[EXCHANGE_NO_ANSWER] > ROUNDS / 40);
	check(ends[EXCHANGE_RESTARTED] > ROUNDS / 40 && partly > ROUNDS / 40);
	check(blind_epoch > ROUNDS / 40 && blind_wall > ROUNDS / 40 && restarts > ROUNDS / 40);
	check(!ends[EXCHANGE_CLOCKS]);
	return 0;
}
