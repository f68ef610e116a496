/* SPDX-License-Identifier: GPL-2.0-only */
/* A packet that may carry a request: where it is from, where the datagram lies. */
#ifndef NFT_SYSRQ_PACKET_H
#define NFT_SYSRQ_PACKET_H

#include <linux/netfilter.h>
#include <linux/nft_sysrq.h>
#include <linux/types.h>

struct net_device;
struct nft_pktinfo;

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

int nft_sysrq_packet_read(struct nft_sysrq_packet *p, const struct nft_pktinfo *pkt,
			  struct nft_sysrq_dgram *d);
bool nft_sysrq_packet_local(const struct nft_sysrq_packet *p);

#endif /* NFT_SYSRQ_PACKET_H */
