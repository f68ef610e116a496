// SPDX-License-Identifier: GPL-2.0-only
/* Which elements of a set a key may meet, of which some bits are known. */
#include "reach-lookup.h"

#include <string.h>

#include <linux/netfilter/nf_tables.h>

static bool intervals(const struct rs_set *s)
{
	return s->flags & NFT_SET_INTERVAL;
}

/* The first element whose greatest key is not below the key: elements do not overlap. */
static size_t find(const struct lookup *l)
{
	const uint8_t *key = l->regs->val + l->reg;
	size_t low = 0, high = l->set->n, mid;
	const struct rs_elem *e;

	while (low < high) {
		mid = low + (high - low) / 2;
		e = &l->set->elem[mid];
		if (!e->all && memcmp(rs_bytes(l->rs, e->end), key, l->set->key_len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/**
 * lookup_begin - begin a search
 * @l: has rs, set, regs, packet and reg
 */
void lookup_begin(struct lookup *l)
{
	l->looked_at = 0;
	l->met = NO;
	l->next = 0;
	l->direct = regs_known(l->regs, l->reg, l->set->key_len) &&
		    (!intervals(l->set) || !l->set->n_fields);
	if (l->direct)
		l->next = find(l);
}

/* Each field of a concatenation has bounds of its own. */
static enum tri fields_within(const struct lookup *l, const struct rs_elem *e)
{
	enum tri all = YES, one;
	uint32_t at = 0, i;

	for (i = 0; i < l->set->n_fields; i++) {
		one = regs_within(l->regs, l->reg + at,
				  (const uint8_t *)rs_bytes(l->rs, e->key) + at,
				  (const uint8_t *)rs_bytes(l->rs, e->end) + at, l->set->field[i]);
		if (one < all)
			all = one;
		at += (l->set->field[i] + 3) / 4 * 4;
	}
	return all;
}

static enum tri meets(const struct lookup *l, const struct rs_elem *e)
{
	const void *key = rs_bytes(l->rs, e->key);
	enum tri t;

	if (e->key == e->end)
		t = regs_equal(l->regs, l->reg, l->packet, key, l->set->key_len);
	else if (l->set->n_fields)
		t = fields_within(l, e);
	else
		t = regs_within(l->regs, l->reg, key, rs_bytes(l->rs, e->end), l->set->key_len);
	return t == YES && e->doubt ? MAYBE : t;
}

/**
 * lookup_next - the next element that the key may meet
 * @l: the search
 * @how: set to MAYBE; or YES: this one, if none before, and no other
 *
 * Return: it; NULL if there are no more.
 */
const struct rs_elem *lookup_next(struct lookup *l, enum tri *how)
{
	const struct rs_elem *e;

	while (l->met != YES && l->next < l->set->n) {
		e = &l->set->elem[l->next++];
		l->looked_at++;
		*how = e->all ? e->doubt ? MAYBE : YES : meets(l, e);
		/* No other has this key; but the last may be the one that catches all. */
		if (l->direct && !e->all && l->next < l->set->n)
			l->next = l->set->n - 1;
		if (*how == NO)
			continue;
		if (l->met != YES)
			l->met = *how;
		return e;
	}
	return NULL;
}

/**
 * lookup_single - has an element one key only?
 * @l: the search
 * @e: the element
 */
bool lookup_single(const struct lookup *l, const struct rs_elem *e)
{
	return !e->all && !memcmp(rs_bytes(l->rs, e->key), rs_bytes(l->rs, e->end),
				  l->set->key_len);
}
