/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends a reply back to where a request came from. */
#ifndef NFT_SYSRQ_REPLY_H
#define NFT_SYSRQ_REPLY_H

#include <linux/nft_sysrq.h>
#include <linux/types.h>

struct nft_sysrq_packet;

int nft_sysrq_reply_send(const struct nft_sysrq_packet *p,
			 const struct nft_sysrq_dgram *d);

bool nft_sysrq_reply_used(void);
bool nft_sysrq_reply_refill(void);
void nft_sysrq_reply_exit(void);

#endif /* NFT_SYSRQ_REPLY_H */
