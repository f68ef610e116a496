// SPDX-License-Identifier: GPL-2.0-only
/* Expressions, as the kernel evaluates them, where not all of packets and registers is known. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/rtnetlink.h>

#include "reach-lookup.h"
#include "reach-walk.h"

/**
 * step_packet - the packets as they are now
 * @st: the step
 */
const struct packet *step_packet(const struct step *st)
{
	return st->changed ? &st->now : st->in;
}

/** step_change - likewise, to be changed: they were others at the rule's beginning */
struct packet *step_change(struct step *st)
{
	if (!st->changed)
		st->now = *st->in;
	st->changed = true;
	return &st->now;
}

/* AT_* of header bytes; -1: nobody knows what is there; -2: nothing is. */
static int payload_at(const struct packet *p, const struct op *op)
{
	unsigned int header = packet_header(p);
	uint32_t at = op->key;

	if (op->how == NFT_PAYLOAD_NETWORK_HEADER && at < header)
		return at + op->len <= header ? AT_NETWORK + (int)at : -1;
	if (op->how == NFT_PAYLOAD_NETWORK_HEADER)
		at -= header;
	else if (op->how != NFT_PAYLOAD_TRANSPORT_HEADER)
		return -1;
	/* What is behind the request is read by nobody. */
	return at > TRANSPORT_LEN || op->len > TRANSPORT_LEN - at ? -2 : AT_TRANSPORT + (int)at;
}

static enum tri load(struct step *st, const struct op *op)
{
	int at = payload_at(step_packet(st), op);

	if (at == -2)
		return NO;
	if (at >= 0) {
		regs_load(&st->regs, op->dreg, step_packet(st), at, op->len);
		return YES;
	}
	regs_forget(&st->regs, op->dreg, op->len);
	return MAYBE;
}

/* Where meta data is; -1: nobody knows what it is, or it changes by itself. */
static int meta_at(uint32_t key)
{
	switch (key) {
	case NFT_META_LEN:
		return AT_LEN;
	case NFT_META_PROTOCOL:
		return AT_PROTOCOL;
	case NFT_META_MARK:
		return AT_MARK;
	case NFT_META_IIF:
		return AT_IIF;
	case NFT_META_OIF:
		return AT_OIF;
	case NFT_META_IIFNAME:
		return AT_IIFNAME;
	case NFT_META_OIFNAME:
		return AT_OIFNAME;
	case NFT_META_IIFTYPE:
		return AT_IIFTYPE;
	case NFT_META_IIFGROUP:
		return AT_IIFGROUP;
	case NFT_META_NFPROTO:
		return AT_NFPROTO;
	case NFT_META_L4PROTO:
		return AT_L4PROTO;
	case NFT_META_PKTTYPE:
		return AT_PKTTYPE;
	}
	return -1;
}

/* Are they tracked? What has no connection breaks whoever asks for more than its state. */
static enum tri tracked(const struct packet *p)
{
	uint32_t val, known;

	memcpy(&val, p->val + AT_CT_STATE, sizeof(val));
	memcpy(&known, p->known + AT_CT_STATE, sizeof(known));
	if (val & (CT_INVALID | CT_UNTRACKED))
		return NO;
	return known & CT_INVALID && known & CT_UNTRACKED ? YES : MAYBE;
}

static enum tri load_ct(struct step *st, const struct op *op)
{
	enum tri t = op->key == NFT_CT_STATE ? YES : tracked(step_packet(st));
	int at = -1;

	switch (op->key) {
	case NFT_CT_STATE:
		at = AT_CT_STATE;
		break;
	case NFT_CT_STATUS:
		at = AT_CT_STATUS;
		break;
	case NFT_CT_MARK:
		at = AT_CT_MARK;
		break;
	case NFT_CT_DIRECTION:
		at = AT_CT_DIR;
		break;
	}
	if (at >= 0) {
		regs_load(&st->regs, op->dreg, step_packet(st), at, op->len);
		return t;
	}
	regs_forget(&st->regs, op->dreg, op->len);
	return t == NO ? NO : MAYBE;
}

static enum tri load_meta(struct step *st, const struct op *op)
{
	int at = meta_at(op->key);

	if (at >= 0) {
		regs_load(&st->regs, op->dreg, step_packet(st), at, op->len);
		return YES;
	}
	regs_forget(&st->regs, op->dreg, op->len);
	return MAYBE;
}

/* They are to this host, from another to which the way back is the one that they came. */
static enum tri load_fib(struct step *st, const struct op *op)
{
	bool whole = !(op->how & (NFTA_FIB_F_IIF | NFTA_FIB_F_OIF));
	uint32_t type = 0;

	if (op->key == NFT_FIB_RESULT_ADDRTYPE && whole && op->how & NFTA_FIB_F_DADDR)
		type = RTN_LOCAL;
	else if (op->key == NFT_FIB_RESULT_ADDRTYPE && whole && op->how & NFTA_FIB_F_SADDR)
		type = RTN_UNICAST;
	if (type) {
		regs_data(&st->regs, op->dreg, &type, sizeof(type));
		return YES;
	}
	if (op->how & NFTA_FIB_F_SADDR && op->how & NFTA_FIB_F_PRESENT &&
	    op->key != NFT_FIB_RESULT_ADDRTYPE) {
		regs_data(&st->regs, op->dreg, "\1\0\0", 4);
		return YES;
	}
	regs_forget(&st->regs, op->dreg, op->len);
	return MAYBE;
}

/* Is what is not known not of the packet as it came, but what rules have made of it? */
static bool made(const struct step *st, const struct op *op)
{
	unsigned int i;
	int at;

	for (i = op->sreg; i < (unsigned int)op->sreg + op->len; i++) {
		at = st->regs.from[i];
		if (at >= 0 && step_packet(st)->written[at] && st->regs.known[i] != 0xff)
			return true;
	}
	return false;
}

static enum tri compare(struct step *st, const struct op *op)
{
	const void *data = rs_bytes(st->w->rs, op->data);
	const struct regs *r = &st->regs;
	enum tri t;

	switch (op->how) {
	case NFT_CMP_EQ:
		t = regs_equal(r, op->sreg, step_packet(st), data, op->len);
		if (t == MAYBE)
			regs_learn(&st->regs, op->sreg, step_change(st), data, op->len);
		return t;
	case NFT_CMP_NEQ:
		return tri_not(regs_equal(r, op->sreg, step_packet(st), data, op->len));
	case NFT_CMP_GTE:
		return regs_within(r, op->sreg, data, NULL, op->len);
	case NFT_CMP_LT:
		return tri_not(regs_within(r, op->sreg, data, NULL, op->len));
	case NFT_CMP_LTE:
		return regs_within(r, op->sreg, (const uint8_t[RS_REGS]){ 0 }, data, op->len);
	}
	return tri_not(regs_within(r, op->sreg, (const uint8_t[RS_REGS]){ 0 }, data, op->len));
}

static bool may_choose(const struct step *st, const struct op *op)
{
	return st->w->choose && st->regs.from[op->sreg] == AT_DPORT && op->len >= 2;
}

static enum tri range(struct step *st, const struct op *op)
{
	const void *from = rs_bytes(st->w->rs, op->data);
	enum tri t = regs_within(&st->regs, op->sreg, from, rs_bytes(st->w->rs, op->data2), op->len);

	if (op->how == NFT_RANGE_NEQ)
		return tri_not(t);
	if (t == MAYBE && may_choose(st, op))
		regs_learn(&st->regs, op->sreg, step_change(st), from, op->len);
	return t;
}

/**
 * step_elements - have the elements of a set
 * @st: the step
 * @set: its number
 *
 * Return: whether they are there.
 */
bool step_elements(struct step *st, uint32_t set)
{
	struct ruleset *rs = st->w->rs;
	struct rs_set *s = &rs->set[set];

	if (!s->state)
		s->state = rs->fetch ? rs->fetch(rs, set, rs->arg) : -ENOENT;
	return s->state > 0;
}

/* A map to data, or none. */
static enum tri look_up(struct step *st, const struct op *op)
{
	struct lookup l = { .rs = st->w->rs, .set = &st->w->rs->set[op->key], .regs = &st->regs,
			    .packet = step_packet(st), .reg = op->sreg };
	const struct rs_elem *e, *met = NULL;
	unsigned int n = 0;
	enum tri how;

	if (op->how)
		regs_forget(&st->regs, op->dreg, l.set->data_len);
	if (!step_elements(st, op->key))
		return MAYBE;
	lookup_begin(&l);
	/* More than two tell no more than two. */
	while (n < 2 && (e = lookup_next(&l, &how))) {
		met = met ? met : e;
		n++;
	}
	st->w->work += l.looked_at;
	if (op->how && l.met == YES && n == 1 && met->data != RS_NONE)
		regs_data(&st->regs, op->dreg, rs_bytes(l.rs, met->data), l.set->data_len);
	if (l.met == MAYBE && !op->invert && !op->how && met && !met->all &&
	    (may_choose(st, op) || (n == 1 && lookup_single(&l, met))))
		regs_learn(&st->regs, op->sreg, step_change(st), rs_bytes(l.rs, met->key), op->len);
	return op->invert ? tri_not(l.met) : l.met;
}

static enum tri match(struct step *st, const struct op *op)
{
	bool unsure = made(st, op);
	enum tri t = op->kind == OP_CMP ? compare(st, op) :
		     op->kind == OP_RANGE ? range(st, op) : look_up(st, op);

	st->unsure |= unsure && t == MAYBE;
	return t;
}

static void put(struct step *st, const struct op *op, int at)
{
	struct packet *p = step_change(st);

	st->dirty = true;
	if (op->sreg == RS_VERDICT)
		packet_forget(p, at, op->len);
	else
		packet_write(p, at, st->regs.val + op->sreg, st->regs.known + op->sreg, op->len);
}

static void put_load(struct step *st, const struct op *op)
{
	int at = payload_at(step_packet(st), op);

	if (at >= 0)
		put(st, op, at);
}

static void notrack(struct step *st)
{
	uint32_t state = CT_UNTRACKED;
	enum tri t = tracked(step_packet(st));

	if (t == YES)
		return;
	st->dirty = true;
	/* What is tracked already stays so. */
	if (t == MAYBE)
		packet_forget(step_change(st), AT_CT_STATE, sizeof(state));
	else
		packet_write(step_change(st), AT_CT_STATE, &state, NULL, sizeof(state));
}

/**
 * step_eval - evaluate an expression that is no verdict
 * @st: the packets, and registers
 * @op: the expression
 *
 * Return: whether it goes on; NO: it breaks.
 */
enum tri step_eval(struct step *st, const struct op *op)
{
	struct ruleset *rs = st->w->rs;

	switch (op->kind) {
	case OP_BREAK:
		return NO;
	case OP_MAYBE:
		return MAYBE;
	case OP_LOAD:
		return load(st, op);
	case OP_META:
		return load_meta(st, op);
	case OP_CT:
		return load_ct(st, op);
	case OP_FIB:
		return load_fib(st, op);
	case OP_CMP:
	case OP_RANGE:
	case OP_LOOKUP:
		return match(st, op);
	case OP_XT:
		return step_xt(st, op);
	case OP_MASK:
		regs_mask(&st->regs, op, rs_bytes(rs, op->data), rs_bytes(rs, op->data2));
		break;
	case OP_SWAP:
		regs_swap(&st->regs, op);
		break;
	case OP_FORGET:
		regs_forget(&st->regs, op->dreg, op->len);
		break;
	case OP_DATA:
		regs_data(&st->regs, op->dreg, rs_bytes(rs, op->data), op->len);
		break;
	case OP_NOTRACK:
		notrack(st);
		break;
	case OP_PUT_LOAD:
		put_load(st, op);
		break;
	case OP_PUT_META:
		if (meta_at(op->key) >= 0)
			put(st, op, meta_at(op->key));
		break;
	case OP_PUT_CT:
		put(st, op, AT_CT_MARK);
		break;
	case OP_BLUR:
	case OP_STRANGE:
		regs_forget(&st->regs, 0, RS_REGS);
		return MAYBE;
	}
	return YES;
}
