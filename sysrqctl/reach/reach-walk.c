// SPDX-License-Identifier: GPL-2.0-only
/* Requests on their way through a chain and those that it jumps to. */
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "reach-lookup.h"
#include "reach-walk.h"

/* They go on to the next rule: as they came, or as @p. */
static void go_on(struct step *st, const struct packet *p)
{
	if (p == st->in)
		st->plain_on = true;
	else if (st->some_on)
		packet_join(&st->on, p);
	else
		st->on = *p;
	if (p != st->in)
		st->some_on = true;
}

/* So do those that do not match; what was learnt is not so of them, what was written may be. */
static void break_off(struct step *st)
{
	struct packet both;

	if (!st->dirty) {
		go_on(st, st->in);
		return;
	}
	both = st->now;
	packet_join(&both, st->in);
	go_on(st, &both);
}

static void to_end(struct step *st, const struct packet *p)
{
	st->out |= OUT_END;
	if (*st->some_end)
		packet_join(st->end, p);
	else
		*st->end = *p;
	*st->some_end = true;
}

static void accepted(struct step *st, const struct packet *p)
{
	struct walk *w = st->w;

	st->out |= OUT_ACCEPT;
	if (w->some_accepted)
		packet_join(&w->accepted, p);
	else
		w->accepted = *p;
	w->some_accepted = true;
}

static void jump(struct step *st, int32_t code, uint32_t chain, enum tri match,
		 const struct packet *p, unsigned int depth)
{
	struct walk *w = st->w;
	struct packet there = *p;
	unsigned int out;

	if (chain == RS_NONE || depth >= WALK_DEPTH) {
		w->over = true;
		return;
	}
	if (match != YES && w->n_forks < WALK_DEPTH)
		w->fork[w->n_forks] = (struct left){ LEFT_ELSEWHERE, st->chain, st->rule, false };
	w->n_forks += match != YES;
	out = walk_chain(w, chain, &there, depth + 1);
	w->n_forks -= match != YES;
	st->out |= out & ~OUT_END;
	if (!(out & OUT_END))
		return;
	if (code == NFT_JUMP) {
		go_on(st, &there);
		return;
	}
	walk_leave(w, LEFT_RETURN, st->chain, st->rule, match == YES && out == OUT_END);
	to_end(st, &there);
}

static void verdict(struct step *st, int32_t code, uint32_t chain, enum tri match,
		    const struct packet *p, unsigned int depth)
{
	struct walk *w = st->w;

	switch (code) {
	case NF_ACCEPT:
		walk_leave(w, LEFT_ACCEPT, st->chain, st->rule, match == YES);
		accepted(st, p);
		break;
	case NFT_RETURN:
		walk_leave(w, LEFT_RETURN, st->chain, st->rule, match == YES);
		to_end(st, p);
		break;
	case NFT_JUMP:
	case NFT_GOTO:
		jump(st, code, chain, match, p, depth);
		break;
	case NFT_CONTINUE:
	case NFT_BREAK:
		go_on(st, p);
		break;
	case NF_DROP:
		walk_leave(w, LEFT_DROP, st->chain, st->rule, match == YES);
		st->out |= OUT_GONE;
		break;
	default:
		walk_leave(w, (code & NF_VERDICT_MASK) == NF_QUEUE ? LEFT_QUEUE : LEFT_STRANGE,
			   st->chain, st->rule, false);
		st->out |= OUT_GONE;
		accepted(st, p);
	}
}

/* A verdict map: each element that the key may meet is a way of its own. */
static void verdict_map(struct step *st, const struct op *op, unsigned int depth)
{
	struct lookup l = { .rs = st->w->rs, .set = &st->w->rs->set[op->key], .regs = &st->regs,
			    .packet = step_packet(st), .reg = op->sreg };
	const struct rs_elem *e;
	struct packet p;
	struct regs regs;
	enum tri how;

	if (!step_elements(st, op->key)) {
		verdict(st, NF_STOP, RS_NONE, MAYBE, step_packet(st), depth);
		break_off(st);
		return;
	}
	lookup_begin(&l);
	while (!st->w->over && (e = lookup_next(&l, &how))) {
		p = *step_packet(st);
		regs = st->regs;
		if (how == MAYBE && lookup_single(&l, e))
			regs_learn(&regs, op->sreg, &p, rs_bytes(l.rs, e->key), op->len);
		verdict(st, e->code, e->chain, how < st->match ? how : st->match,
			how == MAYBE ? &p : step_packet(st), depth);
		st->w->work += l.looked_at;
		st->w->over |= st->w->work > st->w->budget;
		l.looked_at = 0;
	}
	if (l.met != YES)
		break_off(st);
}

/* The packet goes elsewhere, unless that is this host, too. */
static void translate(struct step *st, const struct op *op)
{
	struct packet *p = step_change(st);
	int to = p->v6 ? AT_NETWORK + 24 : AT_NETWORK + 16;
	uint32_t status = 0, but = ~(uint32_t)0x20;
	uint8_t yes = 1;

	st->dirty = true;
	if (op->kind == OP_NAT)
		walk_leave(st->w, LEFT_NAT, st->chain, st->rule, false);
	else
		st->w->moved = (struct left){ LEFT_NAT, st->chain, st->rule, false };
	packet_forget(p, to, p->v6 ? 16 : 4);
	packet_write(p, AT_NATTED, &yes, NULL, 1);
	packet_write(p, AT_CT_STATUS, &status, &but, sizeof(status));
	if (!p->icmp && op->sreg != RS_VERDICT)
		packet_write(p, AT_DPORT, st->regs.val + op->sreg, st->regs.known + op->sreg, 2);
	else if (!p->icmp && op->how)
		packet_forget(p, AT_DPORT, 2);
	verdict(st, NF_ACCEPT, RS_NONE, st->match, p, 0);
}

/* Whether it was one that ends the rule, or the target. */
static bool ends(struct step *st, const struct op *op, unsigned int depth)
{
	switch (op->kind) {
	case OP_VERDICT:
		verdict(st, op->key, op->data, st->match, step_packet(st), depth);
		return true;
	case OP_LOOKUP:
		if (!op->how || op->dreg != RS_VERDICT)
			return false;
		verdict_map(st, op, depth);
		return true;
	case OP_SYSRQ:
		if (st->rule == st->w->target)
			walk_arrive(st);
		/* Those that another takes are served there; the others go on. */
		break_off(st);
		return true;
	case OP_NAT:
	case OP_REDIRECT:
		translate(st, op);
		return true;
	case OP_QUEUE:
		verdict(st, NF_QUEUE, RS_NONE, st->match, step_packet(st), depth);
		return true;
	case OP_FORWARD:
		walk_leave(st->w, LEFT_FORWARD, st->chain, st->rule, st->match == YES);
		st->out |= OUT_GONE;
		return true;
	case OP_STRANGE:
		verdict(st, NF_STOP, RS_NONE, MAYBE, step_packet(st), depth);
	}
	return false;
}

static void one_rule(struct step *st, unsigned int depth)
{
	struct walk *w = st->w;
	const struct rs_rule *rule = &w->rs->rule[st->rule];
	const struct op *op = w->rs->op + rule->op;
	uint32_t i;
	enum tri t;

	st->match = YES;
	for (i = 0; i < rule->n_ops; i++, op++) {
		w->over |= ++w->work > w->budget;
		if (w->over || ends(st, op, depth))
			return;
		t = step_eval(st, op);
		if (t != YES)
			break_off(st);
		if (t == NO) {
			w->refused |= st->rule == w->target;
			return;
		}
		if (t < st->match)
			st->match = t;
	}
	go_on(st, step_packet(st));
}

static void begin(struct step *st, uint32_t rule, struct packet *p)
{
	st->rule = rule;
	st->in = p;
	st->changed = false;
	st->dirty = false;
	st->unsure = false;
	st->some_on = false;
	st->plain_on = false;
	st->out = 0;
	memset(st->regs.val, 0, sizeof(st->regs.val));
	memset(st->regs.known, 0, sizeof(st->regs.known));
	memset(st->regs.from, 0xff, sizeof(st->regs.from));
}

/* Of those that go on; false: there are none. */
static bool next(struct step *st, struct packet *p)
{
	if (st->some_on && st->plain_on)
		packet_join(p, &st->on);
	else if (st->some_on)
		*p = st->on;
	return st->some_on || st->plain_on;
}

/**
 * walk_rule - only one rule, as if all packets came to it
 * @w: the walk; its target is met if it is this rule
 * @rule: the rule's number
 * @p: the packets
 */
void walk_rule(struct walk *w, uint32_t rule, struct packet *p)
{
	struct packet end;
	bool some_end = false;
	struct step st = { .w = w, .chain = w->rs->rule[rule].chain, .end = &end,
			   .some_end = &some_end };

	begin(&st, rule, p);
	one_rule(&st, WALK_DEPTH);
}

/**
 * walk_chain - packets go through a chain and those that it jumps to
 * @w: the walk
 * @chain: the chain's number
 * @p: those that come to it; then those that leave by its end
 * @depth: of jumps up to here
 *
 * Return: OUT_*: how they may leave it.
 */
unsigned int walk_chain(struct walk *w, uint32_t chain, struct packet *p, unsigned int depth)
{
	bool target = w->rs->rule[w->target].chain == chain, here = true, some_end = false;
	struct packet end;
	struct step st = { .w = w, .chain = chain, .end = &end, .some_end = &some_end };
	size_t from = w->n_left;
	unsigned int out = 0;
	uint32_t rule;

	for (rule = w->rs->chain[chain].first; rule != RS_NONE && here && !w->over;
	     rule = w->rs->rule[rule].next) {
		begin(&st, rule, p);
		one_rule(&st, depth);
		out |= st.out;
		here = next(&st, p);
	}
	if (target && !w->refused)
		walk_why(w, from);
	walk_forget(w, from, LEFT_RETURN);
	if (here && some_end)
		packet_join(p, &end);
	else if (some_end)
		*p = end;
	return here ? out | OUT_END : out;
}
