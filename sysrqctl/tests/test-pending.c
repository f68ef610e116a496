// SPDX-License-Identifier: GPL-2.0-only
/* The sender's state machine: a bare probe that looks at the pending program. */
#include "test-world.h"

static void begin(void)
{
	world_begin(NFT_SYSRQ_PROBE, "", 3 * S);
	world_pend();
}

static unsigned int pages;

static bool is_page(const struct nft_sysrq_dgram *d)
{
	return d->type == NFT_SYSRQ_PROBE && !d->nsteps && d->body[0] == NFT_SYSRQ_PAGE_PENDING;
}

static void count_pages(struct nft_sysrq_dgram *d)
{
	pages += is_page(d);
	if (is_page(d))
		check(!(d->flags & NFT_SYSRQ_F_WALL) && d->nonce != cpu_to_be32(w.x.nonce));
}

static void test_told(void)
{
	begin();
	pages = 0;
	w.on_request = count_pages;
	check(world_run(1, 0) < 100 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.sent == 2 && pages == 1);
	check(w.x.pending.nonce == cpu_to_be32(0x1234abcd));
	/* "s +1m b" since a second: the s is over. */
	check(w.x.pending.next[0].letter == 'b' && !w.x.pending.next[1].letter);
	check(be32_to_cpu(w.x.pending.fires_ms) > 58900 &&
	      be32_to_cpu(w.x.pending.fires_ms) <= 59000);
	check(w.x.rtt == 40 * MS);

	/* The host forbids wall clock: the probe goes on in epoch mode, and looks, too. */
	begin();
	w.host.wall = false;
	world_run(2, 0);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.x.pending.nonce);

	/* Nothing is pending: nothing is asked. */
	world_begin(NFT_SYSRQ_PROBE, "", 3 * S);
	world_run(1, 0);
	check(w.sent == 1 && !w.x.pending.nonce);

	/* A dry run does not look. */
	world_begin(NFT_SYSRQ_PROBE, "s", 3 * S);
	world_pend();
	world_run(1, 0);
	check(w.sent == 2 && !w.x.pending.nonce && w.x.outcome == EXCHANGE_ANSWERED);
}

static unsigned int lose;

static void lose_pages(struct nft_sysrq_dgram *d)
{
	if (is_page(d) && lose) {
		d->magic[0] = 'X';
		lose--;
	}
}

static void end_program(struct nft_sysrq_dgram *d)
{
	if (is_page(d))
		w.host.pending_n = 0;
}

static void refuse_page(struct nft_sysrq_dgram *d)
{
	if (is_page(d))
		w.host.epoch++;
}

static void test_not_told(void)
{
	/* The page is lost, and asked for again. */
	begin();
	w.on_request = lose_pages;
	lose = 2;
	check(world_run(1, 0) < 800 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.x.pending.nonce && w.sent == 4);

	/* It never comes: the probe has been answered all the same, and soon. */
	begin();
	w.on_request = lose_pages;
	lose = 1000;
	check(world_run(1, 0) < 1200 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && !w.x.pending.nonce);
	check(exchange_body(&w.x.reply)->fires_s != cpu_to_be16(NFT_SYSRQ_FIRES_NONE));

	/* The program ends between the two questions. */
	begin();
	w.on_request = end_program;
	world_run(1, 0);
	check(w.x.outcome == EXCHANGE_ANSWERED && !w.x.pending.nonce);
	check(exchange_body(&w.x.reply)->fires_s == cpu_to_be16(NFT_SYSRQ_FIRES_NONE));

	/* The key is set again between them: stale. */
	begin();
	w.on_request = refuse_page;
	check(world_run(1, 0) < 100 * MS);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);
	check(!w.x.pending.nonce);
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	test_told();
	test_not_told();
	return 0;
}
