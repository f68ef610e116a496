/* SPDX-License-Identifier: GPL-2.0-only */
/* From the bytes of a datagram to what becomes of it. */
#ifndef NFT_SYSRQ_VERIFY_H
#define NFT_SYSRQ_VERIFY_H

#include <linux/nft_sysrq.h>

struct nft_sysrq_packet;
struct nft_sysrq_space;

int nft_sysrq_verify(struct nft_sysrq_space *space, const struct nft_sysrq_packet *p,
		     const struct nft_sysrq_dgram *d, const char *only, bool silent);

#endif /* NFT_SYSRQ_VERIFY_H */
