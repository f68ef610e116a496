// SPDX-License-Identifier: GPL-2.0-only
/* The sender's state machine: letters that are refused are left out, if that is wished. */
#include "test-world.h"

static void begin(const char *commands)
{
	world_begin(NFT_SYSRQ_RUN, commands, 3 * S);
	w.plan.partial = true;
	w.host.sysrq_forbids = "e";
	w.host.key_forbids = "i";
	w.host.lacks = "y";
}

static u32 reason(unsigned int step)
{
	return nft_sysrq_wire_reason(nft_sysrq_wire_get_reasons(w.x.refusal.reasons), step);
}

static struct nft_sysrq_dgram first, last;

/* Before the second request arrives, the first one comes again: it never runs. */
static void replay_first(struct nft_sysrq_dgram *d)
{
	struct nft_sysrq_dgram reply;

	if (d->type != NFT_SYSRQ_RUN)
		return;
	if (w.sent_runs == 1) {
		first = *d;
		return;
	}
	check(fake_host_take(&w.host, &first, &reply, &w.now));
	check(reply.flags == NFT_SYSRQ_ST_REFUSED && !w.host.runs);
	last = *d;
}

static void test_left_out(void)
{
	begin("r e +10s i +2s s +5s u y b");
	w.on_request = replay_first;
	check(world_run(1, 2) < 200 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);
	check(w.x.left_out && w.host.runs == 1 && w.sent_runs == 2);
	check(w.run_nonce[0] != w.run_nonce[1]);
	check(reason(0) == NFT_SYSRQ_R_OK && reason(1) == NFT_SYSRQ_R_SYSRQ);
	check(reason(2) == NFT_SYSRQ_R_KEY && reason(5) == NFT_SYSRQ_R_UNKNOWN);

	/* What is left keeps its times. */
	check(last.nsteps == 7 && !last.steps[1].letter && !last.steps[2].letter);
	check(last.steps[3].letter == 's' && last.steps[6].letter == 'b');
	check(steps_before_ms(&w.x.steps, 6) == steps_before_ms(&w.plan.steps, 6));

	/* Nothing is waited for behind the last letter that is left. */
	begin("s i +10s e");
	world_run(1, 2);
	check(world_status() == NFT_SYSRQ_ST_OK && w.x.steps.n == 1 && !w.x.steps.step[0].wait);
}

static void test_nothing_left(void)
{
	begin("e +10s i y");
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_REFUSED);
	check(!w.x.left_out && !w.host.runs && w.sent_runs == 1);

	/* Nor if it is not wished, nor for another reason. */
	begin("s e");
	w.plan.partial = false;
	world_run(1, 2);
	check(world_status() == NFT_SYSRQ_ST_REFUSED && !w.host.runs && w.sent_runs == 1);
	begin("s e");
	w.host.status = NFT_SYSRQ_ST_EXPIRED;
	world_run(1, 2);
	check(world_status() == NFT_SYSRQ_ST_EXPIRED && w.sent_runs == 1);
}

/* kernel.sysrq changes between the two requests. */
static void forbid_more(struct nft_sysrq_dgram *d)
{
	if (d->type == NFT_SYSRQ_RUN && w.sent_runs == 2)
		w.host.sysrq_forbids = "es";
}

static void lose_acceptance(struct nft_sysrq_dgram *d)
{
	if (d->type == (NFT_SYSRQ_RUN | NFT_SYSRQ_REPLY) && d->flags == NFT_SYSRQ_ST_OK)
		d->magic[0] = 'X';
}

static void test_bad_luck(void)
{
	/* Once more, and no oftener. */
	begin("sb e");
	w.on_request = forbid_more;
	world_run(1, 2);
	check(world_status() == NFT_SYSRQ_ST_REFUSED && !w.host.runs && w.sent_runs == 2);
	check(w.x.left_out);

	/* The refusal is lost, and told again. */
	begin("sb e");
	w.lose_run_reply = true;
	world_run(1, 2);
	check(world_status() == NFT_SYSRQ_ST_OK && w.host.runs == 1 && w.x.left_out);

	/* It is the answer to a copy sent blind. */
	begin("sb e");
	w.no_probes = true;
	world_run(1, 2);
	check(world_status() == NFT_SYSRQ_ST_OK && w.host.runs == 1 && w.x.blind_sent);

	/* So it is, but by a clock that leads: then nothing more is asked. */
	begin("sb e");
	w.no_probes = true;
	w.host.wall_off = -20 * S;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_REFUSED);
	check(!w.host.runs && !w.x.left_out);

	/* It restarts by what is left, and the answer is lost: no second run. */
	begin("b e");
	w.host.restart = true;
	w.on_reply = lose_acceptance;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_RESTARTED && w.host.runs == 1 && w.x.left_out);
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	test_left_out();
	test_nothing_left();
	test_bad_luck();
	return 0;
}
