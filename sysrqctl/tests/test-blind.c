// SPDX-License-Identifier: GPL-2.0-only
/* The sender's state machine: blind copies by a remembered epoch, and at once. */
#include "test-world.h"

/* The host's epoch and clock are remembered; the clock by @off_ns wrongly. */
static void begin(s64 off_ns)
{
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.fallback.epoch = cpu_to_be64(w.host.epoch);
	w.fallback.ahead = off_ns - w.host.booted;
}

static void no_wall(struct nft_sysrq_dgram *d)
{
	if (d->type == NFT_SYSRQ_RUN)
		check(!(d->flags & NFT_SYSRQ_F_WALL));
}

static void test_remembered(void)
{
	s64 first;

	/* One way only: it runs, without a name, a clock or leave for wall-clock mode. */
	begin(-10 * MS);
	w.mute_until = INT64_MAX;
	w.host.wall = false;
	w.host.wall_off = -86400LL * 365 * 30 * S;
	first = w.now.boot + 1500 * MS;
	world_run(2, 0);
	check(w.x.outcome == EXCHANGE_NO_ANSWER && w.host.runs == 1);
	check(w.x.blind_sent && w.x.first == first && w.sent_runs == 8 && !w.sent_blind);

	/* Nothing in wall-clock mode beside it, though that could be. */
	begin(-10 * MS);
	w.mute_until = INT64_MAX;
	w.on_request = no_wall;
	world_run(1, 2);
	check(w.host.runs == 1 && !w.sent_blind);

	/* Where probes are answered, it is not needed. */
	begin(-10 * MS);
	check(world_run(1, 2) < 100 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && !w.x.blind_sent && w.host.runs == 1);

	/* The answer to a blind copy comes; or the host hears us again: one run. */
	begin(-5 * S);
	w.no_probes = true;
	check(world_run(1, 0) < 1600 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1 && w.x.rtt == 40 * MS);
	begin(-5 * S);
	w.mute_until = w.now.boot + 1800 * MS;
	world_run(1, 0);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);
	check(exchange_body(&w.x.reply)->bits & NFT_SYSRQ_B_SEEN);
}

static void reboot_before(struct nft_sysrq_dgram *d)
{
	(void)d;
	if (w.sent == 1)
		fake_host_boot(&w.host, &(struct exchange_clock){ w.now.boot - 600 * S, 0 });
}

static void test_other_boot(void)
{
	/* It has restarted since it was remembered: a copy for the old boot never runs. */
	begin(-10 * MS);
	w.on_request = reboot_before;
	w.mute_until = INT64_MAX;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_NO_ANSWER && !w.host.runs && w.sent_runs == 4);

	/* If its word comes back, that tells the new epoch: it is asked by that. */
	begin(-10 * MS);
	w.on_request = reboot_before;
	w.no_probes = true;
	w.host.restart = false;
	fake_host_boot(&w.host, &(struct exchange_clock){ w.now.boot - 600 * S, 0 });
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);
	check(w.run_nonce[0] == w.run_nonce[1]);

	/* It restarts because of the copy: no second run. */
	begin(-10 * MS);
	w.no_probes = true;
	w.host.restart = true;
	w.lose_run_reply = true;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_RESTARTED && w.host.runs == 1);
}

static void any(struct nft_sysrq_dgram *d)
{
	(void)d;
}

/* The host was paused: what is remembered now leads it, or it lags. */
static void test_wrong_estimate(void)
{
	/* A little: it is taken. */
	begin(4 * S);
	w.on_request = any;
	w.mute_until = INT64_MAX;
	world_run(1, 0);
	check(w.host.runs == 1);

	/* Too much: stale. Nor is it asked by the right clock: the copy may come again. */
	begin(60 * S);
	w.on_request = any;
	w.no_probes = true;
	world_run(1, 0);
	check(w.x.outcome == EXCHANGE_CLOCKS && !w.host.runs);
	check(w.x.blind_lead_ms >= 60000 && w.x.blind_lead_ms < 60100);

	/* Behind: stale, and mended. */
	begin(-90 * S);
	w.no_probes = true;
	world_run(1, 0);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);
}

static void test_at_once(void)
{
	/* One way: the first copy goes with the first probe. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.fallback.at_once = true;
	w.mute_until = INT64_MAX;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_NO_ANSWER && w.host.runs == 1);
	check(w.x.first == 5000 * S && w.sent_blind == 8);

	/* Both ways: one run, and it is told. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.fallback.at_once = true;
	check(world_run(1, 2) < 100 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);

	/* By a clock that leads a little: the copy is accepted, and that is heard. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.fallback.at_once = true;
	w.host.wall_off = -20 * S;
	check(world_run(1, 2) < 100 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1 && !w.x.stale);

	/* That is lost: nothing more is sent, and it is not called done. */
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.fallback.at_once = true;
	w.host.wall_off = -20 * S;
	w.lose_run_reply = true;
	check(world_run(1, 1) < 1200 * MS);
	check(w.x.outcome == EXCHANGE_CLOCKS);
	check(w.x.blind_lead_ms >= 20000 && w.x.blind_lead_ms < 20100);

	/* A remembered epoch at once. */
	begin(-10 * MS);
	w.fallback.at_once = true;
	w.mute_until = INT64_MAX;
	world_run(1, 2);
	check(w.host.runs == 1 && w.x.first == 5000 * S && !w.sent_blind);

	/* A probe has nothing to send blind. */
	world_begin(NFT_SYSRQ_PROBE, "s", 3 * S);
	w.fallback.at_once = true;
	w.deaf_until = INT64_MAX;
	world_run(1, 2);
	check(!w.sent_runs);
}

static s64 last;

static void lose_runs(struct nft_sysrq_dgram *d)
{
	if (d->type != NFT_SYSRQ_RUN)
		return;
	last = w.now.boot - w.delay;
	d->magic[0] = 'X';
}

/* What was first sent at once is not encoded any more after 20 s, whatever is heard then. */
static void test_too_late(void)
{
	begin(-10 * MS);
	w.plan.timeout = 20 * S;
	w.fallback.at_once = true;
	w.on_request = lose_runs;
	w.delay = 400 * MS;
	w.mute_until = w.now.boot + 19300 * MS;
	check(world_run(1, 0) > 20 * S);
	check(w.x.outcome == EXCHANGE_NO_ANSWER && w.x.state == EXCHANGE_DONE);
	check(last > 5019 * S && last < 5020 * S);
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	test_remembered();
	test_other_boot();
	test_wrong_estimate();
	test_at_once();
	test_too_late();
	return 0;
}
