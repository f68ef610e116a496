// SPDX-License-Identifier: GPL-2.0-only
/* Which base chains lead to a rule, whatever they ask on the way. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "reach-walk.h"

/* A search forward from one base chain, without recursion. */
struct search {
	struct walk	*w;
	uint32_t	*todo;
	size_t		n;
	bool		*seen;
};

static void note(struct search *s, uint32_t chain)
{
	if (chain == RS_NONE || s->seen[chain])
		return;
	s->seen[chain] = true;
	s->todo[s->n++] = chain;
}

static void note_op(struct search *s, const struct op *op)
{
	struct step st = { .w = s->w };
	const struct rs_set *set;
	size_t i;

	if (op->kind == OP_VERDICT)
		note(s, op->data);
	if (op->kind != OP_LOOKUP || !op->how || op->dreg != RS_VERDICT ||
	    !step_elements(&st, op->key))
		return;
	set = &s->w->rs->set[op->key];
	for (i = 0; i < set->n; i++)
		note(s, set->elem[i].chain);
}

/* Can a packet in @base come to the chain @to? */
static bool leads(struct search *s, uint32_t base, uint32_t to)
{
	const struct ruleset *rs = s->w->rs;
	uint32_t rule, i;

	memset(s->seen, 0, rs->n_chains * sizeof(*s->seen));
	s->n = 0;
	note(s, base);
	while (s->n && !s->seen[to]) {
		rule = rs->chain[s->todo[--s->n]].first;
		for (; rule != RS_NONE; rule = rs->rule[rule].next)
			for (i = 0; i < rs->rule[rule].n_ops; i++)
				note_op(s, &rs->op[rs->rule[rule].op + i]);
	}
	return s->seen[to];
}

/* Where the kernel lets the expression be. */
static bool early(const struct rs_chain *c)
{
	return (c->family == NFPROTO_NETDEV && c->hook == NF_NETDEV_INGRESS) ||
	       (c->family == NFPROTO_INET && c->hook == NF_INET_INGRESS);
}

static bool takes(const struct rs_chain *c)
{
	return !c->nat && (early(c) || (c->family != NFPROTO_NETDEV && c->hook == NF_INET_LOCAL_IN));
}

static void classify(const struct ruleset *rs, uint32_t i, struct roots *roots)
{
	const struct rs_chain *c = &rs->chain[i];

	if (!takes(c)) {
		roots->elsewhere = true;
	} else if (rs_dormant(rs, c)) {
		roots->dormant = true;
	} else {
		roots->is[i] = true;
		roots->early |= early(c);
		roots->n++;
	}
}

/**
 * roots_find - the base chains that lead to the target's chain
 * @w: the walk
 * @roots: filled in; its @is to be freed in any case
 *
 * Return: 0, or -ENOMEM.
 */
int roots_find(struct walk *w, struct roots *roots)
{
	const struct ruleset *rs = w->rs;
	uint32_t to = rs->rule[w->target].chain, i;
	struct search s = { .w = w, .todo = calloc(rs->n_chains, sizeof(*s.todo)),
			    .seen = calloc(rs->n_chains, sizeof(*s.seen)) };
	int err = -ENOMEM;

	memset(roots, 0, sizeof(*roots));
	roots->is = calloc(rs->n_chains, sizeof(*roots->is));
	if (s.todo && s.seen && roots->is) {
		err = 0;
		/* Jumps stay within a table. */
		for (i = 0; i < rs->n_chains; i++)
			if (rs->chain[i].base && rs->chain[i].family == rs->chain[to].family &&
			    !strcmp(rs_bytes(rs, rs->chain[i].table), rs_bytes(rs, rs->chain[to].table)) &&
			    leads(&s, i, to))
				classify(rs, i, roots);
	}
	free(s.todo);
	free(s.seen);
	return err;
}
