// SPDX-License-Identifier: GPL-2.0-only
/* Does nft_expr_ops.validate take a third argument, data? */
#include <net/netfilter/nf_tables.h>

int probe(const struct nft_expr_ops *ops, const struct nft_ctx *ctx,
	  const struct nft_expr *expr);
int probe(const struct nft_expr_ops *ops, const struct nft_ctx *ctx,
	  const struct nft_expr *expr)
{
	const struct nft_data *data = NULL;

	return ops->validate(ctx, expr, &data);
}
