// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the bytes of a datagram to what becomes of it. Cheapest first; nothing
 * is written, and no lock taken, before the HMAC holds.
 */
#include "verify.h"

#include <linux/ktime.h>
#include <linux/nft_sysrq.h>
#include <linux/rculist.h>

#include "answer.h"
#include "event.h"
#include "key.h"
#include "letters.h"
#include "packet.h"
#include "program.h"
#include "space.h"
#include "wire.h"

/* The part of an outcome that a duplicate gets again, in 32 bits. */
static u32 outcome_pack(const struct outcome *o)
{
	return o->status | o->reasons << 4 | (u32)o->bits << 26;
}

static void outcome_unpack(struct outcome *o, u32 packed)
{
	o->status = packed & 0xf;
	o->reasons = packed >> 4 & 0x3fffff;
	o->bits = packed >> 26;
}

/* Is it of another boot, host, or time? 0, or why. */
static __always_inline int stale(const struct request *r)
{
	const struct nft_sysrq_key *key = r->key;

	if (r->mode == NFT_SYSRQ_MODE_EPOCH) {
		if (r->d->epoch != READ_ONCE(key->epoch))
			return NFT_SYSRQ_STAT_STALE_EPOCH;
	} else {
		if (!READ_ONCE(key->set.wall))
			return NFT_SYSRQ_STAT_STALE_WALL;
		if (r->d->epoch != READ_ONCE(key->host_tag) && !(r->probe && !r->d->epoch))
			return NFT_SYSRQ_STAT_STALE_EPOCH;
	}
	return nft_sysrq_window_stale(&key->window, r->mode, r->stamp, &r->now);
}

static u32 to_ms(s64 boot)
{
	return compat_div_u64(boot, NSEC_PER_MSEC);
}

/*
 * Reads the clocks, and takes a first look, without the lock: what is seen or
 * stale, or finds no room, goes on to the HMAC only while its slot may answer.
 * 0, or why not.
 */
static int limited(struct request *r)
{
	struct nft_sysrq_key *key = r->key;
	const struct nft_sysrq_seen *seen = nft_sysrq_window_find(&key->window, r->nonce);

	/* What is repeated asks for one clock only, as long as it gets no answer. */
	if (seen && !nft_sysrq_seen_may(seen, r->mode, r->stamp, to_ms(ktime_get_boot_fast_ns())))
		return NFT_SYSRQ_STAT_SEEN_LIMITED;
	nft_sysrq_clock_read(&r->now);
	r->now_ms = to_ms(r->now.boot);
	if (seen)
		return 0;
	if (!stale(r) && !nft_sysrq_window_full_hint(&key->window, r->probe, &r->now))
		return 0;
	return nft_sysrq_slot_may(nft_sysrq_slot(key->slots, r->d), r->d, r->now_ms) ?
	       0 : NFT_SYSRQ_STAT_STALE_LIMITED;
}

static void judge_steps(const struct request *r, struct outcome *o)
{
	unsigned int i;

	/* Most requests have none, or none that is refused. */
	if (!r->d->nsteps)
		return;
	o->reasons = nft_sysrq_steps_judge(r->d->steps, r->d->nsteps,
					   r->key->set.letters, nft_sysrq_mask());
	if (!o->reasons)
		return;
	for (i = 0; i < r->d->nsteps; i++) {
		switch (nft_sysrq_wire_reason(o->reasons, i)) {
		case NFT_SYSRQ_R_OK:
			continue;
		case NFT_SYSRQ_R_SYSRQ:
			o->stat = NFT_SYSRQ_STAT_REFUSED_SYSRQ;
			break;
		case NFT_SYSRQ_R_KEY:
			o->stat = NFT_SYSRQ_STAT_REFUSED_KEY;
			break;
		case NFT_SYSRQ_R_UNKNOWN:
			o->stat = NFT_SYSRQ_STAT_REFUSED_UNKNOWN;
			break;
		}
		o->status = NFT_SYSRQ_ST_REFUSED;
		return;
	}
}

/* The request's stamp by the host's CLOCK_BOOTTIME: which one is later? */
static s64 order_of(const struct request *r)
{
	return r->mode == NFT_SYSRQ_MODE_EPOCH ? r->stamp :
						 r->stamp - (r->now.real - r->now.boot);
}

static void offer(const struct request *r, struct outcome *o)
{
	struct nft_sysrq_offer offer = {
		.key = r->key,
		.steps = r->d->steps,
		.nsteps = r->d->nsteps,
		.nonce = r->nonce,
		.order = order_of(r),
	};

	o->status = nft_sysrq_program_offer(&offer);
	if (o->status)
		return;
	o->token = offer.token;
	if (offer.replaced)
		o->bits |= NFT_SYSRQ_B_REPLACED;
}

static int stat_of(enum nft_sysrq_status status, u8 type)
{
	switch (status) {
	case NFT_SYSRQ_ST_OVERTAKEN:
		return NFT_SYSRQ_STAT_OVERTAKEN;
	case NFT_SYSRQ_ST_OTHERS:
		return NFT_SYSRQ_STAT_OTHERS;
	case NFT_SYSRQ_ST_BUSY:
		return NFT_SYSRQ_STAT_BUSY;
	case NFT_SYSRQ_ST_NOTHING:
		return NFT_SYSRQ_STAT_NOTHING;
	default:
		return type == NFT_SYSRQ_RUN ? NFT_SYSRQ_STAT_RUN :
		       type == NFT_SYSRQ_PROBE ? NFT_SYSRQ_STAT_PROBE :
						 NFT_SYSRQ_STAT_CANCEL;
	}
}

/* Decide on a fresh request. The key is locked. */
static void decide(const struct request *r, struct outcome *o)
{
	struct nft_sysrq_key *key = r->key;

	o->bits = key->set.wall ? 0 : NFT_SYSRQ_B_NO_WALL;
	if (!nft_sysrq_wire_meaningful(r->d)) {
		o->stat = NFT_SYSRQ_STAT_MALFORMED;
		o->status = NFT_SYSRQ_ST_MALFORMED;
		return;
	}
	if (nft_sysrq_key_expired(key, &r->now)) {
		o->stat = NFT_SYSRQ_STAT_EXPIRED;
		o->status = NFT_SYSRQ_ST_EXPIRED;
		return;
	}

	judge_steps(r, o);
	if (o->status)
		return;
	if (r->d->type == NFT_SYSRQ_RUN) {
		offer(r, o);
	} else if (r->d->type == NFT_SYSRQ_CANCEL) {
		o->status = nft_sysrq_program_cancel(key, order_of(r));
		if (!o->status || o->status == NFT_SYSRQ_ST_NOTHING)
			key->cancelled = max(key->cancelled, order_of(r));
	}
	o->stat = stat_of(o->status, r->d->type);
}

/* Stale, or no room: nothing is entered; a slot's turn to be answered. */
static void turn_away(const struct request *r, struct outcome *o)
{
	nft_sysrq_window_watch(&r->key->window, &r->now);
	o->answer = nft_sysrq_slot_take(nft_sysrq_slot(r->key->slots, r->d), r->d, r->now_ms);
}

/*
 * What a reply tells of the wall clock is noted in the window, in either mode;
 * nft_sysrq_window_commit() does so itself.
 */
static void settle_locked(const struct request *r, struct outcome *o)
{
	struct nft_sysrq_key *key = r->key;
	struct nft_sysrq_seen *seen;

	seen = nft_sysrq_window_find(&key->window, r->nonce);
	if (seen) {
		nft_sysrq_window_watch(&key->window, &r->now);
		o->stat = NFT_SYSRQ_STAT_SEEN;
		outcome_unpack(o, seen->outcome);
		o->bits |= NFT_SYSRQ_B_SEEN;
		o->stamp = seen->stamp;
		o->answer = nft_sysrq_seen_take(seen, r->mode, r->stamp, r->now_ms);
		return;
	}

	o->stat = stale(r);
	if (o->stat) {
		o->status = NFT_SYSRQ_ST_STALE;
		turn_away(r, o);
		return;
	}
	seen = nft_sysrq_window_commit(&key->window, r->nonce, r->mode, r->stamp,
				       r->probe, &r->now);
	if (!seen) {
		o->stat = NFT_SYSRQ_STAT_FULL;
		o->status = NFT_SYSRQ_ST_FULL;
		turn_away(r, o);
		return;
	}

	decide(r, o);
	WRITE_ONCE(seen->answered, r->now_ms);
	seen->outcome = outcome_pack(o);
	o->answer = true;
	if (o->status) {
		key->refused++;
	} else {
		key->accepted++;
		key->last_use = r->now.boot;
	}
}

/* Entry and outcome are committed together, under the key's lock. */
static void settle(const struct request *r, struct outcome *o)
{
	spin_lock_bh(&r->key->lock);
	if (r->key->dead || nft_sysrq_key_retired(r->key, &r->now))
		o->stat = NFT_SYSRQ_STAT_KEY_UNKNOWN;
	else
		settle_locked(r, o);
	spin_unlock_bh(&r->key->lock);
}

/* Under a key whose admission tag holds. */
static int verify_key(struct nft_sysrq_space *space, struct nft_sysrq_key *key,
		      const struct nft_sysrq_packet *p, const struct nft_sysrq_dgram *d,
		      bool silent)
{
	struct request r = {
		.d = d,
		.key = key,
		.nonce = be32_to_cpu(d->nonce),
		.stamp = be64_to_cpu(d->stamp),
		.mode = d->flags & NFT_SYSRQ_F_WALL ? NFT_SYSRQ_MODE_WALL :
						      NFT_SYSRQ_MODE_EPOCH,
		.probe = d->type == NFT_SYSRQ_PROBE,
	};
	struct outcome o = { .stamp = r.stamp };
	int stat;

	stat = limited(&r);
	if (stat)
		return stat;
	if (!nft_sysrq_mac_holds(&key->secrets, NFT_SYSRQ_DIR_REQUEST, d))
		return NFT_SYSRQ_STAT_MAC;
	if (!nft_sysrq_packet_local(p))
		return NFT_SYSRQ_STAT_ADDRESS;

	settle(&r, &o);
	if (o.answer && !silent)
		nft_sysrq_count(space->stats, nft_sysrq_answer(&r, &o, p) < 0 ?
				NFT_SYSRQ_STAT_REPLY_FAILED : NFT_SYSRQ_STAT_REPLY_SENT);
	if (o.token)
		nft_sysrq_program_start(o.token);
	/* Before the log, where a dead console may hold us up. */
	nft_sysrq_program_kick(key->serial);
	if (o.stat != NFT_SYSRQ_STAT_KEY_UNKNOWN)
		nft_sysrq_event_request(&r, &o, p);
	if (o.stat == NFT_SYSRQ_STAT_RUN || o.stat == NFT_SYSRQ_STAT_CANCEL)
		nft_sysrq_answer_log(&r, p);
	return o.stat;
}

/**
 * nft_sysrq_verify - check a datagram, and do what it asks
 * @space: of the network namespace
 * @p: filled in, once a key is known
 * @pkt: the packet
 * @b: its bytes, by nft_sysrq_packet_copy()
 * @only: name of the one key that may be used, padded with zeroes, or NULL
 * @silent: do not answer
 *
 * Several keys may have the same id: each whose id fits is tried. That there
 * is one costs less to see than whether the addresses will do.
 *
 * A rule is evaluated inside an RCU read-side critical section, also for what
 * nfqueue reinjects: the chain itself lasts no longer. So do keys.
 *
 * Return: the enum nft_sysrq_stat that says what became of it.
 */
int nft_sysrq_verify(struct nft_sysrq_space *space, struct nft_sysrq_packet *p,
		     const struct nft_pktinfo *pkt, struct nft_sysrq_bytes *b,
		     const char *only, bool silent)
{
	const struct nft_sysrq_dgram *d = &b->payload.d;
	int stat = nft_sysrq_wire_check(d);
	struct nft_sysrq_key *key;
	struct hlist_head *by_id;
	bool read = false;
	int err;

	if (stat)
		return stat;

	stat = NFT_SYSRQ_STAT_KEY_UNKNOWN;
	by_id = rcu_dereference(space->by_id);
	if (!by_id)
		return stat;
	hlist_for_each_entry_rcu(key, nft_sysrq_key_bucket(by_id, d->key_id), by_id) {
		if (key->secrets.key_id != d->key_id)
			continue;
		if (!read) {
			err = nft_sysrq_packet_read(p, pkt, b);
			if (err)
				return err;
			read = true;
		}
		if (only && memcmp(key->name, only, NFT_SYSRQ_NAME_LEN)) {
			stat = NFT_SYSRQ_STAT_KEY_OTHER;
			continue;
		}
		if (!nft_sysrq_mac_admits(&key->secrets, NFT_SYSRQ_DIR_REQUEST, d)) {
			stat = NFT_SYSRQ_STAT_ADMISSION;
			continue;
		}
		return verify_key(space, key, p, d, silent);
	}
	return stat;
}
