// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a sender says to a host, and when. The words of docs/protocol.md:
 *
 * - Bare probes ask for the epoch, each with a nonce of its own.
 * - With it, the request goes out in epoch mode, again and again under one
 *   nonce, with a new stamp each time, until the answer comes.
 * - While probes stay unanswered, copies of it also go out blind, under the
 *   same nonce: in epoch mode if the caller remembers the host's epoch, else
 *   in wall-clock mode if he gives host tags.
 *
 * What comes back is exchange-reply.c's.
 */
#include "exchange-reply.h"

#include "duration.h"

#define BLIND_ROUNDS	4

static const s64 pause_min = 200 * NS_PER_MS;
static const s64 pause_max = 1000 * NS_PER_MS;
/* At least so long is waited for the answer to the request itself. */
static const s64 grace = 1000 * NS_PER_MS;

/* 0.2 s, doubling up to 1 s */
static s64 pause_after(unsigned int count)
{
	s64 pause = pause_min;

	while (count-- && pause < pause_max)
		pause *= 2;
	return pause < pause_max ? pause : pause_max;
}

/* Since the start: 0, 0.2, 0.5, 1, 1.5 ... 3, 4, 5 ... s */
static s64 probe_at(unsigned int count)
{
	if (count < 2)
		return count * 200 * NS_PER_MS;
	if (count < 8)
		return (count - 1) * 500 * NS_PER_MS;
	return (count - 4) * NS_PER_S;
}

/** exchange_draw - a nonce that is not 0 */
u32 exchange_draw(void)
{
	u32 nonce;

	do
		nonce = randombytes_random();
	while (!nonce);
	return nonce;
}

/**
 * exchange_begin - start with a host
 * @x: filled in
 * @plan: what is asked; stays while @x is used
 * @naddrs: 1..EXCHANGE_ADDRS
 * @fallback: how to send blind, or NULL: not at all; a probe never is
 * @now: the sender's clocks
 */
void exchange_begin(struct exchange *x, const struct exchange_plan *plan,
		    unsigned int naddrs, const struct exchange_fallback *fallback,
		    const struct exchange_clock *now)
{
	memset(x, 0, sizeof(*x));
	x->plan = plan;
	x->keys[0] = plan->secrets;
	x->keys[1] = plan->other;
	x->nkeys = plan->other ? 2 : 1;
	x->steps = plan->steps;
	x->naddrs = naddrs;
	if (fallback && plan->type != NFT_SYSRQ_PROBE)
		x->fallback = *fallback;
	x->start = now->boot;
	x->deadline = now->boot + plan->timeout;
	x->probe.due = now->boot;
	x->blind.due = now->boot + (x->fallback.at_once ? 0 : plan->timeout / 2);
	x->nonce = exchange_draw();
	x->rtt = -1;
}

static void encode(struct nft_sysrq_dgram *d, enum nft_sysrq_type type, u32 nonce, u8 flags,
		   __be64 epoch, s64 stamp)
{
	memset(d, 0, sizeof(*d));
	memcpy(d->magic, "SRQ", sizeof(d->magic));
	d->version = NFT_SYSRQ_PROTO_VERSION;
	d->type = type;
	d->flags = flags;
	d->nonce = cpu_to_be32(nonce);
	d->epoch = epoch;
	d->stamp = cpu_to_be64(stamp);
}

static void seal(const struct nft_sysrq_secrets *key, struct nft_sysrq_dgram *d)
{
	d->key_id = key->key_id;
	nft_sysrq_mac_seal(key, NFT_SYSRQ_DIR_REQUEST, d);
}

static struct exchange_probe *note_probe(struct exchange *x, unsigned int addr, s64 stamp,
					 const struct exchange_clock *now)
{
	struct exchange_probe *p = &x->probes[x->nprobes++ % EXCHANGE_PROBES];

	p->nonce = exchange_draw();
	p->addr = addr;
	p->key = 0;
	p->page = NFT_SYSRQ_PAGE_STATUS;
	p->stamp = stamp;
	p->sent = now->boot;
	return p;
}

static void note_copy(struct exchange *x, s64 stamp, const struct exchange_clock *now)
{
	struct exchange_copy *c = &x->copies[x->ncopies];

	if (!x->ncopies || c[-1].stamp != stamp) {
		c->stamp = stamp;
		c->sent = now->boot;
		x->ncopies++;
	}
	if (!x->first)
		x->first = now->boot;
	x->last_real = now->real;
}

static void send_copy(struct exchange *x, struct nft_sysrq_dgram *d, u8 flags,
		      __be64 epoch, s64 stamp, const struct exchange_clock *now)
{
	const struct steps *s = &x->steps;

	encode(d, x->plan->type, x->nonce, flags, epoch, stamp);
	d->nsteps = s->n;
	memcpy(d->steps, s->step, s->n * sizeof(*s->step));
	seal(x->keys[0], d);
	note_copy(x, stamp, now);
}

/*
 * Is it time for a copy? The host counts on it that none is made later than
 * that; then it is never time again, also for exchange_due().
 */
static bool may_copy(const struct exchange *x, struct exchange_turn *t,
		     const struct exchange_clock *now)
{
	if (now->boot < t->due)
		return false;
	if (x->ncopies < EXCHANGE_COPIES &&
	    (!x->first || now->boot - x->first < NFT_SYSRQ_TRY_NS))
		return true;
	t->due = INT64_MAX;
	return false;
}

static bool next_probe(struct exchange *x, struct nft_sysrq_dgram *d, unsigned int *addr,
		       const struct exchange_clock *now)
{
	struct exchange_turn *t = &x->probe;
	struct exchange_probe *p;

	if (now->boot < t->due)
		return false;
	*addr = t->cursor / x->nkeys;
	p = note_probe(x, *addr, now->real, now);
	p->key = t->cursor % x->nkeys;
	encode(d, NFT_SYSRQ_PROBE, p->nonce, NFT_SYSRQ_F_WALL, 0, p->stamp);
	seal(x->keys[p->key], d);
	if (++t->cursor == x->naddrs * x->nkeys) {
		t->cursor = 0;
		t->due = x->start + probe_at(++t->count);
	}
	return true;
}

/*
 * One mode, never both: that some of the host's clocks is behind can then be
 * told, and mended, for the one that was used; see misled().
 */
static unsigned int blind_kinds(const struct exchange *x)
{
	/* Not under two keys: a host that had both would run it twice. */
	return x->fallback.epoch ? 1 : x->nkeys > 1 ? 0 : x->fallback.ntags;
}

static bool next_blind(struct exchange *x, struct nft_sysrq_dgram *d, unsigned int *addr,
		       const struct exchange_clock *now)
{
	const struct exchange_fallback *f = &x->fallback;
	unsigned int kinds = blind_kinds(x);
	struct exchange_turn *t = &x->blind;

	if (!kinds || t->count == BLIND_ROUNDS || !may_copy(x, t, now))
		return false;
	*addr = t->cursor / kinds;
	/* The epoch is the first key's: it is that, or none. */
	if (x->nkeys > 1) {
		x->nkeys = 1;
		x->probe.cursor = 0;
	}
	if (f->epoch)
		send_copy(x, d, 0, f->epoch, now->boot + f->ahead, now);
	else
		send_copy(x, d, NFT_SYSRQ_F_WALL, f->tags[t->cursor % kinds], now->real, now);
	x->blind_sent = true;
	if (++t->cursor == x->naddrs * kinds) {
		t->cursor = 0;
		t->due = now->boot + pause_after(t->count++);
	}
	return true;
}

static bool next_ask(struct exchange *x, struct nft_sysrq_dgram *d, unsigned int *addr,
		     const struct exchange_clock *now)
{
	struct exchange_turn *t = &x->ask;

	if (!may_copy(x, t, now))
		return false;
	*addr = x->addr;
	send_copy(x, d, 0, x->epoch, now->boot + x->ahead, now);
	t->due = now->boot + pause_after(t->count++);
	return true;
}

static bool next_look(struct exchange *x, struct nft_sysrq_dgram *d, unsigned int *addr,
		      const struct exchange_clock *now)
{
	struct exchange_turn *t = &x->ask;
	struct exchange_probe *p;

	if (now->boot < t->due)
		return false;
	*addr = x->addr;
	p = note_probe(x, *addr, now->boot + x->ahead, now);
	p->page = NFT_SYSRQ_PAGE_PENDING;
	encode(d, NFT_SYSRQ_PROBE, p->nonce, 0, x->epoch, p->stamp);
	d->body[0] = p->page;
	seal(x->keys[0], d);
	t->due = now->boot + pause_after(t->count++);
	return true;
}

/* Until when a last question is waited for. */
static s64 enough(const struct exchange *x, const struct exchange_clock *now)
{
	return now->boot + (x->plan->timeout < grace ? x->plan->timeout : grace);
}

/**
 * exchange_ask - the epoch is known: go on in epoch mode
 * @x: its epoch, ahead and addr are set
 * @now: the sender's clocks
 */
void exchange_ask(struct exchange *x, const struct exchange_clock *now)
{
	s64 until = enough(x, now);

	x->state = EXCHANGE_ASKING;
	x->ask.count = 0;
	x->ask.due = now->boot;
	if (x->deadline < until)
		x->deadline = until;
}

/**
 * exchange_wait - nothing more may be sent, but what was may be answered
 * @x: it is as if done
 * @now: the sender's clocks
 */
void exchange_wait(struct exchange *x, const struct exchange_clock *now)
{
	x->state = EXCHANGE_WAITING;
	x->deadline = enough(x, now);
}

/**
 * exchange_look - a bare probe was told that a program is pending: which one?
 * @x: its epoch, ahead and addr are set; it is as if done, but for @pending
 * @now: the sender's clocks
 */
void exchange_look(struct exchange *x, const struct exchange_clock *now)
{
	x->state = EXCHANGE_LOOKING;
	x->ask.count = 0;
	x->ask.due = now->boot;
	x->deadline = enough(x, now);
}

/**
 * exchange_next - what is to be sent now?
 * @x: the exchange
 * @d: the datagram
 * @addr: to which address
 * @now: the sender's clocks
 *
 * To be called until it returns false; again when something was received, or
 * at exchange_due().
 */
bool exchange_next(struct exchange *x, struct nft_sysrq_dgram *d, unsigned int *addr,
		   const struct exchange_clock *now)
{
	if (x->state != EXCHANGE_DONE && now->boot >= x->deadline)
		exchange_stop(x, now);
	switch (x->state) {
	case EXCHANGE_PROBING:
		return next_probe(x, d, addr, now) || next_blind(x, d, addr, now);
	case EXCHANGE_ASKING:
		return next_ask(x, d, addr, now);
	case EXCHANGE_LOOKING:
		return next_look(x, d, addr, now);
	default:
		return false;
	}
}

/**
 * exchange_stop - wait no longer
 * @x: the exchange
 * @now: the sender's clocks
 */
void exchange_stop(struct exchange *x, const struct exchange_clock *now)
{
	if (x->state == EXCHANGE_DONE)
		return;
	if (x->state == EXCHANGE_PROBING || x->state == EXCHANGE_ASKING)
		x->outcome = EXCHANGE_NO_ANSWER;
	x->deadline = now->boot;
	x->state = EXCHANGE_DONE;
}

static s64 earlier(s64 a, s64 b)
{
	return a < b ? a : b;
}

/**
 * exchange_due - when to call exchange_next() again
 * @x: the exchange
 *
 * Return: by the sender's CLOCK_BOOTTIME, ns.
 */
s64 exchange_due(const struct exchange *x)
{
	s64 due = x->deadline;

	switch (x->state) {
	case EXCHANGE_PROBING:
		due = earlier(due, x->probe.due);
		if (blind_kinds(x) && x->blind.count < BLIND_ROUNDS)
			due = earlier(due, x->blind.due);
		break;
	case EXCHANGE_ASKING:
	case EXCHANGE_LOOKING:
		due = earlier(due, x->ask.due);
		break;
	default:
		break;
	}
	return due;
}
