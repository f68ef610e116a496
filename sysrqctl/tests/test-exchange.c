// SPDX-License-Identifier: GPL-2.0-only
/* The sender's state machine: plain, over bad lines, blind, refused. */
#include "test-world.h"

static void test_plain(void)
{
	world_begin(NFT_SYSRQ_RUN, "s +2s b", 3 * S);
	check(world_run(1, 2) < 100 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);
	check(w.host.runs == 1 && w.sent == 2 && w.sent_runs == 1 && !w.sent_blind);
	check(w.x.rtt == 40 * MS);

	world_begin(NFT_SYSRQ_PROBE, "", 3 * S);
	world_run(2, 0);
	check(w.x.outcome == EXCHANGE_ANSWERED && !w.host.runs && w.sent == 2);

	world_begin(NFT_SYSRQ_PROBE, "sub", 3 * S);
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && !w.host.runs && w.sent == 2);
	check(w.x.reply.nsteps == 3);
}

static void test_lossy(void)
{
	world_begin(NFT_SYSRQ_RUN, "b", 3 * S);
	w.deaf_until = w.now.boot + 700 * MS;
	check(world_run(1, 2) < 1200 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1 && !w.sent_blind);

	/* The answer to the run is lost: the repetition gets the same one. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.lose_run_reply = true;
	check(world_run(1, 2) < 400 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);
	check(exchange_body(&w.x.reply)->bits & NFT_SYSRQ_B_SEEN);
	check(w.host.runs == 1 && w.sent_runs == 2 && w.run_nonce[0] == w.run_nonce[1]);

	/* The first of two addresses is dead. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.dead_addrs = 1;
	world_run(2, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.x.addr == 1 && w.host.runs == 1);
}

static void test_silence(void)
{
	s64 first;

	/* Nothing comes back, no blind copies: only probes go out. */
	world_begin(NFT_SYSRQ_RUN, "b", 3 * S);
	w.deaf_until = INT64_MAX;
	check(world_run(1, 0) == 3001 * MS);
	check(w.x.outcome == EXCHANGE_NO_ANSWER && !w.sent_runs && !w.x.first && w.sent == 7);

	/* With them, from half the time on. */
	world_begin(NFT_SYSRQ_RUN, "b", 3 * S);
	w.deaf_until = INT64_MAX;
	first = w.now.boot + 1500 * MS;
	world_run(2, 2);
	check(w.x.outcome == EXCHANGE_NO_ANSWER && w.x.first == first);
	check(w.x.blind_sent && w.sent_blind == w.sent_runs && w.sent_runs == 16);
	check(w.run_nonce[0] == w.run_nonce[1]);

	/* One way only: it runs, and nobody hears of it. */
	world_begin(NFT_SYSRQ_RUN, "b", 3 * S);
	w.mute_until = INT64_MAX;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_NO_ANSWER && w.x.blind_sent && w.host.runs == 1);

	/* Long waits: encoding ends in time, probes stay within the window's half. */
	world_begin(NFT_SYSRQ_RUN, "b", 20 * S);
	w.deaf_until = INT64_MAX;
	world_run(1, 1);
	check(w.sent - w.sent_runs < NFT_SYSRQ_WINDOW_DEF / 2);
	check(w.x.last_real - 1900000000 * S < 20 * S);
}

static void test_blind_heals(void)
{
	/* Probes are lost, the blind copy gets through, and its answer back. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.no_probes = true;
	check(world_run(1, 2) < 1600 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1 && w.sent_blind);

	/* Its clock is off: the blind copy is stale, which tells the epoch. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.no_probes = true;
	w.host.wall_off = 7200 * S;
	check(world_run(1, 2) < 1700 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);
	check(w.host.runs == 1 && w.run_nonce[0] == w.run_nonce[1]);
	check(w.sent_runs > w.sent_blind);

	/* Ours is ahead of it: a blind copy went out, so it must not run by epoch. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.no_probes = true;
	w.host.wall_off = -7200 * S;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_CLOCKS && !w.host.runs);
	check(w.sent_runs == w.sent_blind);

	/* But if nothing was sent blind, clocks do not matter. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.host.wall_off = -7200 * S;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);

	/* The host hears us again after blind copies went out: one run. */
	world_begin(NFT_SYSRQ_RUN, "s", 4 * S);
	w.mute_until = w.now.boot + 2600 * MS;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1 && w.sent_blind);
	check(exchange_body(&w.x.reply)->bits & NFT_SYSRQ_B_SEEN);

	/* A key that forbids wall clock answers stale, and is asked by epoch. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.host.wall = false;
	check(world_run(1, 2) < 100 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);

	/* A bare probe, too: then the answer says so. */
	world_begin(NFT_SYSRQ_PROBE, "", 3 * S);
	w.host.wall = false;
	world_run(1, 0);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);
	check(exchange_body(&w.x.reply)->bits & NFT_SYSRQ_B_NO_WALL);
}

static void test_refusals(void)
{
	static const u8 final[] = {
		NFT_SYSRQ_ST_EXPIRED, NFT_SYSRQ_ST_FULL, NFT_SYSRQ_ST_OVERTAKEN,
		NFT_SYSRQ_ST_BUSY, NFT_SYSRQ_ST_OTHERS, NFT_SYSRQ_ST_MALFORMED,
	};
	size_t i;

	world_begin(NFT_SYSRQ_RUN, "sc", 3 * S);
	w.host.sysrq_forbids = "c";
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_REFUSED);
	check(!w.host.runs && w.sent_runs == 1);

	for (i = 0; i < sizeof(final); i++) {
		world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
		w.host.status = final[i];
		world_run(1, 2);
		check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == final[i]);
		check(w.sent_runs == 1 && !w.host.runs);
	}
}

/* A cancel is as a run in all but its steps. */
static void test_cancel(void)
{
	world_begin(NFT_SYSRQ_CANCEL, "", 3 * S);
	world_pend();
	check(world_run(1, 2) < 100 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);
	check(w.host.cancels == 1 && w.sent_runs == 1 && !w.host.pending_n);

	world_begin(NFT_SYSRQ_CANCEL, "", 3 * S);
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_NOTHING);

	/* Its answer is lost: the repetition is told of the first outcome. */
	world_begin(NFT_SYSRQ_CANCEL, "", 3 * S);
	world_pend();
	w.lose_run_reply = true;
	world_run(1, 2);
	check(world_status() == NFT_SYSRQ_ST_OK && w.host.cancels == 1 && w.sent_runs == 2);
	check(exchange_body(&w.x.reply)->bits & NFT_SYSRQ_B_SEEN);

	/* One way only: blind. */
	world_begin(NFT_SYSRQ_CANCEL, "", 3 * S);
	world_pend();
	w.mute_until = INT64_MAX;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_NO_ANSWER && w.x.blind_sent && w.host.cancels == 1);
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	test_plain();
	test_lossy();
	test_silence();
	test_blind_heals();
	test_refusals();
	test_cancel();
	return 0;
}
