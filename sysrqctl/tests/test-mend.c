// SPDX-License-Identifier: GPL-2.0-only
/* The sender's state machine: restarts, wrong epochs and clocks, taken nonces, lies. */
#include "test-world.h"

static void test_restart(void)
{
	/* It restarts at once, and the answer is lost: never a second run. */
	world_begin(NFT_SYSRQ_RUN, "b", 5 * S);
	w.host.restart = true;
	w.lose_run_reply = true;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_RESTARTED && w.host.runs == 1);

	/* The same by a blind copy; then a probe is answered after the restart. */
	world_begin(NFT_SYSRQ_RUN, "b", 5 * S);
	w.host.restart = true;
	w.mute_until = w.now.boot + 2800 * MS;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_RESTARTED && w.host.runs == 1 && w.x.blind_sent);

	/* As above, but the first word of the new boot is about a blind copy. */
	world_begin(NFT_SYSRQ_RUN, "b", 5 * S);
	w.no_probes = true;
	w.host.restart = true;
	w.lose_run_reply = true;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_RESTARTED && w.host.runs == 1);
}

/* Between our probe and our run, the key is set again. */
static void rekey(struct nft_sysrq_dgram *d)
{
	if (d->nsteps && w.sent_runs == 1)
		w.host.epoch++;
}

/* ... or the host has just booted, before we first sent. */
static void reboot_long_ago(struct nft_sysrq_dgram *d)
{
	if (d->nsteps && w.sent_runs == 1) {
		w.host.epoch++;
		w.host.booted = w.now.boot - 30 * S;
	}
}

static void test_mend(void)
{
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.on_request = rekey;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && world_status() == NFT_SYSRQ_ST_OK);
	check(w.host.runs == 1 && w.sent_runs == 2 && w.run_nonce[0] == w.run_nonce[1]);

	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.on_request = reboot_long_ago;
	exchange_begin(&w.x, &w.plan, 1, NULL, &w.now);
	world_run(1, 0);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);
}

/* The host's clock stood still (a paused machine): our stamps now lead. */
static void pause_machine(struct nft_sysrq_dgram *d)
{
	if (d->nsteps && w.sent_runs == 1)
		w.host.booted += 600 * S;
}

/* Our nonce is somebody else's. */
static void take_nonce(struct nft_sysrq_dgram *d)
{
	struct nft_sysrq_clock clock = { w.now.boot - w.host.booted, w.now.real };

	if (d->nsteps && w.sent_runs == 1)
		check(nft_sysrq_window_commit(&w.host.window, be32_to_cpu(d->nonce),
					      NFT_SYSRQ_MODE_EPOCH, clock.boot - S, false,
					      &clock));
}

static void test_mend_more(void)
{
	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.on_request = pause_machine;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1 && w.sent_runs == 2);

	world_begin(NFT_SYSRQ_RUN, "s", 3 * S);
	w.on_request = take_nonce;
	world_run(1, 2);
	check(w.x.outcome == EXCHANGE_ANSWERED && w.host.runs == 1);
	check(w.sent_runs == 2 && w.run_nonce[0] != w.run_nonce[1]);
	check(!(exchange_body(&w.x.reply)->bits & NFT_SYSRQ_B_SEEN));
}

/* What a liar sends, or the network does; each must be passed over. */
static int lie;

static void tell_lie(struct nft_sysrq_dgram *d)
{
	struct nft_sysrq_outcome *body = (struct nft_sysrq_outcome *)d->body;
	u8 *bytes = (u8 *)d;

	switch (lie) {
	case 0: /* a request, not a reply */
		d->type &= ~NFT_SYSRQ_REPLY;
		break;
	case 1:
		d->nonce ^= cpu_to_be32(1);
		break;
	case 2:
		body->stamp ^= cpu_to_be64(1);
		break;
	case 3:
		d->version++;
		break;
	case 4:
		d->type ^= 1 ^ 2;
		break;
	case 5: /* sealed as a request: our own, thrown back */
		nft_sysrq_mac_seal(&w.secrets, NFT_SYSRQ_DIR_REQUEST, d);
		return;
	case 6: /* number of steps */
		d->nsteps ^= 1;
		break;
	default: /* one bit, not sealed again */
		bytes[(lie - 7) / 8] ^= 1 << (lie - 7) % 8;
		return;
	}
	nft_sysrq_mac_seal(&w.secrets, NFT_SYSRQ_DIR_REPLY, d);
}

static void test_lies(void)
{
	for (lie = 0; lie < 7 + 8 * NFT_SYSRQ_DGRAM_LEN; lie++) {
		world_begin(NFT_SYSRQ_RUN, "b", S);
		w.on_reply = tell_lie;
		world_run(1, 0);
		check(w.x.outcome == EXCHANGE_NO_ANSWER && !w.sent_runs);
	}
}

static void test_odd_datagrams(void)
{
	struct nft_sysrq_dgram d = { 0 };
	u8 junk[200] = { 'S', 'R', 'Q', 1 };
	unsigned int addr;
	size_t len;

	world_begin(NFT_SYSRQ_RUN, "b", S);
	exchange_begin(&w.x, &w.plan, 1, NULL, &w.now);
	check(exchange_next(&w.x, &d, &addr, &w.now));
	for (len = 0; len <= sizeof(junk); len++)
		exchange_receive(&w.x, junk, len, 0, &w.now);
	exchange_receive(&w.x, &d, sizeof(d), 0, &w.now);
	check(w.x.state == EXCHANGE_PROBING);
	exchange_stop(&w.x, &w.now);
	check(w.x.state == EXCHANGE_DONE && w.x.outcome == EXCHANGE_NO_ANSWER);
	exchange_receive(&w.x, &d, sizeof(d), 0, &w.now);
	check(!exchange_next(&w.x, &d, &addr, &w.now));
	fake_host_end(&w.host);
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	test_restart();
	test_mend();
	test_mend_more();
	test_lies();
	test_odd_datagrams();
	return 0;
}
