// SPDX-License-Identifier: GPL-2.0-only
/* Elements of sets and maps, sorted, each from its least key to its greatest. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reach-attr.h"
#include "reach-ruleset.h"

/* Statements of an element run when it is found, and may say no; these do not. */
static bool harmless(const struct nlattr *expr)
{
	const char *name;
	struct attrs a;

	attrs_nested(&a, expr);
	name = attr_name(a.tb[NFTA_EXPR_NAME]);
	return name && (!strcmp(name, "counter") || !strcmp(name, "last"));
}

static bool doubtful(const struct attrs *a)
{
	const struct nlattr *attr;

	if (a->tb[NFTA_SET_ELEM_EXPIRATION])
		return true;
	if (a->tb[NFTA_SET_ELEM_EXPR] && !harmless(a->tb[NFTA_SET_ELEM_EXPR]))
		return true;
	if (a->tb[NFTA_SET_ELEM_EXPRESSIONS])
		mnl_attr_for_each_nested(attr, a->tb[NFTA_SET_ELEM_EXPRESSIONS])
			if (!harmless(attr))
				return true;
	return false;
}

static int keep_value(struct ruleset *rs, const struct nlattr *attr, uint32_t len, uint32_t *at)
{
	uint32_t n;
	const void *data = attr_value(attr, &n);

	return data && n == len ? rs_keep(rs, data, n, at) : -EBADMSG;
}

static int read_keys(struct ruleset *rs, const struct rs_set *s, const struct attrs *a,
		     struct rs_elem *e)
{
	int err;

	if (e->all)
		return 0;
	err = keep_value(rs, a->tb[NFTA_SET_ELEM_KEY], s->key_len, &e->key);
	e->end = e->key;
	if (!err && a->tb[NFTA_SET_ELEM_KEY_END])
		err = keep_value(rs, a->tb[NFTA_SET_ELEM_KEY_END], s->key_len, &e->end);
	return err;
}

static int read_data(struct ruleset *rs, const struct rs_set *s, const struct nlattr *data,
		     struct rs_elem *e)
{
	const char *chain;

	if (!data)
		return 0;
	if (!attr_verdict(data, &e->code, &chain))
		return keep_value(rs, data, s->data_len, &e->data);
	if (chain)
		e->chain = rs_find_chain(rs, s->family, rs_bytes(rs, s->table), chain);
	return 0;
}

/**
 * rs_element - keep an element
 * @rs: sorted
 * @set: the number of its set
 * @elem: its element of the list
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int rs_element(struct ruleset *rs, uint32_t set, const struct nlattr *elem)
{
	struct rs_elem e = { .key = RS_NONE, .end = RS_NONE, .data = RS_NONE, .chain = RS_NONE,
			     .code = NFT_CONTINUE };
	struct rs_set *s = &rs->set[set];
	uint32_t flags = 0;
	struct attrs a;
	int err;

	attrs_nested(&a, elem);
	attr_u32(a.tb[NFTA_SET_ELEM_FLAGS], &flags);
	e.all = flags & NFT_SET_ELEM_CATCHALL;
	e.stop = flags & NFT_SET_ELEM_INTERVAL_END;
	e.doubt = doubtful(&a);
	err = read_keys(rs, s, &a, &e);
	if (!err)
		err = read_data(rs, s, a.tb[NFTA_SET_ELEM_DATA], &e);
	if (!err)
		err = rs_grow(&s->elem, &s->cap, s->n, sizeof(e));
	if (!err)
		s->elem[s->n++] = e;
	return err;
}

/**
 * rs_elements - keep those of a message
 * @nlh: an NFT_MSG_NEWSETELEM
 * @rs: sorted
 * @set: the number of the set that was asked for
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int rs_elements(const struct nlmsghdr *nlh, struct ruleset *rs, uint32_t set)
{
	const struct nlattr *attr;
	uint16_t family;
	struct attrs a;
	int err = 0;

	if (!attrs_message(&a, nlh, &family))
		return -EBADMSG;
	if (a.tb[NFTA_SET_ELEM_LIST_ELEMENTS])
		mnl_attr_for_each_nested(attr, a.tb[NFTA_SET_ELEM_LIST_ELEMENTS]) {
			err = rs_element(rs, set, attr);
			if (err)
				break;
		}
	return err;
}

struct sorting {
	const struct ruleset	*rs;
	uint32_t		len;
};

/* What has no key comes last; where one interval ends and another begins, the end comes first. */
static int by_key(const void *a, const void *b, void *arg)
{
	const struct rs_elem *x = a, *y = b;
	const struct sorting *s = arg;
	int diff;

	if (x->all || y->all)
		return x->all - y->all;
	diff = memcmp(rs_bytes(s->rs, x->key), rs_bytes(s->rs, y->key), s->len);
	return diff ? diff : y->stop - x->stop;
}

/* The key before that of @next, kept; RS_NONE if there is none. */
static uint32_t key_before(struct ruleset *rs, uint32_t next, uint32_t len)
{
	uint8_t key[RS_REGS];
	uint32_t at, i = len;

	memcpy(key, rs_bytes(rs, next), len);
	while (i && !key[i - 1]--)
		i--;
	return i && !rs_keep(rs, key, len, &at) ? at : RS_NONE;
}

static uint32_t greatest_key(struct ruleset *rs, uint32_t len)
{
	uint8_t key[RS_REGS];
	uint32_t at;

	memset(key, 0xff, len);
	return rs_keep(rs, key, len, &at) ? RS_NONE : at;
}

/* Intervals are told by where they begin, and where the next begins or nothing does. */
static void make_whole(struct ruleset *rs, struct rs_set *s)
{
	struct rs_elem *e, *next;
	size_t i, n = 0;

	for (i = 0; i < s->n; i++) {
		e = &s->elem[i];
		next = i + 1 < s->n && !s->elem[i + 1].all ? e + 1 : NULL;
		if (e->stop)
			continue;
		if (!e->all && e->end == e->key)
			e->end = next ? key_before(rs, next->key, s->key_len) :
					greatest_key(rs, s->key_len);
		if (e->all || e->end != RS_NONE)
			s->elem[n++] = *e;
	}
	s->n = n;
}

/**
 * rs_elements_done - all elements of a set have been told
 * @rs: sorted
 * @set: its number
 */
void rs_elements_done(struct ruleset *rs, uint32_t set)
{
	struct rs_set *s = &rs->set[set];
	struct sorting sorting = { rs, s->key_len };

	if (s->n)
		qsort_r(s->elem, s->n, sizeof(*s->elem), by_key, &sorting);
	if (s->flags & NFT_SET_INTERVAL && !s->n_fields)
		make_whole(rs, s);
	s->state = 1;
}
