// SPDX-License-Identifier: GPL-2.0-only
/* A ruleset as the kernel told it: where its parts lie, and how they are found. */
#include "reach-ruleset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * rs_free - done
 * @rs: may be all zeroes
 */
void rs_free(struct ruleset *rs)
{
	size_t i;

	for (i = 0; i < rs->n_sets; i++)
		free(rs->set[i].elem);
	free(rs->heap);
	free(rs->table);
	free(rs->chain);
	free(rs->set);
	free(rs->rule);
	free(rs->op);
	free(rs->link);
	memset(rs, 0, sizeof(*rs));
}

/**
 * rs_grow - room for one more in an array
 * @array: address of the pointer to its first
 * @cap: for how many there is room
 * @n: how many there are
 * @size: of each
 *
 * Return: 0, or -ENOMEM; then nothing has changed.
 */
int rs_grow(void *array, size_t *cap, size_t n, size_t size)
{
	size_t more = *cap ? *cap * 2 : 16;
	void **at = array;
	void *p;

	if (n < *cap)
		return 0;
	/* Numbers of parts have 32 bits. */
	if (more > RS_NONE / 2)
		return -ENOMEM;
	p = reallocarray(*at, more, size);
	if (!p)
		return -ENOMEM;
	*at = p;
	*cap = more;
	return 0;
}

/**
 * rs_keep - keep bytes in the heap
 * @rs: the ruleset
 * @data: the bytes
 * @len: how many
 * @at: set to where they are
 *
 * Return: 0, or -ENOMEM.
 */
int rs_keep(struct ruleset *rs, const void *data, size_t len, uint32_t *at)
{
	size_t need = rs->heap_len + len, cap = rs->heap_cap ? rs->heap_cap : 4096;
	uint8_t *p;

	if (need >= RS_NONE)
		return -ENOMEM;
	while (cap < need)
		cap *= 2;
	if (cap != rs->heap_cap) {
		p = realloc(rs->heap, cap);
		if (!p)
			return -ENOMEM;
		rs->heap = p;
		rs->heap_cap = cap;
	}
	memcpy(rs->heap + rs->heap_len, data, len);
	*at = rs->heap_len;
	rs->heap_len = need;
	return 0;
}

/**
 * rs_link - tell of an interface
 * @rs: the ruleset
 * @name: cut to 15 bytes
 * @index: its number
 * @up: it is up
 *
 * Return: 0, or -ENOMEM.
 */
int rs_link(struct ruleset *rs, const char *name, uint32_t index, bool up)
{
	struct rs_link *l;

	if (rs_grow(&rs->link, &rs->cap_links, rs->n_links, sizeof(*l)))
		return -ENOMEM;
	l = &rs->link[rs->n_links++];
	memset(l, 0, sizeof(*l));
	memcpy(l->name, name, strnlen(name, sizeof(l->name) - 1));
	l->index = index;
	l->up = up;
	return 0;
}

/* What chains and sets alike are found by. */
struct wanted {
	const struct ruleset	*rs;
	uint16_t		family;
	const char		*table;
	const char		*name;
};

static int order(const struct wanted *w, uint16_t family, uint32_t table, uint32_t name)
{
	int diff = w->family - family;

	if (!diff)
		diff = strcmp(w->table, rs_bytes(w->rs, table));
	return diff ? diff : strcmp(w->name, rs_bytes(w->rs, name));
}

static int want_chain(const void *key, const void *elem)
{
	const struct rs_chain *c = elem;

	return order(key, c->family, c->table, c->name);
}

static int want_set(const void *key, const void *elem)
{
	const struct rs_set *s = elem;

	return order(key, s->family, s->table, s->name);
}

static int sort_chains(const void *a, const void *b, void *rs)
{
	const struct rs_chain *c = a;
	struct wanted w = { rs, c->family, rs_bytes(rs, c->table), rs_bytes(rs, c->name) };

	return want_chain(&w, b);
}

static int sort_sets(const void *a, const void *b, void *rs)
{
	const struct rs_set *s = a;
	struct wanted w = { rs, s->family, rs_bytes(rs, s->table), rs_bytes(rs, s->name) };

	return want_set(&w, b);
}

/**
 * rs_sort - all chains and sets have been told: from now on they can be found
 * @rs: has no rules and elements yet, as those refer to them
 */
void rs_sort(struct ruleset *rs)
{
	if (rs->n_chains)
		qsort_r(rs->chain, rs->n_chains, sizeof(*rs->chain), sort_chains, rs);
	if (rs->n_sets)
		qsort_r(rs->set, rs->n_sets, sizeof(*rs->set), sort_sets, rs);
	rs->sorted = true;
}

/**
 * rs_find_chain - a chain's number
 * @rs: sorted
 * @family: NFPROTO_*
 * @table: its table
 * @name: its name
 *
 * Return: it, or RS_NONE.
 */
uint32_t rs_find_chain(const struct ruleset *rs, uint16_t family, const char *table,
		       const char *name)
{
	struct wanted w = { rs, family, table, name };
	const struct rs_chain *c = NULL;

	if (rs->n_chains)
		c = bsearch(&w, rs->chain, rs->n_chains, sizeof(*c), want_chain);
	return c ? c - rs->chain : RS_NONE;
}

/** rs_find_set - likewise, of a set */
uint32_t rs_find_set(const struct ruleset *rs, uint16_t family, const char *table,
		     const char *name)
{
	struct wanted w = { rs, family, table, name };
	const struct rs_set *s = NULL;

	if (rs->n_sets)
		s = bsearch(&w, rs->set, rs->n_sets, sizeof(*s), want_set);
	return s ? s - rs->set : RS_NONE;
}

/**
 * rs_dormant - is a chain's table switched off?
 * @rs: the ruleset
 * @c: the chain
 */
bool rs_dormant(const struct ruleset *rs, const struct rs_chain *c)
{
	size_t i;

	for (i = 0; i < rs->n_tables; i++)
		if (rs->table[i].dormant && rs->table[i].family == c->family &&
		    !strcmp(rs_bytes(rs, rs->table[i].name), rs_bytes(rs, c->table)))
			return true;
	return false;
}
