// SPDX-License-Identifier: GPL-2.0-only
/* The sender's state machine: wall clocks that are wrong, in either direction, on either side. */
#include "test-world.h"

#define YEARS	(10 * 365 * 86400LL * S)

/* What the clocks are off, the sender's and the host's. */
static const struct {
	s64	sender;
	s64	host;
} offs[] = {
	{ 0, 0 }, { YEARS, 0 }, { -YEARS, 0 }, { 0, YEARS }, { 0, -YEARS },
	{ 0, -1900000000 * S }, { YEARS, -1900000000 * S }, { -YEARS, -1900000000 * S },
	{ -1900000000 * S, 0 }, { -1900000000 * S - YEARS, YEARS },
};

static void begin(size_t i, enum nft_sysrq_type type, const char *commands)
{
	world_begin(type, commands, 3 * S);
	w.now.real += offs[i].sender;
	w.host.wall_off = offs[i].host - offs[i].sender;
}

/* A host that answers is asked by its own time: wall clocks do not matter. */
static void test_heal(void)
{
	size_t i;

	for (i = 0; i < sizeof(offs) / sizeof(offs[0]); i++) {
		begin(i, NFT_SYSRQ_RUN, "s");
		check(world_run(1, 2) < 100 * MS);
		check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);
		check(w.host.runs == 1 && w.sent == 2 && !w.sent_blind);

		/* Also where the answer to the run is lost. */
		begin(i, NFT_SYSRQ_RUN, "s");
		w.lose_run_reply = true;
		world_run(1, 2);
		check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);

		/* A bare probe is answered at once, or, where it is stale, by epoch. */
		begin(i, NFT_SYSRQ_PROBE, "");
		check(world_run(1, 0) < 100 * MS);
		check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);

		begin(i, NFT_SYSRQ_CANCEL, "");
		world_pend();
		check(world_run(1, 2) < 100 * MS);
		check(world_status() == NFT_SYSRQ_ST_OK && w.host.cancels == 1);
	}
}

static size_t turn;

/* With each datagram somebody sets a clock: the sender's, then the host's. */
static void set_clocks(struct nft_sysrq_dgram *d)
{
	size_t i = turn++ % (sizeof(offs) / sizeof(offs[0]));

	(void)d;
	w.now.real = 1900000000 * S + offs[i].sender;
	w.host.wall_off = offs[i].host - offs[i].sender;
}

static void test_set_between(void)
{
	size_t i;

	for (i = 0; i < sizeof(offs) / sizeof(offs[0]); i++) {
		turn = i;
		world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
		w.on_request = set_clocks;
		w.lose_run_reply = true;
		check(world_run(1, 2) < 400 * MS);
		check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);
		check(w.max_lead <= 0);
	}
}

/* Only blind copies arrive. Whose clock is behind heals; whose leads is told. */
static void test_blind(void)
{
	s64 lead;
	size_t i;

	for (i = 0; i < sizeof(offs) / sizeof(offs[0]); i++) {
		begin(i, NFT_SYSRQ_RUN, "s");
		w.no_probes = true;
		world_run(1, 2);
		lead = -w.host.wall_off;
		/* A host says 1970 where its clock is before that. */
		if (1900000000 * S + offs[i].host < 0)
			lead = 1900000000 * S + offs[i].sender;
		if (lead > 0) {
			check(w.x.outcome == EXCHANGE_CLOCKS && !w.host.runs);
			check(w.x.blind_lead_ms >= lead / MS);
		} else {
			check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);
		}
		check(w.run_nonce[0] == w.run_nonce[1]);
	}
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	test_heal();
	test_set_between();
	test_blind();
	return 0;
}
