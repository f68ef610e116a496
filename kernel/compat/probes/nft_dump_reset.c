// SPDX-License-Identifier: GPL-2.0-only
/* Does nft_expr_ops.dump take a third argument, reset? */
#include <net/netfilter/nf_tables.h>

int probe(const struct nft_expr_ops *ops, struct sk_buff *skb,
	  const struct nft_expr *expr);
int probe(const struct nft_expr_ops *ops, struct sk_buff *skb,
	  const struct nft_expr *expr)
{
	return ops->dump(skb, expr, false);
}
