/* SPDX-License-Identifier: GPL-2.0-only */
/* From the bytes of a datagram to what becomes of it. */
#ifndef NFT_SYSRQ_VERIFY_H
#define NFT_SYSRQ_VERIFY_H

#include <linux/nft_sysrq.h>

struct nft_pktinfo;
struct nft_sysrq_bytes;
struct nft_sysrq_packet;
struct nft_sysrq_space;

int nft_sysrq_verify(struct nft_sysrq_space *space, struct nft_sysrq_packet *p,
		     const struct nft_pktinfo *pkt, struct nft_sysrq_bytes *b,
		     const char *only, bool silent);

#endif /* NFT_SYSRQ_VERIFY_H */
