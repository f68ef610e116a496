// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: what those are told who listen to the family's multicast group.
 *
 * Packets and timers only write them down, in memory that is there, and only
 * of what is genuine; a work tells of them. What has no room is counted.
 */
#include "event.h"

#include <linux/ktime.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "answer.h"
#include "key.h"
#include "netlink.h"
#include "packet.h"
#include "space.h"

#define RING_SIZE	256	/* a power of two */

/**
 * struct event - one of them
 * @cmd: enum nft_sysrq_cmd
 * @who: the key; its space is a reference
 * @lost: how many before it had no room
 * @real: CLOCK_REALTIME, ns
 * @nonce: of request or program
 * @nsteps: how many
 * @steps: of request or program
 * @change: enum nft_sysrq_change
 * @v4: the address is one of IPv4
 * @port: the sender's; 0: it is an echo
 * @from: the sender's address
 * @type: enum nft_sysrq_type
 * @stat: enum nft_sysrq_stat
 * @status: enum nft_sysrq_status
 * @bits: NFT_SYSRQ_B_*
 * @reasons: of the steps
 */
struct event {
	u8			cmd;
	struct nft_sysrq_actor	who;
	u32			lost;
	s64			real;
	u32			nonce;
	u8			nsteps;
	struct nft_sysrq_step	steps[NFT_SYSRQ_MAX_STEPS];
	u32			change;
	bool			v4;
	__be16			port;
	union nf_inet_addr	from;
	u8			type;
	u32			stat;
	u8			status;
	u8			bits;
	u32			reasons;
};

/* Of all network namespaces; and of what of a space is about events. */
static DEFINE_SPINLOCK(lock);
static struct event ring[RING_SIZE];
static unsigned int head, tail;
static bool open;

static void tell_fn(struct work_struct *work);
static DECLARE_WORK(tell_work, tell_fn);

static bool wanted(const struct nft_sysrq_space *space)
{
	struct net *net = READ_ONCE(space->net);

	return READ_ONCE(open) && net && genl_has_listeners(&nft_sysrq_family, net, 0);
}

static void begin(struct event *e, enum nft_sysrq_cmd cmd)
{
	memset(e, 0, sizeof(*e));
	e->cmd = cmd;
	e->real = ktime_get_real_fast_ns();
}

static void take_key(struct event *e, const struct nft_sysrq_key *key)
{
	e->who.space = key->space;
	e->who.key_id = key->secrets.key_id;
	memcpy(e->who.name, key->name, sizeof(e->who.name));
}

static void take_steps(struct event *e, const struct nft_sysrq_step *steps, unsigned int n)
{
	e->nsteps = n;
	memcpy(e->steps, steps, n * sizeof(*steps));
}

static void put(struct event *e)
{
	struct nft_sysrq_space *space = e->who.space;

	spin_lock_bh(&lock);
	if (open && head - tail == RING_SIZE) {
		space->lost++;
	} else if (open) {
		e->lost = space->lost;
		space->lost = 0;
		kref_get(&space->ref);
		ring[head++ % RING_SIZE] = *e;
		/* Under the lock: after nft_sysrq_event_exit() nobody does so. */
		schedule_work(&tell_work);
	}
	spin_unlock_bh(&lock);
}

/* By itself: where nobody listens, no room is made and cleared for it. */
static noinline_for_stack void put_request(const struct request *r, const struct outcome *o,
					   const struct nft_sysrq_packet *p)
{
	struct event e;

	begin(&e, NFT_SYSRQ_CMD_REQUEST_NTF);
	take_key(&e, r->key);
	/* A bare probe's body is no steps; what has no meaning may claim any. */
	take_steps(&e, r->d->steps, r->d->nsteps);
	e.nonce = r->nonce;
	e.v4 = p->v4;
	e.from = p->from;
	e.port = p->proto == IPPROTO_UDP ? p->theirs : 0;
	e.type = r->d->type;
	e.stat = o->stat;
	e.status = o->status;
	e.bits = o->bits;
	e.reasons = o->reasons;
	put(&e);
}

/**
 * nft_sysrq_event_request - a genuine request has come
 * @r: the request
 * @o: what became of it
 * @p: its packet
 */
void nft_sysrq_event_request(const struct request *r, const struct outcome *o,
			     const struct nft_sysrq_packet *p)
{
	if (wanted(r->key->space))
		put_request(r, o, p);
}

/**
 * nft_sysrq_event_steps - a program goes on, or is dropped
 * @cmd: NFT_SYSRQ_CMD_STEP_NTF or NFT_SYSRQ_CMD_PROGRAM_NTF
 * @actor: whose program
 * @nonce: its request's
 * @steps: that are left
 * @nsteps: how many
 */
void nft_sysrq_event_steps(enum nft_sysrq_cmd cmd, const struct nft_sysrq_actor *actor,
			   u32 nonce, const struct nft_sysrq_step *steps,
			   unsigned int nsteps)
{
	struct event e;

	if (!wanted(actor->space))
		return;
	begin(&e, cmd);
	e.who = *actor;
	e.nonce = nonce;
	take_steps(&e, steps, nsteps);
	put(&e);
}

/**
 * nft_sysrq_event_key - a key has changed
 * @key: the key
 * @change: what happened to it
 */
void nft_sysrq_event_key(const struct nft_sysrq_key *key, enum nft_sysrq_change change)
{
	struct event e;

	if (!wanted(key->space))
		return;
	begin(&e, NFT_SYSRQ_CMD_KEY_NTF);
	take_key(&e, key);
	e.change = change;
	put(&e);
}

static int fill_request(struct sk_buff *msg, const struct event *e)
{
	return nla_put(msg, NFT_SYSRQ_A_EVENT_ADDRESS, e->v4 ? 4 : 16, &e->from) ?:
	       (e->port ? nla_put_u16(msg, NFT_SYSRQ_A_EVENT_PORT, ntohs(e->port)) : 0) ?:
	       nla_put_u8(msg, NFT_SYSRQ_A_EVENT_TYPE, e->type) ?:
	       nla_put_u32(msg, NFT_SYSRQ_A_EVENT_STAT, e->stat) ?:
	       nla_put_u8(msg, NFT_SYSRQ_A_EVENT_STATUS, e->status) ?:
	       nla_put_u8(msg, NFT_SYSRQ_A_EVENT_BITS, e->bits) ?:
	       nla_put_u32(msg, NFT_SYSRQ_A_EVENT_REASONS, e->reasons);
}

static int fill(struct sk_buff *msg, const struct event *e)
{
	void *hdr = genlmsg_put(msg, 0, 0, &nft_sysrq_family, 0, e->cmd);
	int err;

	if (!hdr)
		return -EMSGSIZE;
	err = nla_put_string(msg, NFT_SYSRQ_A_EVENT_KEY, e->who.name) ?:
	      nla_put_u32(msg, NFT_SYSRQ_A_EVENT_KEY_ID, be32_to_cpu(e->who.key_id)) ?:
	      nla_put_s64(msg, NFT_SYSRQ_A_EVENT_REALTIME, e->real, NFT_SYSRQ_A_EVENT_PAD) ?:
	      (e->lost ? nla_put_u32(msg, NFT_SYSRQ_A_EVENT_LOST, e->lost) : 0);
	if (!err && e->cmd == NFT_SYSRQ_CMD_KEY_NTF)
		err = nla_put_u32(msg, NFT_SYSRQ_A_EVENT_CHANGE, e->change);
	else if (!err)
		err = nla_put_u32(msg, NFT_SYSRQ_A_EVENT_NONCE, e->nonce) ?:
		      nla_put(msg, NFT_SYSRQ_A_EVENT_STEPS, e->nsteps * sizeof(*e->steps),
			      e->steps);
	if (!err && e->cmd == NFT_SYSRQ_CMD_REQUEST_NTF)
		err = fill_request(msg, e);
	if (err)
		return err;
	genlmsg_end(msg, hdr);
	return 0;
}

static void tell(struct net *net, const struct event *e)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!msg) {
		spin_lock_bh(&lock);
		e->who.space->lost += e->lost + 1;
		spin_unlock_bh(&lock);
		return;
	}
	if (fill(msg, e))
		nlmsg_free(msg);
	else
		genlmsg_multicast_netns(&nft_sysrq_family, net, msg, 0, 0, GFP_KERNEL);
}

/* The oldest event, and its network namespace, if that still lives. */
static bool take(struct event *e, struct net **net)
{
	bool any;

	spin_lock_bh(&lock);
	any = head != tail;
	if (any) {
		*e = ring[tail++ % RING_SIZE];
		*net = e->who.space->net ? maybe_get_net(e->who.space->net) : NULL;
	}
	spin_unlock_bh(&lock);
	return any;
}

static void tell_fn(struct work_struct *work)
{
	struct event e;
	struct net *net;

	while (take(&e, &net)) {
		if (net) {
			tell(net, &e);
			put_net(net);
		}
		nft_sysrq_space_put(e.who.space);
	}
}

/**
 * nft_sysrq_event_leave - a network namespace ends
 * @space: what it had of ours; its keys are gone
 */
void nft_sysrq_event_leave(struct nft_sysrq_space *space)
{
	spin_lock_bh(&lock);
	WRITE_ONCE(space->net, NULL);
	spin_unlock_bh(&lock);
}

/** nft_sysrq_event_init - the family is there: events can be told */
void nft_sysrq_event_init(void)
{
	WRITE_ONCE(open, true);
}

/** nft_sysrq_event_exit - no more events are written down; all are told */
void nft_sysrq_event_exit(void)
{
	spin_lock_bh(&lock);
	WRITE_ONCE(open, false);
	spin_unlock_bh(&lock);
	flush_work(&tell_work);
}
