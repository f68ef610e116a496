/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recorded ABI of libnftnl-sysrq.so.0, as programs were built against it. Beside the public header
 * the compiler takes each line only if that still says the same. Lines are added, never changed: who
 * must change one needs another soname. A line for each symbol of the map, see test-abi.sh.
 */
struct nftnl_sysrq *nftnl_sysrq_alloc(void);
void nftnl_sysrq_free(struct nftnl_sysrq *);
bool nftnl_sysrq_key_valid(const char *, size_t);
int nftnl_sysrq_set_key(struct nftnl_sysrq *, const char *);
const char *nftnl_sysrq_get_key(const struct nftnl_sysrq *);
int nftnl_sysrq_set_flags(struct nftnl_sysrq *, uint32_t);
uint32_t nftnl_sysrq_get_flags(const struct nftnl_sysrq *);
int nftnl_sysrq_snprintf(char *, size_t, const struct nftnl_sysrq *);
int nftnl_sysrq_build_payload(struct nlmsghdr *, size_t, const struct nftnl_sysrq *);
int nftnl_sysrq_build(struct nlmsghdr *, size_t, const struct nftnl_sysrq *);
int nftnl_sysrq_parse(const struct nlattr *, struct nftnl_sysrq **);
int nftnl_sysrq_rule_insert(struct nlmsghdr *, size_t, uint32_t, const struct nftnl_sysrq *);
int nftnl_sysrq_rule_parse(const struct nlmsghdr *, struct nftnl_rule *, nftnl_sysrq_cb, void *);
