// SPDX-License-Identifier: GPL-2.0-only
/* What the module of this host tells: from attributes to structures. */
#include "host-state.h"

#include <stdio.h>
#include <stdlib.h>

#include "duration.h"
#include "words.h"

/**
 * attr_get - a value of fixed size
 * @attr: NULL, or of another size: what was there before stays
 * @out: where to
 * @size: of @out
 */
void attr_get(const struct nlattr *attr, void *out, size_t size)
{
	if (attr && mnl_attr_get_payload_len(attr) == size)
		memcpy(out, mnl_attr_get_payload(attr), size);
}

/**
 * attr_get_str - a text
 * @attr: NULL: what was there before stays; it may lack its NUL
 * @out: where to; what is too long is cut
 * @size: of @out
 */
void attr_get_str(const struct nlattr *attr, char *out, size_t size)
{
	size_t len;

	if (!attr)
		return;
	len = strnlen(mnl_attr_get_payload(attr), mnl_attr_get_payload_len(attr));
	if (len >= size)
		len = size - 1;
	memcpy(out, mnl_attr_get_payload(attr), len);
	out[len] = '\0';
}

/* No time is longer, be it in seconds: in milliseconds two can be added, and in nanoseconds none is negative. */
#define LONGEST	(INT64_MAX / NS_PER_S)

/**
 * key_state_read - a key from a message of NFT_SYSRQ_CMD_KEY_GET
 * @nlh: the message
 * @key: filled in
 *
 * Return: 0, or -EBADMSG if it has no name, or a time that cannot be.
 */
int key_state_read(const struct nlmsghdr *nlh, struct key_state *key)
{
	const struct nlattr *tb[NFT_SYSRQ_A_KEY_MAX + 1];
	u32 left = 0;
	u8 wall = 0;

	genl_attrs(nlh, tb, NFT_SYSRQ_A_KEY_MAX);
	memset(key, 0, sizeof(*key));
	key->last_use = -1;
	attr_get_str(tb[NFT_SYSRQ_A_KEY_NAME], key->name, sizeof(key->name));
	attr_get_str(tb[NFT_SYSRQ_A_KEY_IDENTITY], key->identity, sizeof(key->identity));
	attr_get_str(tb[NFT_SYSRQ_A_KEY_LETTERS], key->letters, sizeof(key->letters));
	attr_get(tb[NFT_SYSRQ_A_KEY_TOLERANCE], &key->tolerance_ms, sizeof(key->tolerance_ms));
	attr_get(tb[NFT_SYSRQ_A_KEY_WALL], &wall, sizeof(wall));
	attr_get(tb[NFT_SYSRQ_A_KEY_EXPIRES], &key->expires, sizeof(key->expires));
	attr_get(tb[NFT_SYSRQ_A_KEY_WINDOW], &key->window, sizeof(key->window));
	attr_get(tb[NFT_SYSRQ_A_KEY_USED], &key->used, sizeof(key->used));
	attr_get(tb[NFT_SYSRQ_A_KEY_ID], &key->id, sizeof(key->id));
	attr_get(tb[NFT_SYSRQ_A_KEY_AGE], &key->age, sizeof(key->age));
	attr_get(tb[NFT_SYSRQ_A_KEY_LAST_USE], &key->last_use, sizeof(key->last_use));
	attr_get(tb[NFT_SYSRQ_A_KEY_ACCEPTED], &key->accepted, sizeof(key->accepted));
	attr_get(tb[NFT_SYSRQ_A_KEY_REFUSED], &key->refused, sizeof(key->refused));
	attr_get(tb[NFT_SYSRQ_A_KEY_EPOCH], &key->epoch, sizeof(key->epoch));
	attr_get(tb[NFT_SYSRQ_A_KEY_OVERLAP], &left, sizeof(left));
	key->left = tb[NFT_SYSRQ_A_KEY_OVERLAP] ? (s64)left : -1;
	key->wall = wall;
	key->expired = tb[NFT_SYSRQ_A_KEY_EXPIRED];
	if (key->age > LONGEST || key->last_use > LONGEST || key->last_use < -1)
		return -EBADMSG;
	return key->name[0] ? 0 : -EBADMSG;
}

static int on_key(const struct nlmsghdr *nlh, void *arg)
{
	struct keys_state *keys = arg;
	struct key_state *more;
	size_t room;
	int err;

	if (keys->n == keys->room) {
		room = keys->room ? 2 * keys->room : 16;
		more = reallocarray(keys->key, room, sizeof(*more));
		if (!more)
			return MNL_CB_ERROR;
		keys->key = more;
		keys->room = room;
	}
	err = key_state_read(nlh, &keys->key[keys->n]);
	if (err) {
		errno = -err;
		return MNL_CB_ERROR;
	}
	keys->n++;
	return MNL_CB_OK;
}

/* One that is replaced stands behind the one that has its name now. */
static int by_name(const void *a, const void *b)
{
	const struct key_state *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->left > y->left) - (x->left < y->left);
}

/**
 * keys_state_get - all keys, by name
 * @g: the socket
 * @keys: filled in; to be given to keys_state_free() in any case
 *
 * Return: 0, or a negative errno.
 */
int keys_state_get(struct genl *g, struct keys_state *keys)
{
	int err;

	memset(keys, 0, sizeof(*keys));
	do {
		/* Changed while it was being told: once more. */
		keys->n = 0;
		genl_begin(g, NFT_SYSRQ_CMD_KEY_GET, NLM_F_DUMP);
		err = genl_talk(g, on_key, keys);
	} while (err == -EINTR);
	if (!err && keys->n)
		qsort(keys->key, keys->n, sizeof(*keys->key), by_name);
	return err;
}

/**
 * keys_state_add - one key
 * @g: the socket
 * @keys: is put at its end; to be given to keys_state_free() in any case
 * @name: of the key
 *
 * Return: 0, or a negative errno; -ENOENT: there is none of that name.
 */
int keys_state_add(struct genl *g, struct keys_state *keys, const char *name)
{
	mnl_attr_put_strz(genl_begin(g, NFT_SYSRQ_CMD_KEY_GET, 0), NFT_SYSRQ_A_KEY_NAME, name);
	return genl_talk(g, on_key, keys);
}

/** keys_state_free - free what keys_state_get() got */
void keys_state_free(struct keys_state *keys)
{
	free(keys->key);
	memset(keys, 0, sizeof(*keys));
}

static int on_pending(const struct nlattr *attr, void *data)
{
	struct module_state *s = data;
	size_t len = mnl_attr_get_payload_len(attr);

	switch (mnl_attr_get_type(attr)) {
	case NFT_SYSRQ_A_PENDING_KEY:
		attr_get_str(attr, s->pending_key, sizeof(s->pending_key));
		break;
	case NFT_SYSRQ_A_PENDING_NONCE:
		attr_get(attr, &s->pending_nonce, sizeof(s->pending_nonce));
		break;
	case NFT_SYSRQ_A_PENDING_FIRES:
		attr_get(attr, &s->pending_fires_ms, sizeof(s->pending_fires_ms));
		break;
	case NFT_SYSRQ_A_PENDING_STEPS:
		if (len > sizeof(s->pending))
			len = sizeof(s->pending);
		s->nsteps = len / sizeof(s->pending[0]);
		memcpy(s->pending, mnl_attr_get_payload(attr),
		       s->nsteps * sizeof(s->pending[0]));
		break;
	}
	return MNL_CB_OK;
}

/**
 * module_state_read - the state from a message of NFT_SYSRQ_CMD_STATUS_GET
 * @nlh: the message
 * @s: filled in
 *
 * Return: 0, or -EBADMSG if it does not say which version the module has, or tells a time that cannot be.
 */
int module_state_read(const struct nlmsghdr *nlh, struct module_state *s)
{
	const struct nlattr *tb[NFT_SYSRQ_A_STATUS_MAX + 1];

	genl_attrs(nlh, tb, NFT_SYSRQ_A_STATUS_MAX);
	memset(s, 0, sizeof(*s));
	attr_get_str(tb[NFT_SYSRQ_A_STATUS_VERSION], s->version, sizeof(s->version));
	attr_get(tb[NFT_SYSRQ_A_STATUS_PROTO], &s->proto, sizeof(s->proto));
	attr_get(tb[NFT_SYSRQ_A_STATUS_MASK], &s->mask, sizeof(s->mask));
	attr_get_str(tb[NFT_SYSRQ_A_STATUS_HANDLED], s->handled, sizeof(s->handled));
	attr_get(tb[NFT_SYSRQ_A_STATUS_EXPRS], &s->exprs, sizeof(s->exprs));
	attr_get(tb[NFT_SYSRQ_A_STATUS_KEYS], &s->keys, sizeof(s->keys));
	attr_get(tb[NFT_SYSRQ_A_STATUS_BOOTTIME], &s->boottime, sizeof(s->boottime));
	attr_get(tb[NFT_SYSRQ_A_STATUS_REALTIME], &s->realtime, sizeof(s->realtime));
	if (tb[NFT_SYSRQ_A_STATUS_PENDING])
		mnl_attr_parse_nested(tb[NFT_SYSRQ_A_STATUS_PENDING], on_pending, s);
	if (s->pending_fires_ms > LONGEST)
		return -EBADMSG;
	return s->version[0] ? 0 : -EBADMSG;
}

static int on_module(const struct nlmsghdr *nlh, void *arg)
{
	int err = module_state_read(nlh, arg);

	errno = -err;
	return err ? MNL_CB_ERROR : MNL_CB_OK;
}

/**
 * module_state_get - versions, mask, clocks, rules, pending program
 * @g: the socket
 * @state: filled in
 *
 * Return: 0, or a negative errno.
 */
int module_state_get(struct genl *g, struct module_state *state)
{
	genl_begin(g, NFT_SYSRQ_CMD_STATUS_GET, 0);
	return genl_talk(g, on_module, state);
}

/**
 * module_allowed - the letters that this kernel takes and kernel.sysrq allows
 * @m: the state
 * @letters: filled in
 */
void module_allowed(const struct module_state *m, char letters[LETTERS_LEN])
{
	const char *p;

	for (p = m->handled; *p; p++)
		if (words_mask_allows(m->mask, *p))
			*letters++ = *p;
	*letters = '\0';
}

/**
 * stats_read - counters from a message of NFT_SYSRQ_CMD_STATS_GET
 * @nlh: the message
 * @stats: by enum nft_sysrq_stat
 */
void stats_read(const struct nlmsghdr *nlh, u64 stats[NFT_SYSRQ_STAT_PAD])
{
	const struct nlattr *tb[NFT_SYSRQ_STAT_MAX + 1];
	unsigned int i;

	genl_attrs(nlh, tb, NFT_SYSRQ_STAT_MAX);
	memset(stats, 0, NFT_SYSRQ_STAT_PAD * sizeof(*stats));
	for (i = 1; i < NFT_SYSRQ_STAT_PAD; i++)
		attr_get(tb[i], &stats[i], sizeof(stats[i]));
}

static int on_stats(const struct nlmsghdr *nlh, void *arg)
{
	stats_read(nlh, arg);
	return MNL_CB_OK;
}

/**
 * stats_get - the counters of this network namespace
 * @g: the socket
 * @stats: by enum nft_sysrq_stat
 *
 * Return: 0, or a negative errno.
 */
int stats_get(struct genl *g, u64 stats[NFT_SYSRQ_STAT_PAD])
{
	genl_begin(g, NFT_SYSRQ_CMD_STATS_GET, 0);
	return genl_talk(g, on_stats, stats);
}
