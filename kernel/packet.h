/* SPDX-License-Identifier: GPL-2.0-only */
/* A packet that may carry a request: where it is from, where the datagram lies. */
#ifndef NFT_SYSRQ_PACKET_H
#define NFT_SYSRQ_PACKET_H

#include <linux/icmp.h>
#include <linux/netfilter.h>
#include <linux/nft_sysrq.h>
#include <linux/types.h>
#include <linux/udp.h>
#include <net/netfilter/nf_tables.h>

#include "wire.h"

/* The transport's header, and the datagram behind it. */
#define NFT_SYSRQ_PAYLOAD_LEN	(sizeof(struct udphdr) + NFT_SYSRQ_DGRAM_LEN)

struct net_device;

/**
 * struct nft_sysrq_packet - what of a packet's headers is needed
 * @pkt: the packet
 * @dev: the device that it came by
 * @v4: IPv4, else IPv6
 * @early: at ingress, where nobody has asked yet whether it is for this host
 * @proto: IPPROTO_UDP, or IPPROTO_ICMP and IPPROTO_ICMPV6 with an echo request
 * @from: address of the sender
 * @to: address that was asked
 * @theirs: source port; identifier of the echo
 * @ours: destination port; sequence number of the echo
 */
struct nft_sysrq_packet {
	const struct nft_pktinfo *pkt;
	const struct net_device	*dev;
	bool			v4;
	bool			early;
	u8			proto;
	union nf_inet_addr	from;
	union nf_inet_addr	to;
	__be16			theirs;
	__be16			ours;
};

/**
 * struct nft_sysrq_bytes - of a packet, copied
 * @network: room for a network header that does not lie at hand
 * @payload: of the network's header: the transport's, and the datagram
 */
struct nft_sysrq_bytes {
	u32				network[10];
	struct {
		union {
			struct udphdr	udp;
			struct icmphdr	icmp;	/* whose echo ICMPv6 has, too */
		} head;
		struct nft_sysrq_dgram	d;
	} payload;
} __aligned(8);

bool nft_sysrq_packet_echo(const struct nft_pktinfo *pkt);
int nft_sysrq_packet_read(struct nft_sysrq_packet *p, const struct nft_pktinfo *pkt,
			  struct nft_sysrq_bytes *b);
bool nft_sysrq_packet_local(const struct nft_sysrq_packet *p);

/* At ingress, where nobody has asked yet whether it is for this host? */
static inline bool nft_sysrq_packet_early(const struct nft_pktinfo *pkt)
{
	return nft_hook(pkt) != NF_INET_LOCAL_IN;
}

/**
 * nft_sysrq_packet_copy - a first look, by length and magic, and a copy
 * @pkt: the packet
 * @b: where the copy goes; nobody else can change that
 *
 * Inline, as most of a flood ends here. The magic is looked at where it lies
 * at hand, and if it is right, with all the rest once more in the copy.
 *
 * Return: 0, or the enum nft_sysrq_stat that says why it cannot be ours.
 */
static inline int nft_sysrq_packet_copy(const struct nft_pktinfo *pkt,
					struct nft_sysrq_bytes *b)
{
	unsigned int at = nft_thoff(pkt), end = at + NFT_SYSRQ_PAYLOAD_LEN;
	const struct sk_buff *skb = pkt->skb;
	const typeof(b->payload) *there;

	if (!(pkt->flags & NFT_PKTINFO_L4PROTO) ||
	    (pkt->tprot != IPPROTO_UDP && !nft_sysrq_packet_echo(pkt)))
		return NFT_SYSRQ_STAT_TRANSPORT;
	if (skb_is_gso(skb) || pkt->fragoff)
		return NFT_SYSRQ_STAT_FRAGMENT;
	if (nft_sysrq_packet_early(pkt) ? skb->len < end : skb->len != end)
		return NFT_SYSRQ_STAT_LENGTH;
	if (unlikely(skb_headlen(skb) < end))
		return skb_copy_bits(skb, at, &b->payload, NFT_SYSRQ_PAYLOAD_LEN) ?
		       NFT_SYSRQ_STAT_LENGTH : 0;

	there = (const void *)(skb->data + at);
	if (!nft_sysrq_wire_magic(&there->d))
		return NFT_SYSRQ_STAT_MAGIC;
	/* Of a constant length: a few moves, no call. */
	memcpy(&b->payload, there, NFT_SYSRQ_PAYLOAD_LEN);
	return 0;
}

#endif /* NFT_SYSRQ_PACKET_H */
