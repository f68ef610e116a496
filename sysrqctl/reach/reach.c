// SPDX-License-Identifier: GPL-2.0-only
/*
 * Would a request reach a rule? First the rule alone says what it asks for; then all such requests
 * come in, and whatever arrives says what was learnt of it on the way; then only those come in.
 * What the second way takes away is really in the way.
 */
#include "reach.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>

/* What is asked, and the answer so far. */
struct question {
	struct ruleset			*rs;
	uint32_t			rule;
	const struct reach_query	*q;
	struct roots			roots;
	struct reach_one		*one;
	struct walk			walk;
	bool				v6;
	bool				icmp;
};

static void begin(struct question *qu)
{
	struct walk *w = &qu->walk;

	memset(w, 0, sizeof(*w));
	w->rs = qu->rs;
	w->target = qu->rule;
	w->budget = qu->rs->work < REACH_BUDGET ? REACH_BUDGET - qu->rs->work : 0;
}

static void end(struct question *qu)
{
	qu->rs->work += qu->walk.work;
	walk_done(&qu->walk);
}

static void init(const struct question *qu, struct packet *p)
{
	const struct reach_query *q = qu->q;
	unsigned int at = AT_NETWORK + (qu->v6 ? 8 : 12), len = qu->v6 ? 16 : 4;

	packet_init(p, qu->rs, qu->v6, qu->icmp);
	if (q->iface[0])
		packet_is(p, AT_IIFNAME, q->iface, 16);
	if (!q->family)
		return;
	packet_is(p, at, q->from, len);
	packet_is(p, at + len, q->to, len);
}

/* What other rules may change must not be asked of requests as they come. */
static void forget_changing(const struct question *qu, struct packet *p)
{
	uint16_t family = qu->rs->chain[qu->rs->rule[qu->rule].chain].family;
	uint8_t pf = family == NFPROTO_NETDEV ? NFPROTO_NETDEV :
		     qu->v6 ? NFPROTO_IPV6 : NFPROTO_IPV4;

	packet_write(p, AT_NFPROTO, &pf, NULL, 1);
	packet_forget(p, AT_MARK, 4);
	packet_forget(p, AT_CT_STATE, PACKET_BYTES - AT_CT_STATE);
	if (qu->q->port)
		packet_forget(p, AT_DPORT, 2);
	if (!qu->roots.early)
		return;
	packet_forget(p, AT_IIFNAME, 16);
	packet_forget(p, AT_IIF, 4);
}

/* The rule alone: does it take such requests at all? Then @p are those. MAYBE: too much work. */
static enum tri own(struct question *qu, struct packet *p)
{
	struct packet alone = *p;
	enum tri takes;

	begin(qu);
	qu->walk.choose = !qu->q->port;
	forget_changing(qu, &alone);
	walk_rule(&qu->walk, qu->rule, &alone);
	takes = qu->walk.n_arrivals ? YES : qu->walk.over ? MAYBE : NO;
	if (takes == YES) {
		alone = qu->walk.arrival[0].packet;
		packet_restart(p, &alone);
	}
	end(qu);
	return takes;
}

static void set_port(struct packet *p, uint16_t port)
{
	uint16_t be = htons(port);

	packet_is(p, AT_DPORT, &be, sizeof(be));
}

static void answer(const struct question *qu, const struct arrival *a)
{
	struct reach_one *one = qu->one;
	enum tri t = a->surely ? YES : MAYBE;
	uint32_t state;

	if (t <= one->answer)
		return;
	one->answer = t;
	one->why = t == YES ? REACH_FREE : REACH_TAKEN;
	memcpy(one->left, a->left, sizeof(one->left));
	one->n_left = t == YES ? 0 : a->n_left;
	memcpy(&state, a->packet.val + AT_CT_STATE, sizeof(state));
	one->tracked = !qu->roots.early && !(state & CT_UNTRACKED);
}

/* Nothing has arrived. */
static void why_not(struct question *qu)
{
	struct reach_one *one = qu->one;
	const struct walk *w = &qu->walk;
	size_t i;

	one->why = w->n_why ? REACH_TAKEN : REACH_UNSENT;
	memcpy(one->left, w->why, sizeof(one->left));
	one->n_left = w->n_why;
	if (!w->refused)
		return;
	/* They came to the rule, but changed so that it does not take them. */
	one->why = REACH_OWN;
	one->n_left = 0;
	if (w->moved.how == LEFT_NAT)
		one->left[one->n_left++] = w->moved;
	for (i = 0; i < w->n_left && !one->n_left; i++)
		if (w->left[i].how == LEFT_NAT)
			one->left[one->n_left++] = w->left[i];
	if (one->n_left)
		one->why = REACH_TAKEN;
}

static void too_much(struct question *qu)
{
	if (qu->one->answer == YES)
		return;
	qu->one->answer = MAYBE;
	qu->one->why = REACH_TOO_MUCH;
	qu->one->n_left = 0;
}

/* Only those come in that arrived by one of the ways. */
static void again(struct question *qu, const struct arrival *first)
{
	struct reach_one *one = qu->one;
	enum tri before = one->answer;
	struct packet p;
	unsigned int i;

	packet_restart(&p, &first->packet);
	if (!qu->icmp && !packet_known(&p, AT_DPORT, 2))
		set_port(&p, REACH_PORT);
	begin(qu);
	walk_hooks(&qu->walk, &p, &qu->roots);
	for (i = 0; i < qu->walk.n_arrivals; i++)
		answer(qu, &qu->walk.arrival[i]);
	if (!qu->walk.n_arrivals && one->answer == NO)
		why_not(qu);
	if (qu->walk.over)
		too_much(qu);
	end(qu);
	if (one->answer <= before)
		return;
	if (!qu->icmp)
		one->port = p.first[AT_DPORT] << 8 | p.first[AT_DPORT + 1];
	memset(one->iface, 0, sizeof(one->iface));
	if (!qu->roots.early && packet_known(&p, AT_IIFNAME, 16))
		memcpy(one->iface, p.first + AT_IIFNAME, 15);
	for (i = 0, one->n_only = 0; i < first->n_left && one->answer == YES; i++)
		if (first->left[i].how == LEFT_ELSEWHERE && first->left[i].rule != RS_NONE)
			one->only[one->n_only++] = first->left[i];
}

static void come_in(struct question *qu, struct packet *p)
{
	struct arrival first[ARRIVALS];
	unsigned int i, n;
	bool over;

	if (qu->q->port && !qu->icmp)
		set_port(p, qu->q->port);
	qu->one->port = p->first[AT_DPORT] << 8 | p->first[AT_DPORT + 1];
	if (qu->icmp)
		qu->one->port = 0;
	else if (!packet_known(p, AT_DPORT, 2))
		qu->one->port = REACH_PORT;
	begin(qu);
	walk_hooks(&qu->walk, p, &qu->roots);
	n = qu->walk.n_arrivals;
	over = qu->walk.over;
	memcpy(first, qu->walk.arrival, sizeof(first));
	if (!n)
		why_not(qu);
	end(qu);
	for (i = 0; i < n && qu->one->answer != YES; i++)
		again(qu, &first[i]);
	if (over)
		too_much(qu);
}

static enum reach_why device(const struct ruleset *rs, const struct rs_chain *c)
{
	enum reach_why why = REACH_NO_DEVICE;
	const char *name;
	uint32_t i;
	size_t k;

	if (c->n_devices == UINT32_MAX || !rs->n_links)
		return REACH_FREE;
	for (i = 0; i < c->n_devices; i++) {
		name = (const char *)rs_bytes(rs, c->devices) + 16 * i;
		for (k = 0; k < rs->n_links; k++) {
			if (strncmp(rs->link[k].name, name, 16) || !strcmp(name, "lo"))
				continue;
			if (rs->link[k].up)
				return REACH_FREE;
			why = REACH_DOWN;
		}
	}
	return why;
}

/* Is the rule anywhere at all? */
static enum reach_why placed(const struct question *qu)
{
	enum reach_why why = REACH_NO_DEVICE, one;
	size_t i;

	if (!qu->roots.n)
		return qu->roots.dormant ? REACH_DORMANT :
		       qu->roots.elsewhere ? REACH_HOOK : REACH_UNHOOKED;
	if (!qu->roots.early)
		return REACH_FREE;
	for (i = 0; i < qu->rs->n_chains && why != REACH_FREE; i++) {
		if (!qu->roots.is[i])
			continue;
		one = device(qu->rs, &qu->rs->chain[i]);
		if (one != REACH_NO_DEVICE)
			why = one;
	}
	return why;
}

static void ask(struct question *qu)
{
	struct reach_one *one = qu->one;
	struct packet p;
	enum tri takes;

	memset(one, 0, sizeof(*one));
	one->why = placed(qu);
	if (one->why != REACH_FREE)
		return;
	/* A rule that takes both UDP and pings is asked for UDP. */
	qu->icmp = false;
	init(qu, &p);
	takes = own(qu, &p);
	if (takes == NO) {
		qu->icmp = true;
		init(qu, &p);
		takes = own(qu, &p);
	}
	one->icmp = qu->icmp && takes == YES;
	if (takes == YES)
		come_in(qu, &p);
	else if (takes == MAYBE)
		too_much(qu);
	else
		one->why = REACH_OWN;
}

/**
 * reach_rule - would a request reach a rule?
 * @rs: the ruleset
 * @rule: the number of a rule that has the expression
 * @q: which requests are meant
 * @r: filled in
 */
void reach_rule(struct ruleset *rs, uint32_t rule, const struct reach_query *q, struct reach *r)
{
	struct question qu = { .rs = rs, .rule = rule, .q = q };
	int family = rs->chain[rs->rule[rule].chain].family, err;
	unsigned int i;

	memset(r, 0, sizeof(*r));
	begin(&qu);
	err = roots_find(&qu.walk, &qu.roots);
	end(&qu);
	for (i = 0; i < 2; i++) {
		qu.v6 = i;
		qu.one = &r->by[i];
		if (family == (i ? NFPROTO_IPV4 : NFPROTO_IPV6) ||
		    q->family == (i ? NFPROTO_IPV4 : NFPROTO_IPV6))
			qu.one->why = REACH_OWN;
		else if (err)
			too_much(&qu);
		else
			ask(&qu);
	}
	free(qu.roots.is);
}
