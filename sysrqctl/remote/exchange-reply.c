// SPDX-License-Identifier: GPL-2.0-only
/* What a host says to a sender, and whether it is believed. */
#include "exchange-reply.h"

#include "duration.h"

/* Each may happen for a good reason; over and over, it does not. */
#define REDRAW_MAX	8
#define MEND_MAX	4

/* Does the request change anything? */
static bool acts(const struct exchange *x)
{
	return x->plan->type != NFT_SYSRQ_PROBE;
}

static bool is_bare(const struct exchange *x)
{
	return x->plan->type == NFT_SYSRQ_PROBE && !x->steps.n;
}

/* From a holder of the key? */
static bool genuine(const struct nft_sysrq_secrets *s, const struct nft_sysrq_dgram *d,
		    size_t len)
{
	return len == NFT_SYSRQ_DGRAM_LEN && !memcmp(d->magic, "SRQ", sizeof(d->magic)) &&
	       d->version == NFT_SYSRQ_PROTO_VERSION && d->key_id == s->key_id &&
	       nft_sysrq_mac_admits(s, NFT_SYSRQ_DIR_REPLY, d) &&
	       nft_sysrq_mac_holds(s, NFT_SYSRQ_DIR_REPLY, d);
}

static s64 about(const struct nft_sysrq_dgram *d)
{
	return be64_to_cpu(exchange_body(d)->stamp);
}

static const struct exchange_probe *probe_of(const struct exchange *x,
					     const struct nft_sysrq_dgram *d)
{
	unsigned int i, n = x->nprobes < EXCHANGE_PROBES ? x->nprobes : EXCHANGE_PROBES;

	if (d->type != (NFT_SYSRQ_PROBE | NFT_SYSRQ_REPLY) || d->nsteps)
		return NULL;
	for (i = 0; i < n; i++)
		if (cpu_to_be32(x->probes[i].nonce) == d->nonce &&
		    x->probes[i].stamp == about(d))
			return &x->probes[i];
	return NULL;
}

/* Which of the keys the host has? Return: @nkeys: it is of none. */
static unsigned int key_of(const struct exchange *x, const struct nft_sysrq_dgram *d, size_t len)
{
	unsigned int k = 0;

	while (k < x->nkeys && !genuine(x->keys[k], d, len))
		k++;
	return k;
}

/* Is it about the request, though perhaps not about ours? */
static bool about_request(const struct exchange *x, const struct nft_sysrq_dgram *d)
{
	return x->ncopies && d->type == (x->plan->type | NFT_SYSRQ_REPLY) &&
	       d->nonce == cpu_to_be32(x->nonce) && d->nsteps == x->steps.n;
}

static const struct exchange_copy *copy_of(const struct exchange *x, s64 stamp)
{
	unsigned int i;

	for (i = 0; i < x->ncopies; i++)
		if (x->copies[i].stamp == stamp)
			return &x->copies[i];
	return NULL;
}

/**
 * exchange_lead_ms - by how much our wall clock leads the host's
 * @d: a reply that does not tell of a pending program
 * @now: the clocks when it came
 */
s64 exchange_lead_ms(const struct nft_sysrq_dgram *d, const struct exchange_clock *now)
{
	return now->real / NS_PER_MS - nft_sysrq_wire_get_wall_ms(exchange_body(d)->wall_ms);
}

static void learn(struct exchange *x, const struct nft_sysrq_dgram *d,
		  const struct exchange_clock *now)
{
	x->learned.epoch = d->epoch;
	x->learned.boot = be64_to_cpu(d->stamp);
	x->learned.at = *now;
	x->learned.lead_ms = exchange_lead_ms(d, now);
}

static void conclude(struct exchange *x, enum exchange_outcome outcome,
		     const struct nft_sysrq_dgram *d, unsigned int addr,
		     const struct exchange_clock *now)
{
	learn(x, d, now);
	x->state = EXCHANGE_DONE;
	x->outcome = outcome;
	x->reply = *d;
	x->reply_real = now->real;
	x->addr = addr;
	x->epoch = d->epoch;
	x->ahead = be64_to_cpu(d->stamp) - now->boot;
	if (is_bare(x) && d->flags == NFT_SYSRQ_ST_OK &&
	    exchange_body(d)->fires_s != cpu_to_be16(NFT_SYSRQ_FIRES_NONE))
		exchange_look(x, now);
}

/*
 * By how much what was sent blind leads the host, if that is too much. When
 * the host's clock gets there it may have forgotten the request, and would run
 * that copy once more. What was sent for another boot never runs.
 */
static bool misled(struct exchange *x, const struct nft_sysrq_dgram *d,
		   const struct exchange_clock *now)
{
	s64 ahead = be64_to_cpu(d->stamp) - now->boot, lead_ms, most_ms;

	if (!x->blind_sent)
		return false;
	if (!x->fallback.epoch) {
		lead_ms = exchange_lead_ms(d, now);
		most_ms = NFT_SYSRQ_TOLERANCE_MIN;
	} else if (x->fallback.epoch == d->epoch) {
		lead_ms = (x->fallback.ahead - ahead) / NS_PER_MS;
		most_ms = NFT_SYSRQ_LEAD_NS / NS_PER_MS;
	} else {
		return false;
	}
	x->blind_lead_ms = lead_ms;
	return lead_ms > most_ms;
}

/*
 * Go on with the epoch and the clock that a reply tells. But if the host has
 * restarted since the request first went out, then it may have restarted
 * because of it, and must not be asked again.
 */
static void adopt(struct exchange *x, const struct nft_sysrq_dgram *d, unsigned int addr,
		  const struct exchange_clock *now)
{
	s64 host = be64_to_cpu(d->stamp);

	learn(x, d, now);
	if (acts(x) && x->first && d->epoch != x->epoch && host <= now->boot - x->first) {
		conclude(x, EXCHANGE_RESTARTED, d, addr, now);
		return;
	}
	if (misled(x, d, now)) {
		conclude(x, EXCHANGE_CLOCKS, d, addr, now);
		exchange_wait(x, now);
		return;
	}
	x->addr = addr;
	x->epoch = d->epoch;
	x->ahead = host - now->boot;
	if (x->state == EXCHANGE_PROBING)
		exchange_ask(x, now);
}

static void on_probe(struct exchange *x, const struct exchange_probe *p,
		     const struct nft_sysrq_dgram *d, const struct exchange_clock *now)
{
	if (x->state != EXCHANGE_PROBING)
		return;
	x->rtt = now->boot - p->sent;
	if (is_bare(x) && d->flags != NFT_SYSRQ_ST_STALE)
		conclude(x, EXCHANGE_ANSWERED, d, p->addr, now);
	else
		adopt(x, d, p->addr, now);
}

/* Our copy came to the wrong epoch or clock: mend it. */
static void on_stale(struct exchange *x, const struct nft_sysrq_dgram *d,
		     unsigned int addr, const struct exchange_clock *now)
{
	/* A blind copy may have gone to more addresses than the one that counts. */
	if (x->state == EXCHANGE_WAITING || (x->state == EXCHANGE_ASKING && addr != x->addr))
		return;
	x->stale = true;
	adopt(x, d, addr, now);
	if (x->state == EXCHANGE_ASKING && x->mended++ < MEND_MAX)
		x->ask.due = now->boot;
}

/* Somebody else's request has our nonce: ours was never looked at. */
static void redraw(struct exchange *x, const struct exchange_clock *now)
{
	if (x->redrawn++ == REDRAW_MAX)
		return;
	x->nonce = exchange_draw();
	x->ncopies = 0;
	if (x->state == EXCHANGE_ASKING)
		x->ask.due = now->boot;
	else
		x->blind.due = now->boot;
}

/*
 * Leave out the letters that are refused; their waits stay, so that the other
 * letters keep their times. Return: some letter is left.
 */
static bool leave_out(struct exchange *x, const struct nft_sysrq_outcome *body)
{
	u32 reasons = nft_sysrq_wire_get_reasons(body->reasons);
	struct steps s = x->steps;
	unsigned int i;

	for (i = 0; i < s.n; i++)
		if (nft_sysrq_wire_reason(reasons, i))
			s.step[i].letter = 0;
	while (s.n && !s.step[s.n - 1].letter)
		s.n--;
	if (!s.n || !reasons)
		return false;
	s.step[s.n - 1].wait = 0;
	x->steps = s;
	x->refusal = *body;
	x->left_out = true;
	return true;
}

/*
 * Another request, with a nonce of its own. Nothing has run of the first one,
 * and nothing will: under its nonce the host repeats the refusal.
 */
static void ask_anew(struct exchange *x, const struct nft_sysrq_dgram *d, unsigned int addr,
		     const struct exchange_clock *now)
{
	x->nonce = exchange_draw();
	x->ncopies = 0;
	adopt(x, d, addr, now);
	if (x->state != EXCHANGE_DONE)
		exchange_ask(x, now);
}

static void on_reply(struct exchange *x, const struct nft_sysrq_dgram *d,
		     unsigned int addr, const struct exchange_clock *now)
{
	const struct exchange_copy *c = copy_of(x, about(d));
	bool seen = d->flags != NFT_SYSRQ_ST_STALE &&
		    exchange_body(d)->bits & NFT_SYSRQ_B_SEEN;

	if (!c) {
		if (seen && x->state != EXCHANGE_WAITING)
			redraw(x, now);
		return;
	}
	if (d->flags == NFT_SYSRQ_ST_STALE) {
		on_stale(x, d, addr, now);
		return;
	}
	if (!seen)
		x->rtt = now->boot - c->sent;
	if (d->flags == NFT_SYSRQ_ST_REFUSED && x->plan->partial && !x->left_out &&
	    !misled(x, d, now) && leave_out(x, exchange_body(d)))
		ask_anew(x, d, addr, now);
	else
		conclude(x, EXCHANGE_ANSWERED, d, addr, now);
}

/* What is pending. If the host does not say, then not: the probe has its answer. */
static void on_pending(struct exchange *x, const struct nft_sysrq_dgram *d,
		       const struct exchange_clock *now)
{
	struct nft_sysrq_outcome *answer = (struct nft_sysrq_outcome *)x->reply.body;

	x->deadline = now->boot;
	x->state = EXCHANGE_DONE;
	if (d->flags != NFT_SYSRQ_ST_OK)
		return;
	memcpy(&x->pending, d->body, sizeof(x->pending));
	if (x->pending.fires_ms == cpu_to_be32(NFT_SYSRQ_FIRES_NONE_MS)) {
		/* Its last letter has run meanwhile. */
		memset(&x->pending, 0, sizeof(x->pending));
		answer->fires_s = cpu_to_be16(NFT_SYSRQ_FIRES_NONE);
	}
}

/**
 * exchange_receive - something came from the host
 * @x: the exchange
 * @data: anything
 * @len: of @data
 * @addr: which address it came from
 * @now: the sender's clocks
 */
void exchange_receive(struct exchange *x, const void *data, size_t len,
		      unsigned int addr, const struct exchange_clock *now)
{
	const struct exchange_probe *p;
	struct nft_sysrq_dgram d;
	unsigned int key;

	if (x->state == EXCHANGE_DONE || len != sizeof(d))
		return;
	memcpy(&d, data, sizeof(d));
	key = key_of(x, &d, len);
	if (key == x->nkeys)
		return;
	if (about_request(x, &d) && x->state != EXCHANGE_LOOKING) {
		on_reply(x, &d, addr, now);
		return;
	}
	p = probe_of(x, &d);
	/* It counts for the address that was asked, and for no other. */
	if (!p || p->addr != addr || p->key != key)
		return;
	/* From now on it is known which key the host has. */
	x->keys[0] = x->keys[key];
	x->nkeys = 1;
	if (x->state == EXCHANGE_LOOKING && p->page == NFT_SYSRQ_PAGE_PENDING)
		on_pending(x, &d, now);
	else
		on_probe(x, p, &d, now);
}
