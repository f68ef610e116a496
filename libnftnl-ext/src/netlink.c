// SPDX-License-Identifier: GPL-2.0-only
/* One expression to and from netlink attributes. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/nft_sysrq.h>

#include "internal.h"

/**
 * nftnl_sysrq_build_payload - append the expression's name and data
 * @nlh: the message; an element of a list of expressions is open
 * @buflen: bytes of the buffer that holds @nlh
 * @e: the expression
 *
 * Returns 0, or -ENOSPC; then the message has grown by a part and must be given up.
 */
EXPORT int nftnl_sysrq_build_payload(struct nlmsghdr *nlh, size_t buflen,
				     const struct nftnl_sysrq *e)
{
	const char *key = nftnl_sysrq_get_key(e);
	uint32_t flags = nftnl_sysrq_get_flags(e);
	struct nlattr *nest;

	if (!mnl_attr_put_strz_check(nlh, buflen, NFTA_EXPR_NAME, "sysrq"))
		return -ENOSPC;
	nest = mnl_attr_nest_start_check(nlh, buflen, NFTA_EXPR_DATA);
	if (!nest)
		return -ENOSPC;
	if (key && !mnl_attr_put_strz_check(nlh, buflen, NFTA_SYSRQ_KEY, key))
		return -ENOSPC;
	if (flags && !mnl_attr_put_u32_check(nlh, buflen, NFTA_SYSRQ_FLAGS, htonl(flags)))
		return -ENOSPC;
	mnl_attr_nest_end(nlh, nest);
	return 0;
}

/**
 * nftnl_sysrq_build - append the expression as an element of a list
 * @nlh: the message; its NFTA_RULE_EXPRESSIONS is open
 * @buflen: bytes of the buffer that holds @nlh
 * @e: the expression
 *
 * Returns 0, or -ENOSPC; then the message is as it was.
 */
EXPORT int nftnl_sysrq_build(struct nlmsghdr *nlh, size_t buflen, const struct nftnl_sysrq *e)
{
	uint32_t len = nlh->nlmsg_len;
	struct nlattr *elem;
	int err;

	elem = mnl_attr_nest_start_check(nlh, buflen, NFTA_LIST_ELEM);
	err = elem ? nftnl_sysrq_build_payload(nlh, buflen, e) : -ENOSPC;
	if (err)
		nlh->nlmsg_len = len;
	else
		mnl_attr_nest_end(nlh, elem);
	return err;
}

/* The attribute of that type within another; of several the last, as in the kernel. */
static const struct nlattr *find_attr(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr, *found = NULL;

	sysrq_for_each_nested (attr, nest)
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			found = attr;
	return found;
}

/* The name of the expression in an element of a list; NULL if there is none, or it does not end. */
static const char *elem_name(const struct nlattr *elem)
{
	const struct nlattr *attr = find_attr(elem, NFTA_EXPR_NAME);
	const char *name;

	if (!attr)
		return NULL;
	name = mnl_attr_get_payload(attr);
	return memchr(name, 0, mnl_attr_get_payload_len(attr)) ? name : NULL;
}

/* Whether an element of a list, of at least a header's length, is called as ours; cheap. */
bool sysrq_elem_is_ours(const struct nlattr *elem)
{
	static const char ours[] = "sysrq";
	const struct nlattr *attr = find_attr(elem, NFTA_EXPR_NAME);

	return attr && attr->nla_len >= MNL_ATTR_HDRLEN + sizeof(ours) &&
	       !memcmp((const char *)attr + MNL_ATTR_HDRLEN, ours, sizeof(ours));
}

static int parse_key(const struct nlattr *attr, struct nftnl_sysrq *e)
{
	size_t len = mnl_attr_get_payload_len(attr);
	const char *name = mnl_attr_get_payload(attr);
	char key[NFT_SYSRQ_NAME_LEN] = "";

	if (len && !name[len - 1])
		len--;
	if (!nftnl_sysrq_key_valid(name, len))
		return -EINVAL;
	memcpy(key, name, len);
	return nftnl_sysrq_set_key(e, key);
}

static int parse_flags(const struct nlattr *attr, struct nftnl_sysrq *e)
{
	uint32_t flags;

	if (mnl_attr_get_payload_len(attr) != sizeof(flags))
		return -EINVAL;
	memcpy(&flags, mnl_attr_get_payload(attr), sizeof(flags));
	return nftnl_sysrq_set_flags(e, ntohl(flags)) ? -EOPNOTSUPP : 0;
}

static int parse_data(const struct nlattr *data, struct nftnl_sysrq *e)
{
	const struct nlattr *attr;
	int err = 0;

	sysrq_for_each_nested (attr, data) {
		switch (mnl_attr_get_type(attr)) {
		case NFTA_SYSRQ_KEY:
			err = parse_key(attr, e);
			break;
		case NFTA_SYSRQ_FLAGS:
			err = parse_flags(attr, e);
			break;
		default:
			/* Who does not know a part must not pretend to know the whole. */
			return -EOPNOTSUPP;
		}
		if (err)
			return err;
	}
	return 0;
}

/**
 * nftnl_sysrq_parse - read one element of a list of expressions
 * @elem: the NFTA_LIST_ELEM; its length must lie within its message
 * @e: where the new expression goes; free it with nftnl_sysrq_free()
 *
 * Returns 0; -ENOENT if it is another expression; -EINVAL if it is malformed; -EOPNOTSUPP if it
 * has attributes or flags that this version does not know; -ENOMEM. Without 0, *e is NULL.
 */
EXPORT int nftnl_sysrq_parse(const struct nlattr *elem, struct nftnl_sysrq **e)
{
	const struct nlattr *data;
	const char *name;
	int err;

	*e = NULL;
	name = elem->nla_len < MNL_ATTR_HDRLEN ? NULL : elem_name(elem);
	if (!name || strcmp(name, "sysrq"))
		return name ? -ENOENT : -EINVAL;
	*e = nftnl_sysrq_alloc();
	if (!*e)
		return -ENOMEM;
	data = find_attr(elem, NFTA_EXPR_DATA);
	err = data ? parse_data(data, *e) : 0;
	if (err) {
		nftnl_sysrq_free(*e);
		*e = NULL;
	}
	return err;
}
