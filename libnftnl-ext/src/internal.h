/* SPDX-License-Identifier: GPL-2.0-only */
/* What the library's own files, and the plugin for nft, share. */
#ifndef NFTNL_SYSRQ_INTERNAL_H
#define NFTNL_SYSRQ_INTERNAL_H

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
const char *sysrq_elem_name(const struct nlattr *elem);

#endif
