// SPDX-License-Identifier: GPL-2.0-only
/* For tests: a host that answers as the module does, from the same core. */
#include "fake-host.h"

#include <stdlib.h>

#include "wire.h"

static struct nft_sysrq_clock clock_of(const struct fake_host *h,
				       const struct exchange_clock *now)
{
	return (struct nft_sysrq_clock){
		.boot = now->boot - h->booted, .real = now->real + h->wall_off,
	};
}

/** fake_host_boot - boot, and set the key again */
void fake_host_boot(struct fake_host *h, const struct exchange_clock *now)
{
	struct nft_sysrq_clock clock;

	h->booted = now->boot;
	clock = clock_of(h, now);
	randombytes_buf(&h->epoch, sizeof(h->epoch));
	nft_sysrq_window_init(&h->window, h->mem, NFT_SYSRQ_WINDOW_DEF, 1,
			      60000000000LL, &clock);
	h->pending_n = 0;
}

/** fake_host_begin - a host that has been up for a day */
void fake_host_begin(struct fake_host *h, const u8 key[NFT_SYSRQ_KEY_LEN],
		     const char *identity, const struct exchange_clock *now)
{
	struct exchange_clock yesterday = {
		.boot = now->boot - 86400000000000LL, .real = now->real - 86400000000000LL,
	};

	memset(h, 0, sizeof(*h));
	h->mem = malloc(nft_sysrq_window_bytes(NFT_SYSRQ_WINDOW_DEF));
	nft_sysrq_mac_derive(&h->secrets, key);
	h->tag = nft_sysrq_mac_host_tag(key, identity, strlen(identity));
	h->wall = true;
	h->key_forbids = h->sysrq_forbids = h->lacks = "";
	h->mask = 438;
	fake_host_boot(h, &yesterday);
}

/** fake_host_end - free what fake_host_begin() got */
void fake_host_end(struct fake_host *h)
{
	free(h->mem);
}

static bool stale(const struct fake_host *h, const struct nft_sysrq_dgram *d,
		  const struct nft_sysrq_clock *clock)
{
	bool wall = d->flags & NFT_SYSRQ_F_WALL;

	if (wall && (!h->wall || (d->epoch != h->tag &&
				  !(d->type == NFT_SYSRQ_PROBE && !d->epoch))))
		return true;
	if (!wall && d->epoch != cpu_to_be64(h->epoch))
		return true;
	return nft_sysrq_window_stale(&h->window, wall ? NFT_SYSRQ_MODE_WALL :
				      NFT_SYSRQ_MODE_EPOCH, be64_to_cpu(d->stamp), clock);
}

static u32 judge(const struct fake_host *h, const struct nft_sysrq_dgram *d)
{
	u32 reasons = 0, why;
	unsigned int i;
	char c;

	for (i = 0; i < d->nsteps; i++) {
		c = d->steps[i].letter;
		why = !c ? 0 : strchr(h->key_forbids, c) ? NFT_SYSRQ_R_KEY :
		      strchr(h->lacks, c) ? NFT_SYSRQ_R_UNKNOWN :
		      strchr(h->sysrq_forbids, c) ? NFT_SYSRQ_R_SYSRQ : 0;
		reasons |= why << (2 * i);
	}
	return reasons;
}

/* Take the steps that are over from the pending program. Return: ms until its next letter. */
static u32 fires_ms(struct fake_host *h, const struct exchange_clock *now)
{
	s64 left = h->pending_since - now->boot;
	unsigned int i = 0, j;

	/* @left: until step i is due */
	while (i < h->pending_n && left <= 0)
		left += nft_sysrq_wire_wait_ms(h->pending[i++].wait) * 1000000LL;
	if (i >= h->pending_n) {
		h->pending_n = 0;
		return NFT_SYSRQ_FIRES_NONE_MS;
	}
	h->pending_n -= i;
	memmove(h->pending, h->pending + i, h->pending_n * sizeof(*h->pending));
	h->pending_since = now->boot + left;
	for (j = 0; j < h->pending_n && !h->pending[j].letter; j++)
		left += nft_sysrq_wire_wait_ms(h->pending[j].wait) * 1000000LL;
	return (left + 999999) / 1000000;
}

/* A program with waits is pending; it takes the place of another one. */
static void put_pending(struct fake_host *h, const struct nft_sysrq_dgram *d,
			struct nft_sysrq_outcome *body, const struct exchange_clock *now)
{
	unsigned int i;
	bool waits = false;

	for (i = 0; i + 1 < d->nsteps; i++)
		waits |= d->steps[i].wait;
	if (!waits)
		return;
	if (h->pending_n)
		body->bits |= NFT_SYSRQ_B_REPLACED;
	memcpy(h->pending, d->steps, d->nsteps * sizeof(*d->steps));
	h->pending_n = d->nsteps;
	h->pending_nonce = be32_to_cpu(d->nonce);
	h->pending_since = now->boot;
}

/* What a request that may be carried out does. Return: the status. */
static u8 carry_out(struct fake_host *h, const struct nft_sysrq_dgram *d,
		    struct nft_sysrq_outcome *body, const struct exchange_clock *now)
{
	if (d->type == NFT_SYSRQ_RUN) {
		put_pending(h, d, body, now);
		h->runs++;
	} else if (d->type == NFT_SYSRQ_CANCEL) {
		if (!h->pending_n)
			return NFT_SYSRQ_ST_NOTHING;
		h->pending_n = 0;
		h->cancels++;
	}
	return NFT_SYSRQ_ST_OK;
}

/* Return: the status. */
static u8 settle(struct fake_host *h, const struct nft_sysrq_dgram *d,
		 struct nft_sysrq_outcome *body, const struct nft_sysrq_clock *clock,
		 const struct exchange_clock *now)
{
	bool wall = d->flags & NFT_SYSRQ_F_WALL, probe = d->type == NFT_SYSRQ_PROBE;
	struct nft_sysrq_seen *seen;
	u32 reasons, status;

	seen = nft_sysrq_window_find(&h->window, be32_to_cpu(d->nonce));
	if (seen) {
		body->bits = NFT_SYSRQ_B_SEEN;
		body->stamp = cpu_to_be64(seen->stamp);
		nft_sysrq_wire_put_reasons(body->reasons, seen->outcome >> 4);
		return seen->outcome & 0xf;
	}
	if (stale(h, d, clock))
		return NFT_SYSRQ_ST_STALE;
	seen = nft_sysrq_window_commit(&h->window, be32_to_cpu(d->nonce),
				       wall ? NFT_SYSRQ_MODE_WALL : NFT_SYSRQ_MODE_EPOCH,
				       be64_to_cpu(d->stamp), probe, clock);
	if (!seen)
		return NFT_SYSRQ_ST_FULL;
	reasons = judge(h, d);
	status = h->status && (!probe || d->nsteps || h->status == NFT_SYSRQ_ST_EXPIRED) ? h->status :
		 reasons ? NFT_SYSRQ_ST_REFUSED : NFT_SYSRQ_ST_OK;
	body->bits = h->wall ? 0 : NFT_SYSRQ_B_NO_WALL;
	if (!status)
		status = carry_out(h, d, body, now);
	seen->outcome = status | reasons << 4;
	nft_sysrq_wire_put_reasons(body->reasons, reasons);
	return status;
}

/* The page that tells of the pending program. */
static void tell_pending(const struct fake_host *h, u32 fires, struct nft_sysrq_dgram *reply)
{
	struct nft_sysrq_pending body = { .fires_ms = cpu_to_be32(fires) };
	unsigned int n = h->pending_n < 3 ? h->pending_n : 3;

	body.stamp = exchange_body(reply)->stamp;
	if (h->pending_n)
		body.nonce = cpu_to_be32(h->pending_nonce);
	memcpy(body.next, h->pending, n * sizeof(*body.next));
	memcpy(reply->body, &body, sizeof(body));
}

/**
 * fake_host_take - a datagram comes to the host
 * @h: the host
 * @d: the datagram
 * @reply: what it answers
 * @now: the test's clocks
 *
 * Return: it answers.
 */
bool fake_host_take(struct fake_host *h, const struct nft_sysrq_dgram *d,
		    struct nft_sysrq_dgram *reply, const struct exchange_clock *now)
{
	struct nft_sysrq_outcome *body = (struct nft_sysrq_outcome *)reply->body;
	struct nft_sysrq_clock clock = clock_of(h, now);
	unsigned int runs = h->runs;
	u32 fires;

	if (nft_sysrq_wire_check(d) || d->key_id != h->secrets.key_id ||
	    !nft_sysrq_mac_admits(&h->secrets, NFT_SYSRQ_DIR_REQUEST, d) ||
	    !nft_sysrq_mac_holds(&h->secrets, NFT_SYSRQ_DIR_REQUEST, d) ||
	    !nft_sysrq_wire_meaningful(d))
		return false;
	h->datagrams++;
	memset(reply, 0, sizeof(*reply));
	memcpy(reply->magic, "SRQ", 3);
	reply->version = reply->spoken = NFT_SYSRQ_PROTO_VERSION;
	reply->type = d->type | NFT_SYSRQ_REPLY;
	reply->nsteps = d->nsteps;
	reply->key_id = d->key_id;
	reply->nonce = d->nonce;
	reply->epoch = cpu_to_be64(h->epoch);
	reply->stamp = cpu_to_be64(clock.boot);
	body->stamp = d->stamp;
	nft_sysrq_wire_put_wall(body->wall_ms, clock.real);
	reply->flags = settle(h, d, body, &clock, now);
	fires = fires_ms(h, now);
	body->fires_s = cpu_to_be16(NFT_SYSRQ_FIRES_NONE);
	if (reply->flags != NFT_SYSRQ_ST_STALE) {
		body->mask = cpu_to_be16(h->mask);
		if (h->pending_n)
			body->fires_s = cpu_to_be16((fires + 999) / 1000);
	}
	if (reply->flags == NFT_SYSRQ_ST_OK && d->type == NFT_SYSRQ_PROBE && !d->nsteps &&
	    d->body[0] == NFT_SYSRQ_PAGE_PENDING)
		tell_pending(h, fires, reply);
	nft_sysrq_mac_seal(&h->secrets, NFT_SYSRQ_DIR_REPLY, reply);
	if (h->restart && h->runs != runs)
		fake_host_boot(h, now);
	return true;
}
