// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel says of tables, chains, sets and rules; what makes no sense is refused. */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <linux/netfilter.h>

#include "reach-attr.h"
#include "reach-ruleset.h"

static int answer(int err)
{
	errno = -err;
	return err ? MNL_CB_ERROR : MNL_CB_OK;
}

static int keep_name(struct ruleset *rs, const char *name, uint32_t *at)
{
	return name ? rs_keep(rs, name, strlen(name) + 1, at) : -EBADMSG;
}

static int keep_table(struct ruleset *rs, const struct nlmsghdr *nlh)
{
	struct rs_table t = { 0 };
	uint32_t flags = 0;
	struct attrs a;
	int err;

	if (!attrs_message(&a, nlh, &t.family))
		return -EBADMSG;
	err = keep_name(rs, attr_name(a.tb[NFTA_TABLE_NAME]), &t.name);
	if (err)
		return err;
	attr_u32(a.tb[NFTA_TABLE_FLAGS], &flags);
	t.dormant = flags & NFT_TABLE_F_DORMANT;
	err = rs_grow(&rs->table, &rs->cap_tables, rs->n_tables, sizeof(t));
	if (!err)
		rs->table[rs->n_tables++] = t;
	return err;
}

/** rs_table - a table; see mnl_cb_run() */
int rs_table(const struct nlmsghdr *nlh, void *data)
{
	return answer(keep_table(data, nlh));
}

static int keep_device(struct ruleset *rs, const struct nlattr *attr, struct rs_chain *c)
{
	char name[IFNAMSIZ] = "";
	uint32_t at;
	int err;

	/* Newer kernels take the beginning of names, by an attribute of another type. */
	if (mnl_attr_get_type(attr) != NFTA_DEVICE_NAME || !attr_name(attr) ||
	    strlen(attr_name(attr)) >= sizeof(name)) {
		c->n_devices = UINT32_MAX;
		return 0;
	}
	strcpy(name, attr_name(attr));
	err = rs_keep(rs, name, sizeof(name), &at);
	if (!err && !c->n_devices++)
		c->devices = at;
	return err;
}

static int keep_devices(struct ruleset *rs, const struct attrs *hook, struct rs_chain *c)
{
	const struct nlattr *attr, *one = hook->tb[NFTA_HOOK_DEV];
	const char *name = attr_name(one);
	char padded[IFNAMSIZ] = "";
	int err = 0;

	if (hook->tb[NFTA_HOOK_DEVS]) {
		mnl_attr_for_each_nested(attr, hook->tb[NFTA_HOOK_DEVS]) {
			err = keep_device(rs, attr, c);
			if (err || c->n_devices == UINT32_MAX)
				break;
		}
	} else if (one) {
		if (!name || strlen(name) >= sizeof(padded))
			return -EBADMSG;
		strcpy(padded, name);
		c->n_devices = 1;
		err = rs_keep(rs, padded, sizeof(padded), &c->devices);
	}
	return err;
}

static int keep_hook(struct ruleset *rs, const struct attrs *a, struct rs_chain *c)
{
	const char *type = attr_name(a->tb[NFTA_CHAIN_TYPE]);
	uint32_t policy = NF_ACCEPT, priority;
	struct attrs hook;

	attrs_nested(&hook, a->tb[NFTA_CHAIN_HOOK]);
	if (!attr_u32(hook.tb[NFTA_HOOK_HOOKNUM], &c->hook) ||
	    !attr_u32(hook.tb[NFTA_HOOK_PRIORITY], &priority))
		return -EBADMSG;
	c->base = true;
	c->priority = (int32_t)priority;
	attr_u32(a->tb[NFTA_CHAIN_POLICY], &policy);
	c->drop = policy == NF_DROP;
	c->nat = type && !strcmp(type, "nat");
	return keep_devices(rs, &hook, c);
}

static int keep_chain(struct ruleset *rs, const struct nlmsghdr *nlh)
{
	struct rs_chain c = { .first = RS_NONE, .last = RS_NONE };
	struct attrs a;
	int err;

	if (!attrs_message(&a, nlh, &c.family) || rs->sorted)
		return -EBADMSG;
	err = keep_name(rs, attr_name(a.tb[NFTA_CHAIN_TABLE]), &c.table);
	if (!err)
		err = keep_name(rs, attr_name(a.tb[NFTA_CHAIN_NAME]), &c.name);
	if (!err && a.tb[NFTA_CHAIN_HOOK])
		err = keep_hook(rs, &a, &c);
	if (!err)
		err = rs_grow(&rs->chain, &rs->cap_chains, rs->n_chains, sizeof(c));
	if (!err)
		rs->chain[rs->n_chains++] = c;
	return err;
}

/** rs_chain - a chain; see mnl_cb_run() */
int rs_chain(const struct nlmsghdr *nlh, void *data)
{
	return answer(keep_chain(data, nlh));
}

/* The fields of a concatenation: each fills whole registers, and all of them the key. */
static void read_fields(struct rs_set *s, const struct nlattr *desc)
{
	uint32_t len, sum = 0;
	const struct nlattr *attr;
	struct attrs a;

	attrs_nested(&a, desc);
	if (!a.tb[NFTA_SET_DESC_CONCAT])
		return;
	mnl_attr_for_each_nested(attr, a.tb[NFTA_SET_DESC_CONCAT]) {
		struct attrs field;

		attrs_nested(&field, attr);
		if (!attr_u32(field.tb[NFTA_SET_FIELD_LEN], &len) || !len || len > RS_REGS ||
		    s->n_fields == RS_FIELDS) {
			s->n_fields = 0;
			return;
		}
		s->field[s->n_fields++] = len;
		sum += (len + 3) / 4 * 4;
	}
	if (sum != s->key_len)
		s->n_fields = 0;
}

static int keep_set(struct ruleset *rs, const struct nlmsghdr *nlh)
{
	struct rs_set s = { 0 };
	struct attrs a;
	int err;

	if (!attrs_message(&a, nlh, &s.family) || rs->sorted)
		return -EBADMSG;
	err = keep_name(rs, attr_name(a.tb[NFTA_SET_TABLE]), &s.table);
	if (!err)
		err = keep_name(rs, attr_name(a.tb[NFTA_SET_NAME]), &s.name);
	if (err)
		return err;
	if (!attr_u32(a.tb[NFTA_SET_KEY_LEN], &s.key_len) || !s.key_len || s.key_len > RS_REGS)
		return -EBADMSG;
	attr_u32(a.tb[NFTA_SET_FLAGS], &s.flags);
	attr_u32(a.tb[NFTA_SET_DATA_LEN], &s.data_len);
	read_fields(&s, a.tb[NFTA_SET_DESC]);
	err = rs_grow(&rs->set, &rs->cap_sets, rs->n_sets, sizeof(s));
	if (!err)
		rs->set[rs->n_sets++] = s;
	return err;
}

/** rs_set - a set or map; see mnl_cb_run() */
int rs_set(const struct nlmsghdr *nlh, void *data)
{
	return answer(keep_set(data, nlh));
}

/* Behind the last of its chain. */
static int append(struct ruleset *rs, const struct rs_rule *rule)
{
	struct rs_chain *c = &rs->chain[rule->chain];
	int err = rs_grow(&rs->rule, &rs->cap_rules, rs->n_rules, sizeof(*rule));

	if (err)
		return err;
	if (c->last == RS_NONE)
		c->first = rs->n_rules;
	else
		rs->rule[c->last].next = rs->n_rules;
	c->last = rs->n_rules;
	rs->rule[rs->n_rules++] = *rule;
	return 0;
}

static int keep_rule(struct ruleset *rs, const struct nlmsghdr *nlh)
{
	struct rs_rule rule = { .next = RS_NONE, .op = rs->n_ops };
	const struct nlattr *attr;
	struct rs_place place;
	const char *chain;
	struct attrs a;
	int err = 0;

	if (!rs->sorted || !attrs_message(&a, nlh, &place.family))
		return -EBADMSG;
	place.table = attr_name(a.tb[NFTA_RULE_TABLE]);
	chain = attr_name(a.tb[NFTA_RULE_CHAIN]);
	if (!place.table || !chain || !attr_u64(a.tb[NFTA_RULE_HANDLE], &rule.handle))
		return -EBADMSG;
	rule.chain = rs_find_chain(rs, place.family, place.table, chain);
	/* Its chain is younger than the list of chains. */
	if (rule.chain == RS_NONE)
		return -EINTR;
	if (a.tb[NFTA_RULE_EXPRESSIONS])
		mnl_attr_for_each_nested(attr, a.tb[NFTA_RULE_EXPRESSIONS]) {
			err = rs_expr(rs, &place, attr);
			if (err)
				return err;
			rule.sysrq |= rs->op[rs->n_ops - 1].kind == OP_SYSRQ;
		}
	rule.n_ops = rs->n_ops - rule.op;
	return append(rs, &rule);
}

/** rs_rule - a rule; see mnl_cb_run() */
int rs_rule(const struct nlmsghdr *nlh, void *data)
{
	return answer(keep_rule(data, nlh));
}
