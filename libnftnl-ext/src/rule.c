// SPDX-License-Identifier: GPL-2.0-only
/* Whole rules: our expressions into, and out of, the netlink message of a rule. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libnftnl/rule.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "internal.h"

struct map {
	struct nlmsghdr	*out;
	size_t		buflen;
	sysrq_map_cb	cb;
	void		*data;
};

static int copy_attr(struct map *m, const struct nlattr *attr)
{
	const size_t len = attr->nla_len, size = MNL_ALIGN(len);
	char *to = (char *)m->out + m->out->nlmsg_len;

	if (size > m->buflen - m->out->nlmsg_len)
		return -ENOSPC;
	memcpy(to, attr, len);
	memset(to + len, 0, size - len);
	m->out->nlmsg_len += size;
	return 0;
}

/* The elements of @list, or none if it is NULL, into a list of their own. */
static int map_list(struct map *m, const struct nlattr *list)
{
	uint32_t start = m->out->nlmsg_len, pos = 0;
	const struct nlattr *attr;
	struct nlattr *nest;
	int ret;

	nest = mnl_attr_nest_start_check(m->out, m->buflen, NFTA_RULE_EXPRESSIONS);
	if (!nest)
		return -ENOSPC;
	if (list) {
		sysrq_for_each_nested (attr, list) {
			ret = m->cb(m->out, m->buflen, attr, pos++, m->data);
			if (ret == SYSRQ_KEEP)
				ret = copy_attr(m, attr);
			if (ret < 0)
				return ret;
		}
	}
	ret = m->cb(m->out, m->buflen, NULL, pos, m->data);
	if (ret < 0)
		return ret;
	/* A length of 16 bits. */
	if (m->out->nlmsg_len - start > UINT16_MAX)
		return -EMSGSIZE;
	if (!list && m->out->nlmsg_len == start + MNL_ATTR_HDRLEN)
		m->out->nlmsg_len = start;
	else
		mnl_attr_nest_end(m->out, nest);
	return 0;
}

/* mnl_attr_for_each() reads up to three bytes behind a message of unaligned length. */
#define rule_for_each_attr(attr, nlh)                                                            \
	sysrq_for_each_attr ((attr),                                                             \
			     mnl_nlmsg_get_payload_offset((nlh), sizeof(struct nfgenmsg)),       \
			     (const char *)(nlh) + (nlh)->nlmsg_len)

static bool rule_ok(const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_len >= MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct nfgenmsg));
}

/* Copies the message of a rule from @in to @out, and asks @cb about each expression. */
int sysrq_rule_map(const struct nlmsghdr *in, struct nlmsghdr *out, size_t buflen,
		   sysrq_map_cb cb, void *data)
{
	const size_t head = MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct nfgenmsg));
	struct map m = { .out = out, .buflen = buflen, .cb = cb, .data = data };
	const struct nlattr *attr;
	bool seen = false;
	int err = 0;

	if (!rule_ok(in))
		return -EINVAL;
	if (buflen < head)
		return -ENOSPC;
	memcpy(out, in, head);
	out->nlmsg_len = head;
	rule_for_each_attr (attr, in) {
		if ((attr->nla_type & NLA_TYPE_MASK) == NFTA_RULE_EXPRESSIONS) {
			/* Nobody could tell what its numbers mean. */
			err = seen ? -EINVAL : map_list(&m, attr);
			seen = true;
		} else {
			err = copy_attr(&m, attr);
		}
		if (err)
			return err;
	}
	return seen ? 0 : map_list(&m, NULL);
}

/* Is there an expression of ours in this rule? Cheap, as it is asked of every rule. */
bool sysrq_rule_has(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr, *elem;

	if (!rule_ok(nlh))
		return false;
	rule_for_each_attr (attr, nlh) {
		if ((attr->nla_type & NLA_TYPE_MASK) != NFTA_RULE_EXPRESSIONS)
			continue;
		sysrq_for_each_nested (elem, attr)
			if (sysrq_elem_is_ours(elem))
				return true;
	}
	return false;
}

struct insert {
	const struct nftnl_sysrq	*e;
	uint32_t			pos;
};

static int insert_cb(struct nlmsghdr *out, size_t buflen, const struct nlattr *elem,
		     uint32_t pos, void *data)
{
	struct insert *ins = data;
	int err;

	if (pos == ins->pos || (!elem && ins->pos == NFTNL_SYSRQ_LAST)) {
		err = nftnl_sysrq_build(out, buflen, ins->e);
		if (err)
			return err;
	} else if (!elem && ins->pos > pos) {
		return -ERANGE;
	}
	return elem ? SYSRQ_KEEP : 0;
}

/**
 * nftnl_sysrq_rule_insert - put the expression into the finished message of a rule
 * @nlh: an NFT_MSG_NEWRULE, for example from nftnl_rule_nlmsg_build_payload()
 * @buflen: bytes of the buffer that holds @nlh
 * @pos: how many expressions stand before it; NFTNL_SYSRQ_LAST: all
 * @e: the expression
 *
 * May be called several times, for several expressions. Returns 0; -ENOSPC if the buffer and
 * -EMSGSIZE if netlink has no room; -ERANGE if the rule has fewer than @pos expressions; -EINVAL if
 * the message is malformed; -ENOMEM. Without 0, the message is as it was.
 */
EXPORT int nftnl_sysrq_rule_insert(struct nlmsghdr *nlh, size_t buflen, uint32_t pos,
				   const struct nftnl_sysrq *e)
{
	struct insert ins = { .e = e, .pos = pos };
	struct nlmsghdr *out;
	int err;

	out = calloc(1, buflen);
	if (!out)
		return -ENOMEM;
	err = sysrq_rule_map(nlh, out, buflen, insert_cb, &ins);
	if (!err)
		memcpy(nlh, out, out->nlmsg_len);
	free(out);
	return err;
}

struct extract {
	nftnl_sysrq_cb	cb;
	void		*data;
};

static int extract_cb(struct nlmsghdr *out, size_t buflen, const struct nlattr *elem,
		      uint32_t pos, void *data)
{
	struct extract *x = data;
	struct nftnl_sysrq *e;
	int err;

	(void)out;
	(void)buflen;
	if (!elem)
		return 0;
	err = nftnl_sysrq_parse(elem, &e);
	if (err == -ENOENT)
		return SYSRQ_KEEP;
	if (err)
		return err;
	err = x->cb ? x->cb(pos, e, x->data) : 0;
	nftnl_sysrq_free(e);
	return err < 0 ? err : 0;
}

/**
 * nftnl_sysrq_rule_parse - read the message of a rule that may hold our expressions
 * @nlh: an NFT_MSG_NEWRULE or NFT_MSG_DELRULE as the kernel sends it
 * @rule: where libnftnl puts the rule with its other expressions; NULL if of no interest
 * @cb: called for each of our expressions, in order, with its number among all of the rule; or NULL
 * @data: handed to @cb
 *
 * Returns 0; what @cb returned if negative; -EINVAL if the message is malformed or holds an
 * expression that libnftnl does not know; -EOPNOTSUPP if ours has parts that this version does not
 * know; -ENOMEM.
 */
EXPORT int nftnl_sysrq_rule_parse(const struct nlmsghdr *nlh, struct nftnl_rule *rule,
				  nftnl_sysrq_cb cb, void *data)
{
	struct extract x = { .cb = cb, .data = data };
	size_t buflen = (size_t)nlh->nlmsg_len + 2 * MNL_ATTR_HDRLEN;
	struct nlmsghdr *out;
	int err;

	out = calloc(1, buflen);
	if (!out)
		return -ENOMEM;
	err = sysrq_rule_map(nlh, out, buflen, extract_cb, &x);
	if (!err && rule && nftnl_rule_nlmsg_parse(out, rule) < 0)
		err = -EINVAL;
	free(out);
	return err;
}
