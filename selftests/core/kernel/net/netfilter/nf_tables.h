/* SPDX-License-Identifier: GPL-2.0-only */
/* Stand-in, see kernel.h: a packet, as far as packet.h looks at it. */
#ifndef STAND_IN_NF_TABLES_H
#define STAND_IN_NF_TABLES_H

#include <linux/netfilter.h>

#include "kernel.h"

#define NFT_PKTINFO_L4PROTO	1

struct sk_buff {
	unsigned int		len;
	unsigned int		data_len;	/* of it, not at @data */
	const unsigned char	*data;
	const unsigned char	*rest;		/* that */
	bool			gso;
};

struct nft_pktinfo {
	struct sk_buff	*skb;
	unsigned int	flags;
	u8		tprot;
	unsigned int	fragoff;
	unsigned int	thoff;
	unsigned int	hook;
};

#define nft_thoff(pkt)		((pkt)->thoff)
#define nft_hook(pkt)		((pkt)->hook)
#define skb_is_gso(skb)		((skb)->gso)
#define skb_headlen(skb)	((skb)->len - (skb)->data_len)

static inline int skb_copy_bits(const struct sk_buff *skb, int at, void *to, int len)
{
	unsigned int head = skb_headlen(skb);
	unsigned char *out = to;
	int i;

	if (at < 0 || len < 0 || (unsigned int)at > skb->len - len)
		return -EFAULT;
	for (i = 0; i < len; i++)
		out[i] = at + i < (int)head ? skb->data[at + i] : skb->rest[at + i - head];
	return 0;
}

#endif /* STAND_IN_NF_TABLES_H */
