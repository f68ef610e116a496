/* SPDX-License-Identifier: GPL-2.0-only */
/* The nftables expression "sysrq". */
#ifndef NFT_SYSRQ_EXPR_H
#define NFT_SYSRQ_EXPR_H

int nft_sysrq_expr_init(void);
void nft_sysrq_expr_exit(void);

#endif /* NFT_SYSRQ_EXPR_H */
