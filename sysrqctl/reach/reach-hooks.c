// SPDX-License-Identifier: GPL-2.0-only
/*
 * The base chains in the kernel's order: ingress of the device, prerouting with connection tracking
 * and translation in between, input.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>

#include "reach-walk.h"

/* Between priorities, so that those of chains of type nat fit between. */
#define STRIDE		(1LL << 32)
#define CONNTRACK	(NF_IP_PRI_CONNTRACK * STRIDE)

enum stage { AT_INGRESS, AT_PREROUTING, AT_INPUT };

/* A base chain that the packets may come to; at ingress, for one device. */
struct stop {
	uint32_t	chain;
	enum stage	stage;
	int64_t		priority;
	bool		root;
	const char	*device;	/* NULL: nobody knows; at ingress only */
};

struct route {
	struct walk		*w;
	const struct roots	*roots;
	struct stop		*stop;
	size_t			n, cap;
	bool			v6;
};

/* All chains of type nat are called from one place, in their order. */
static int64_t effective(const struct rs_chain *c, enum stage stage)
{
	if (!c->nat)
		return c->priority * STRIDE;
	return (stage == AT_INPUT ? NF_IP_PRI_NAT_SRC : NF_IP_PRI_NAT_DST) * STRIDE + c->priority;
}

static void add(struct route *r, uint32_t chain, enum stage stage, const char *device)
{
	const struct rs_chain *c = &r->w->rs->chain[chain];

	if (rs_grow(&r->stop, &r->cap, r->n, sizeof(*r->stop))) {
		r->w->over = true;
		return;
	}
	r->stop[r->n++] = (struct stop){ chain, stage, effective(c, stage), r->roots->is[chain],
					 device };
}

static void add_ingress(struct route *r, uint32_t chain)
{
	const struct rs_chain *c = &r->w->rs->chain[chain];
	uint32_t i;

	if (c->n_devices == UINT32_MAX) {
		add(r, chain, AT_INGRESS, NULL);
		return;
	}
	for (i = 0; i < c->n_devices; i++)
		add(r, chain, AT_INGRESS, (const char *)rs_bytes(r->w->rs, c->devices) + 16 * i);
}

static void add_chain(struct route *r, uint32_t chain)
{
	const struct rs_chain *c = &r->w->rs->chain[chain];
	uint16_t family = r->v6 ? NFPROTO_IPV6 : NFPROTO_IPV4;

	if (!c->base || rs_dormant(r->w->rs, c))
		return;
	if ((c->family == NFPROTO_NETDEV && c->hook == NF_NETDEV_INGRESS) ||
	    (c->family == NFPROTO_INET && c->hook == NF_INET_INGRESS))
		add_ingress(r, chain);
	else if (c->family != NFPROTO_INET && c->family != family)
		return;
	else if (c->hook == NF_INET_PRE_ROUTING)
		add(r, chain, AT_PREROUTING, NULL);
	else if (c->hook == NF_INET_LOCAL_IN)
		add(r, chain, AT_INPUT, NULL);
}

/* Those that lead to the rule come last where nothing tells which comes first. */
static int in_order(const void *a, const void *b)
{
	const struct stop *x = a, *y = b;

	if (x->stage != y->stage)
		return x->stage < y->stage ? -1 : 1;
	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	if (x->root != y->root)
		return x->root - y->root;
	return x->chain < y->chain ? -1 : x->chain > y->chain;
}

static bool same_device(const struct stop *a, const struct stop *b)
{
	return !a->device || !b->device || !strncmp(a->device, b->device, 16);
}

/* Is there a root of the same priority, so that nobody knows which of both comes first? */
static bool tied(const struct route *r, size_t i)
{
	const struct stop *s = &r->stop[i];
	size_t k;

	for (k = i + 1; k < r->n && !s->root; k++) {
		if (r->stop[k].stage != s->stage || r->stop[k].priority != s->priority)
			return false;
		if (r->stop[k].root && same_device(s, &r->stop[k]))
			return true;
	}
	return false;
}

/* Do the packets pass this device's ingress? */
static enum tri passes(const struct route *r, const struct packet *p, const char *device)
{
	const char *name = (const char *)p->val + AT_IIFNAME;

	if (!device || !packet_known(p, AT_IIFNAME, 16))
		return MAYBE;
	if (!strncmp(name, device, 16))
		return YES;
	return r->w->rs->below && r->w->rs->below(name, device) ? MAYBE : NO;
}

/* At a device's ingress it is where they come in, whatever it will be later. */
static void come_in(const struct ruleset *rs, struct packet *p, const char *device)
{
	size_t i;

	packet_forget(p, AT_IIFNAME, 16);
	packet_forget(p, AT_IIF, 4);
	packet_forget(p, AT_IIFTYPE, 2);
	packet_forget(p, AT_IIFGROUP, 4);
	if (!device)
		return;
	packet_write(p, AT_IIFNAME, device, NULL, 16);
	for (i = 0; i < rs->n_links; i++)
		if (!strncmp(rs->link[i].name, device, 16))
			packet_write(p, AT_IIF, &rs->link[i].index, NULL, 4);
}

/* Connection tracking has seen them. */
static void track(struct packet *p)
{
	uint32_t known, val, state = CT_NEW, all = ~0U, status = 0, never = 0x23f;

	memcpy(&known, p->known + AT_CT_STATE, sizeof(known));
	memcpy(&val, p->val + AT_CT_STATE, sizeof(val));
	if (val & CT_UNTRACKED)
		return;
	if (!(known & CT_UNTRACKED)) {
		all = ~(uint32_t)(CT_NEW | CT_UNTRACKED);
		state = 0;
	}
	packet_write(p, AT_CT_STATE, &state, &all, sizeof(state));
	packet_write(p, AT_CT_STATUS, &status, &never, sizeof(status));
}

/* Does translation ask this chain? Not for what it does not track, and not twice. */
static enum tri asked(const struct packet *p)
{
	uint32_t val, known;

	memcpy(&val, p->val + AT_CT_STATE, sizeof(val));
	memcpy(&known, p->known + AT_CT_STATE, sizeof(known));
	if (val & (CT_UNTRACKED | CT_INVALID) || p->val[AT_NATTED])
		return NO;
	return known & CT_NEW && packet_known(p, AT_NATTED, 1) ? YES : MAYBE;
}

/* Through one base chain. Whether any go on; then @p are those. */
static bool through(struct route *r, const struct stop *s, struct packet *p, enum tri come)
{
	struct walk *w = r->w;
	const struct rs_chain *c = &w->rs->chain[s->chain];
	struct packet there = *p;
	size_t from = w->n_left;
	unsigned int out;
	uint8_t pf = c->family == NFPROTO_NETDEV ? NFPROTO_NETDEV :
		     r->v6 ? NFPROTO_IPV6 : NFPROTO_IPV4;

	if (come == NO)
		return true;
	packet_write(&there, AT_NFPROTO, &pf, NULL, 1);
	if (s->stage == AT_INGRESS)
		come_in(w->rs, &there, s->device);
	w->some_accepted = false;
	if (come != YES)
		w->fork[0] = (struct left){ LEFT_ELSEWHERE, s->chain, RS_NONE, false };
	w->n_forks += come != YES;
	out = walk_chain(w, s->chain, &there, 0);
	w->n_forks -= come != YES;
	if (out & OUT_END && c->drop) {
		walk_leave(w, LEFT_POLICY, s->chain, RS_NONE, come == YES && out == OUT_END);
		out &= ~OUT_END;
	}
	if (s->root && !w->refused)
		walk_why(w, from);
	walk_forget(w, from, LEFT_ACCEPT);
	if (out & OUT_END && w->some_accepted)
		packet_join(&there, &w->accepted);
	else if (w->some_accepted)
		there = w->accepted;
	if (come != YES)
		packet_join(p, &there);
	else
		*p = there;
	return come != YES || out & OUT_END || w->some_accepted;
}

/* Do the packets come to this chain? */
static enum tri comes(const struct route *r, size_t i, const struct packet *p)
{
	const struct stop *s = &r->stop[i];
	enum tri t = YES;

	if (s->stage == AT_INGRESS)
		t = passes(r, p, s->device);
	else if (r->w->rs->chain[s->chain].nat)
		t = asked(p);
	return t == YES && tied(r, i) ? MAYBE : t;
}

/* As they came in, but for what rules have changed: where they come in is of each hook's own. */
static void keep_interface(struct packet *p, const struct packet *from)
{
	memcpy(p->val + AT_IIFNAME, from->val + AT_IIFNAME, 16);
	memcpy(p->known + AT_IIFNAME, from->known + AT_IIFNAME, 16);
	memcpy(p->written + AT_IIFNAME, from->written + AT_IIFNAME, 16);
	memcpy(p->val + AT_IIF, from->val + AT_IIF, AT_LEN - AT_IIF);
	memcpy(p->known + AT_IIF, from->known + AT_IIF, AT_LEN - AT_IIF);
	memcpy(p->written + AT_IIF, from->written + AT_IIF, AT_LEN - AT_IIF);
}

/* To the rule by input: whatever ingress they pass, then the other hooks. */
static void by_input(struct route *r, const struct packet *from)
{
	struct packet p = *from;
	bool here = true, seen = false;
	uint32_t state = CT_INVALID;
	struct stop *s;
	size_t i;

	packet_write(&p, AT_CT_STATE, &state, NULL, sizeof(state));
	for (i = 0; i < r->n && here && !r->w->over; i++) {
		s = &r->stop[i];
		if (s->stage > AT_INGRESS && !seen && (s->stage == AT_INPUT || s->priority > CONNTRACK)) {
			track(&p);
			seen = true;
		} else if (s->stage > AT_INGRESS && !seen && s->priority == CONNTRACK) {
			packet_forget(&p, AT_CT_STATE, sizeof(state));
		}
		here = through(r, s, &p, comes(r, i, &p));
		if (s->stage == AT_INGRESS)
			keep_interface(&p, from);
	}
}

/* By ingress of a device come those that pass it, from others: nothing comes by the loopback. */
static bool comes_by(const struct route *r, const struct packet *p, const char *device)
{
	return passes(r, p, device) != NO && (!device || strncmp(device, "lo", 16));
}

/* To the rule by ingress of one device: only the chains there. */
static void by_ingress(struct route *r, const struct packet *from, const char *device)
{
	uint32_t state = CT_INVALID;
	struct packet p = *from;
	bool here = true;
	struct stop *s;
	size_t i;

	packet_write(&p, AT_CT_STATE, &state, NULL, sizeof(state));
	for (i = 0; i < r->n && here && !r->w->over; i++) {
		s = &r->stop[i];
		if (s->stage != AT_INGRESS || (device && s->device && strncmp(s->device, device, 16)))
			continue;
		here = through(r, s, &p, !s->device || !device || tied(r, i) ? MAYBE : YES);
	}
}

/**
 * walk_hooks - packets come to this host, and to the target if they can
 * @w: the walk
 * @p: the packets
 * @roots: the base chains that lead to the target
 */
void walk_hooks(struct walk *w, const struct packet *p, const struct roots *roots)
{
	struct route r = { .w = w, .roots = roots, .v6 = p->v6 };
	size_t i;

	for (i = 0; i < w->rs->n_chains; i++)
		add_chain(&r, i);
	if (r.n)
		qsort(r.stop, r.n, sizeof(*r.stop), in_order);
	if (!roots->early)
		by_input(&r, p);
	/* Each device of its own: what another's chains do is not in the way. */
	for (i = 0; i < r.n && roots->early && !w->over && !w->n_arrivals; i++)
		if (r.stop[i].root && r.stop[i].stage == AT_INGRESS && comes_by(&r, p, r.stop[i].device)) {
			w->n_left = 0;
			by_ingress(&r, p, r.stop[i].device);
		}
	if (!w->n_arrivals && !w->refused)
		walk_why(w, 0);
	free(r.stop);
}
