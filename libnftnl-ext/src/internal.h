/* SPDX-License-Identifier: GPL-2.0-only */
/* What the library's own files, and the plugin for nft, share. */
#ifndef NFTNL_SYSRQ_INTERNAL_H
#define NFTNL_SYSRQ_INTERNAL_H

#include <stddef.h>

#include <libmnl/libmnl.h>
#include <libnftnl-sysrq/sysrq.h>

#define EXPORT	__attribute__((visibility("default")))

/* A callback's wish that the element be copied as it is. */
#define SYSRQ_KEEP	1

/**
 * sysrq_map_cb - what becomes of one element of a rule's list of expressions
 * @out: the message to append to; the list is open
 * @buflen: bytes that @out may take
 * @elem: the NFTA_LIST_ELEM; NULL once, behind the last
 * @pos: its number, from 0
 *
 * Returns SYSRQ_KEEP, or 0 when done with it (it may have appended anything), or an error.
 */
typedef int (*sysrq_map_cb)(struct nlmsghdr *out, size_t buflen, const struct nlattr *elem,
			    uint32_t pos, void *data);

int sysrq_rule_map(const struct nlmsghdr *in, struct nlmsghdr *out, size_t buflen,
		   sysrq_map_cb cb, void *data);
bool sysrq_rule_has(const struct nlmsghdr *nlh);
bool sysrq_elem_is_ours(const struct nlattr *elem);

/*
 * libmnl's way through attributes: here, as each would take five calls, and each expression of each
 * rule that nft lists is asked for its name. @end is behind the last byte that may be read.
 */
static inline bool sysrq_attr_ok(const struct nlattr *attr, const char *end)
{
	const ptrdiff_t left = end - (const char *)attr;

	return left >= (ptrdiff_t)sizeof(*attr) && attr->nla_len >= sizeof(*attr) && attr->nla_len <= left;
}

#define sysrq_for_each_attr(attr, first, end)                                                     \
	for ((attr) = (const void *)(first); sysrq_attr_ok((attr), (end));                        \
	     (attr) = (const void *)((const char *)(attr) + MNL_ALIGN((attr)->nla_len)))
#define sysrq_for_each_nested(attr, nest)                                                         \
	sysrq_for_each_attr ((attr), (const char *)(nest) + MNL_ATTR_HDRLEN,                      \
			     (const char *)(nest) + (nest)->nla_len)

#endif
