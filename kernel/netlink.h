/* SPDX-License-Identifier: GPL-2.0-only */
/* The generic netlink family "nft_sysrq". */
#ifndef NFT_SYSRQ_NETLINK_H
#define NFT_SYSRQ_NETLINK_H

#include <net/genetlink.h>

extern struct genl_family nft_sysrq_family;
extern const struct nla_policy nft_sysrq_key_policy[];

int nft_sysrq_nl_may_change(struct sk_buff *skb, struct genl_info *info);
int nl_refuse(struct genl_info *info, int attr, const char *why, int err);
const char *nft_sysrq_nl_name(struct genl_info *info);

int nft_sysrq_nl_key_new(struct sk_buff *skb, struct genl_info *info);
int nft_sysrq_nl_key_set(struct sk_buff *skb, struct genl_info *info);
int nft_sysrq_nl_key_del(struct sk_buff *skb, struct genl_info *info);
int nft_sysrq_nl_key_get(struct sk_buff *skb, struct genl_info *info);
int nft_sysrq_nl_key_dump(struct sk_buff *skb, struct netlink_callback *cb);

int nft_sysrq_netlink_init(void);
void nft_sysrq_netlink_exit(void);

#endif /* NFT_SYSRQ_NETLINK_H */
