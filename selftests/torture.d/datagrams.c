// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutated datagrams, by the network, through the hooks of this host.
 *
 *	torture-datagrams COUNT SEED SECONDS LANE
 *
 * COUNT datagrams, the same for the same SEED, come by the lanes LANE to LANE + 3 (lanes.py), or as many
 * as there are until SECONDS are over or SIGTERM comes. After COUNT of them, by each lane, over IPv4 and
 * IPv6, by UDP and by ping, a genuine request is made, and made again.
 *
 * Output: one line of JSON: how many were "sent", how many frames the device "refused", how many answers
 * there were by status, "astray" ones, which another sender on this host asked for by an address that had been
 * changed to ours, "unfounded" ones, which nobody asked for who has the key, and of the genuine requests at the end
 * how many were "served", and how many "repeated" ones were told that they were.
 */
#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <time.h>
#include <unistd.h>

#include "lane.h"
#include "request.h"

#define LANES		4
#define STATUSES	(NFT_SYSRQ_ST_NOTHING + 1)
#define TRIES		20
#define LISTEN_EVERY	16	/* datagrams */
#define GENUINE_LETTER	"7"

static const char * const status_names[STATUSES] = {
	"ok", "malformed", "stale", "refused", "expired", "full", "overtaken", "busy", "others", "nothing",
};

struct torture {
	struct dice		dice;
	struct requester	requester;
	struct lane		lanes[LANES];
	unsigned long		sent, refused, answers[STATUSES], strange, astray, unfounded, served, repeated;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	stopped = signal_number;
}

/* Return: a reply of ours, sealed; else it is counted. */
static bool is_reply(struct torture *t, const struct answer *a, struct nft_sysrq_dgram *d)
{
	if (a->len != sizeof(*d) || memcmp(a->data, "SRQ", 3)) {
		/* The kernel's own echo, say. */
		t->strange++;
		return false;
	}
	memcpy(d, a->data, sizeof(*d));
	if (!(d->type & NFT_SYSRQ_REPLY)) {
		t->strange++;
		return false;
	}
	if (!request_reply(&t->requester, d) || !request_sent_by_any(&t->requester, d->nonce) ||
	    d->flags >= STATUSES) {
		t->unfounded++;
		fprintf(stderr, "# unfounded: key %08x, nonce %08x, status %u\n", be32toh(d->key_id),
			be32toh(d->nonce), d->flags);
		return false;
	}
	if (!request_sent(&t->requester, d->nonce)) {
		t->astray++;
		return false;
	}
	return true;
}

static void listen_in(struct torture *t, struct lane *lane)
{
	struct nft_sysrq_dgram d;
	struct answer a;

	while (lane_answer(lane, &a))
		if (is_reply(t, &a, &d))
			t->answers[d.flags]++;
}

static void send_one(struct torture *t)
{
	struct lane *lane = &t->lanes[below(&t->dice, LANES)];
	struct wrapping how = { .six = chance(&t->dice, 500), .echo = chance(&t->dice, 350), .odd = true };
	struct frame frames[FRAMES_MAX];
	uint8_t payload[PAYLOAD_LONGEST];
	unsigned int i, n;
	size_t len;

	len = request_make(&t->requester, payload);
	n = wrap(&t->dice, &lane->route, &how, payload, len, frames);
	for (i = 0; i < n; i++)
		t->refused += !lane_send(lane, &t->dice, &frames[i], true);
	t->sent++;
	/* A device keeps some hundreds of answers. */
	if (t->sent % LISTEN_EVERY == 0)
		for (i = 0; i < LANES; i++)
			listen_in(t, &t->lanes[i]);
}

/* A genuine request, as often as it takes: in between there may be answers to others. */
static bool ask(struct torture *t, struct lane *lane, const struct wrapping *how,
		const struct nft_sysrq_dgram *d, struct nft_sysrq_dgram *reply)
{
	struct frame frames[FRAMES_MAX];
	struct answer a;
	int i;

	wrap(&t->dice, &lane->route, how, (const uint8_t *)d, sizeof(*d), frames);
	if (!lane_send(lane, &t->dice, &frames[0], false))
		return false;
	for (i = 0; i < TRIES; i++) {
		while (lane_answer(lane, &a))
			if (is_reply(t, &a, reply) && reply->nonce == d->nonce)
				return true;
		usleep(10000);
	}
	return false;
}

static bool learn_epoch(struct torture *t, struct lane *lane, const struct wrapping *how)
{
	struct nft_sysrq_dgram probe, reply;
	int i;

	for (i = 0; i < TRIES && !t->requester.keys[KEY_CLEAN].epoch; i++) {
		request_plain(&t->requester, &probe, KEY_CLEAN, NFT_SYSRQ_PROBE, "");
		if (!ask(t, lane, how, &probe, &reply))
			usleep(100000);
	}
	return t->requester.keys[KEY_CLEAN].epoch;
}

/* A run that runs, and again: it is told that it was seen. */
static void serve(struct torture *t, struct lane *lane, const struct wrapping *how)
{
	const struct nft_sysrq_outcome *outcome;
	struct nft_sysrq_dgram d, reply;

	if (!learn_epoch(t, lane, how))
		return;
	request_plain(&t->requester, &d, KEY_CLEAN, NFT_SYSRQ_RUN, GENUINE_LETTER);
	outcome = (const struct nft_sysrq_outcome *)reply.body;
	if (!ask(t, lane, how, &d, &reply) || reply.flags != NFT_SYSRQ_ST_OK ||
	    outcome->bits & NFT_SYSRQ_B_SEEN)
		return;
	t->served++;
	usleep(150000);
	t->repeated += ask(t, lane, how, &d, &reply) && reply.flags == NFT_SYSRQ_ST_OK &&
		       outcome->bits & NFT_SYSRQ_B_SEEN;
}

static void serve_all(struct torture *t)
{
	struct wrapping how = { 0 };
	unsigned int lane;
	int i;

	for (lane = 0; lane < LANES; lane++) {
		for (i = 0; i < 4; i++) {
			how.six = i & 1;
			how.echo = i & 2;
			serve(t, &t->lanes[lane], &how);
		}
	}
}

static void tell(const struct torture *t)
{
	int i;

	printf("{\"sent\": %lu, \"refused\": %lu, \"strange\": %lu, \"astray\": %lu, \"unfounded\": %lu, "
	       "\"served\": %lu, \"repeated\": %lu", t->sent, t->refused, t->strange, t->astray, t->unfounded,
	       t->served, t->repeated);
	for (i = 0; i < STATUSES; i++)
		printf(", \"%s\": %lu", status_names[i], t->answers[i]);
	puts("}");
}

int main(int argc, char **argv)
{
	static struct torture t;
	unsigned long count, first;
	int64_t end;
	int i;

	if (argc != 5)
		fail("usage: torture-datagrams COUNT SEED SECONDS LANE");
	if (sodium_init() < 0)
		fail("libsodium does not start");
	count = number(argv[1]);
	t.dice.state = number(argv[2]);
	end = request_clock(CLOCK_BOOTTIME) + (int64_t)number(argv[3]) * 1000000000;
	first = number(argv[4]);
	if (first > 250)
		fail("no lane %lu", first);
	request_setup(&t.requester, &t.dice);
	for (i = 0; i < LANES; i++)
		lane_open(&t.lanes[i], (unsigned int)first + (unsigned int)i);

	signal(SIGTERM, stop);
	while (!stopped && t.sent < count && request_clock(CLOCK_BOOTTIME) < end) {
		send_one(&t);
		if (t.sent % 100000 == 0)
			fprintf(stderr, "# %lu datagrams\n", t.sent);
	}
	if (t.sent >= count)
		serve_all(&t);
	tell(&t);
	return 0;
}
