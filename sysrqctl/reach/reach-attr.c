// SPDX-License-Identifier: GPL-2.0-only
/* Attributes of nf_tables messages, each checked before it is believed. */
#include "reach-attr.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

#include <linux/netfilter/nfnetlink.h>

static void note(struct attrs *a, const struct nlattr *attr)
{
	uint16_t type = mnl_attr_get_type(attr);

	if (type < ATTRS)
		a->tb[type] = attr;
}

/**
 * attrs_nested - the attributes within an attribute
 * @a: filled in
 * @nest: lies within its message; NULL has none
 */
void attrs_nested(struct attrs *a, const struct nlattr *nest)
{
	const struct nlattr *attr;

	memset(a, 0, sizeof(*a));
	if (!nest)
		return;
	mnl_attr_for_each_nested(attr, nest)
		note(a, attr);
}

/**
 * attrs_message - the attributes of a message
 * @a: filled in
 * @nlh: the message
 * @family: set to NFPROTO_*
 *
 * Return: whether it is long enough to be one of nf_tables.
 */
bool attrs_message(struct attrs *a, const struct nlmsghdr *nlh, uint16_t *family)
{
	const char *end = (const char *)nlh + nlh->nlmsg_len;
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	memset(a, 0, sizeof(*a));
	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(*nfg)))
		return false;
	*family = nfg->nfgen_family;
	/* mnl_attr_for_each() would read up to three bytes behind a message of unaligned length. */
	for (attr = mnl_nlmsg_get_payload_offset(nlh, sizeof(*nfg));
	     mnl_attr_ok(attr, end - (const char *)attr); attr = mnl_attr_next(attr))
		note(a, attr);
	return true;
}

/**
 * attr_u32 - a number
 * @attr: big-endian; may be NULL
 * @value: set, in this machine's order
 *
 * Return: whether it is there and as long as it must be; else @value stays.
 */
bool attr_u32(const struct nlattr *attr, uint32_t *value)
{
	if (!attr || mnl_attr_get_payload_len(attr) != sizeof(*value))
		return false;
	memcpy(value, mnl_attr_get_payload(attr), sizeof(*value));
	*value = ntohl(*value);
	return true;
}

/** attr_u64 - likewise, of 64 bits */
bool attr_u64(const struct nlattr *attr, uint64_t *value)
{
	if (!attr || mnl_attr_get_payload_len(attr) != sizeof(*value))
		return false;
	memcpy(value, mnl_attr_get_payload(attr), sizeof(*value));
	*value = be64toh(*value);
	return true;
}

/**
 * attr_name - a name
 * @attr: may be NULL
 *
 * Return: it; NULL if it is missing, does not end, or is longer than any name can be.
 */
const char *attr_name(const struct nlattr *attr)
{
	size_t len = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (!len || len > NFT_NAME_MAXLEN || !memchr(mnl_attr_get_payload(attr), 0, len))
		return NULL;
	return mnl_attr_get_payload(attr);
}

/**
 * attr_value - the bytes of an NFTA_DATA_VALUE
 * @attr: holds it; may be NULL
 * @len: set: how many, at most 64
 *
 * Return: they; NULL if there are none.
 */
const void *attr_value(const struct nlattr *attr, uint32_t *len)
{
	const struct nlattr *value;
	struct attrs a;

	attrs_nested(&a, attr);
	value = a.tb[NFTA_DATA_VALUE];
	*len = value ? mnl_attr_get_payload_len(value) : 0;
	return *len && *len <= 64 ? mnl_attr_get_payload(value) : NULL;
}

/**
 * attr_verdict - an NFTA_DATA_VERDICT
 * @data: holds it; may be NULL
 * @code: set to NF_* or NFT_*
 * @chain: set to the chain that it names, or NULL
 *
 * Return: whether there is one.
 */
bool attr_verdict(const struct nlattr *data, int32_t *code, const char **chain)
{
	uint32_t raw = 0;
	struct attrs a;

	attrs_nested(&a, data);
	if (!a.tb[NFTA_DATA_VERDICT])
		return false;
	attrs_nested(&a, a.tb[NFTA_DATA_VERDICT]);
	if (!attr_u32(a.tb[NFTA_VERDICT_CODE], &raw))
		return false;
	*code = (int32_t)raw;
	*chain = attr_name(a.tb[NFTA_VERDICT_CHAIN]);
	return true;
}
