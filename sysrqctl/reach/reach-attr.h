/* SPDX-License-Identifier: GPL-2.0-only */
/* Attributes of nf_tables messages, each checked before it is believed. */
#ifndef SYSRQCTL_REACH_ATTR_H
#define SYSRQCTL_REACH_ATTR_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#include <linux/netfilter/nf_tables.h>

#define ATTRS	32	/* types that are looked at; all of nf_tables that matter here are below */

/* By type; of several the last, as in the kernel. */
struct attrs {
	const struct nlattr	*tb[ATTRS];
};

void attrs_nested(struct attrs *a, const struct nlattr *nest);
bool attrs_message(struct attrs *a, const struct nlmsghdr *nlh, uint16_t *family);
bool attr_u32(const struct nlattr *attr, uint32_t *value);
bool attr_u64(const struct nlattr *attr, uint64_t *value);
const char *attr_name(const struct nlattr *attr);
const void *attr_value(const struct nlattr *attr, uint32_t *len);

/* An expression's verdict; @chain is NULL where it has none. */
bool attr_verdict(const struct nlattr *data, int32_t *code, const char **chain);

#endif /* SYSRQCTL_REACH_ATTR_H */
