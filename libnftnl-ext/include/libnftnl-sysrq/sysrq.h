/* SPDX-License-Identifier: GPL-2.0-only */
/* The nftables expression "sysrq", for programs that use libnftnl and libmnl. */
#ifndef LIBNFTNL_SYSRQ_H
#define LIBNFTNL_SYSRQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nlattr;
struct nlmsghdr;
struct nftnl_rule;
struct nftnl_sysrq;

#define NFTNL_SYSRQ_KEY_MAX	31		/* bytes of a key's name */
#define NFTNL_SYSRQ_SILENT	0x1		/* flag: never answer */
#define NFTNL_SYSRQ_LAST	UINT32_MAX	/* behind all other expressions */

struct nftnl_sysrq *nftnl_sysrq_alloc(void);
void nftnl_sysrq_free(struct nftnl_sysrq *e);

bool nftnl_sysrq_key_valid(const char *name, size_t len);
int nftnl_sysrq_set_key(struct nftnl_sysrq *e, const char *name);
const char *nftnl_sysrq_get_key(const struct nftnl_sysrq *e);
int nftnl_sysrq_set_flags(struct nftnl_sysrq *e, uint32_t flags);
uint32_t nftnl_sysrq_get_flags(const struct nftnl_sysrq *e);

int nftnl_sysrq_snprintf(char *buf, size_t size, const struct nftnl_sysrq *e);

int nftnl_sysrq_build_payload(struct nlmsghdr *nlh, size_t buflen,
			      const struct nftnl_sysrq *e);
int nftnl_sysrq_build(struct nlmsghdr *nlh, size_t buflen, const struct nftnl_sysrq *e);
int nftnl_sysrq_parse(const struct nlattr *elem, struct nftnl_sysrq **e);

int nftnl_sysrq_rule_insert(struct nlmsghdr *nlh, size_t buflen, uint32_t pos,
			    const struct nftnl_sysrq *e);

/**
 * nftnl_sysrq_cb - told of each of our expressions in a rule
 * @pos: its number among all expressions of the rule
 * @e: the expression, good during the call
 * @data: the caller's
 *
 * Returns 0, or a negative errno to stop.
 */
typedef int (*nftnl_sysrq_cb)(uint32_t pos, const struct nftnl_sysrq *e, void *data);

int nftnl_sysrq_rule_parse(const struct nlmsghdr *nlh, struct nftnl_rule *rule,
			   nftnl_sysrq_cb cb, void *data);

#ifdef __cplusplus
}
#endif

#endif
