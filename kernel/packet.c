// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is it a packet that may carry a request? Hooks input and ingress: at the
 * latter nothing but the frame's own headers has been looked at, and those
 * need not lie in the linear part.
 */
#include "packet.h"

#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_tables.h>
#include <net/route.h>

/* Of UDP, ICMP and ICMPv6 alike: the datagram follows eight bytes of header. */
#define HEAD_LEN	8
#define PAYLOAD_LEN	NFT_SYSRQ_PAYLOAD_LEN

static_assert(sizeof(struct udphdr) == HEAD_LEN);
static_assert(sizeof(struct icmphdr) == HEAD_LEN);
static_assert(sizeof(struct icmp6hdr) == HEAD_LEN);
static_assert(offsetof(struct nft_sysrq_bytes, payload.d) ==
	      offsetof(struct nft_sysrq_bytes, payload) + HEAD_LEN);
static_assert(sizeof_field(struct nft_sysrq_bytes, network) >= sizeof(struct iphdr));
static_assert(sizeof_field(struct nft_sysrq_bytes, network) >= sizeof(struct ipv6hdr));

/*
 * The network header: at hook input it has been pulled and looked at; at
 * ingress it may lie anywhere.
 */
static const void *network_header(const struct nft_sysrq_packet *p, const struct sk_buff *skb,
				  struct nft_sysrq_bytes *b, unsigned int len)
{
	if (!p->early)
		return skb_network_header(skb);
	return skb_header_pointer(skb, skb_network_offset(skb), len, b->network);
}

/* Addresses, and whether it is whole. 0, or why it cannot be ours. */
static int read_ip(struct nft_sysrq_packet *p, const struct sk_buff *skb,
		   struct nft_sysrq_bytes *b)
{
	const struct iphdr *iph = network_header(p, skb, b, sizeof(*iph));
	__be32 from, to;

	if (!iph)
		return NFT_SYSRQ_STAT_TRANSPORT;
	if (ip_is_fragment(iph) || (!p->early && IPCB(skb)->frag_max_size))
		return NFT_SYSRQ_STAT_FRAGMENT;
	/* A frame may be longer than what it carries. */
	if (ntohs(iph->tot_len) != iph->ihl * 4 + PAYLOAD_LEN)
		return NFT_SYSRQ_STAT_LENGTH;
	from = iph->saddr;
	to = iph->daddr;
	p->from.ip = from;
	p->to.ip = to;

	if (ipv4_is_multicast(from) || ipv4_is_lbcast(from) || ipv4_is_zeronet(from) ||
	    ipv4_is_multicast(to))
		return NFT_SYSRQ_STAT_ADDRESS;
	if (p->early)
		return ipv4_is_loopback(from) || ipv4_is_loopback(to) ?
		       NFT_SYSRQ_STAT_ADDRESS : 0;
	return skb_rtable(skb) && skb_rtable(skb)->rt_type == RTN_LOCAL ?
	       0 : NFT_SYSRQ_STAT_ADDRESS;
}

static noinline_for_stack bool ip6_has_fragment(const struct sk_buff *skb)
{
	unsigned int offset = 0;

	return ipv6_find_hdr(skb, &offset, NEXTHDR_FRAGMENT, NULL, NULL) >= 0;
}

static bool ip6_fragmented(const struct nft_sysrq_packet *p, const struct sk_buff *skb,
			   u8 nexthdr)
{
	if (!p->early && (IP6CB(skb)->flags & IP6SKB_FRAGMENTED || IP6CB(skb)->frag_max_size))
		return true;
	if (nexthdr == IPPROTO_UDP || nexthdr == IPPROTO_ICMPV6)
		return false;
	return ip6_has_fragment(skb);
}

static int read_ip6(struct nft_sysrq_packet *p, const struct sk_buff *skb,
		    struct nft_sysrq_bytes *b)
{
	const struct ipv6hdr *ip6h = network_header(p, skb, b, sizeof(*ip6h));

	if (!ip6h)
		return NFT_SYSRQ_STAT_TRANSPORT;
	if (ip6_fragmented(p, skb, ip6h->nexthdr))
		return NFT_SYSRQ_STAT_FRAGMENT;
	if (skb_network_offset(skb) + sizeof(*ip6h) + ntohs(ip6h->payload_len) !=
	    nft_thoff(p->pkt) + PAYLOAD_LEN)
		return NFT_SYSRQ_STAT_LENGTH;
	p->from.in6 = ip6h->saddr;
	p->to.in6 = ip6h->daddr;

	if (ipv6_addr_is_multicast(&ip6h->saddr) || ipv6_addr_any(&ip6h->saddr) ||
	    ipv6_addr_is_multicast(&ip6h->daddr))
		return NFT_SYSRQ_STAT_ADDRESS;
	return p->early && ipv6_addr_loopback(&ip6h->saddr) ? NFT_SYSRQ_STAT_ADDRESS : 0;
}

/* The eight bytes before the datagram. */
static int read_head(struct nft_sysrq_packet *p, const struct nft_sysrq_bytes *b)
{
	if (p->proto == IPPROTO_UDP) {
		if (b->payload.head.udp.len != htons(PAYLOAD_LEN))
			return NFT_SYSRQ_STAT_LENGTH;
		p->theirs = b->payload.head.udp.source;
		p->ours = b->payload.head.udp.dest;
		return p->theirs ? 0 : NFT_SYSRQ_STAT_ADDRESS;
	}
	p->theirs = b->payload.head.icmp.un.echo.id;
	p->ours = b->payload.head.icmp.un.echo.sequence;
	return 0;
}

/**
 * nft_sysrq_packet_echo - is it an echo request, of ICMP or ICMPv6?
 * @pkt: the packet
 */
bool nft_sysrq_packet_echo(const struct nft_pktinfo *pkt)
{
	bool v4 = pkt->skb->protocol == htons(ETH_P_IP);
	const struct icmphdr *icmp;
	struct icmphdr buf;

	if (pkt->tprot != (v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6) || pkt->fragoff)
		return false;
	/* Type and code of ICMPv6 lie where those of ICMP do. */
	icmp = skb_header_pointer(pkt->skb, nft_thoff(pkt), sizeof(buf), &buf);
	return icmp && icmp->type == (v4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST) && !icmp->code;
}

/*
 * The device that it came by, once for all: a VLAN's may go at any time. At
 * ingress of the device below, its frame has not been handed to it yet. NULL
 * if there is none, or if it is another network namespace's.
 */
static const struct net_device *device_of(const struct nft_sysrq_packet *p)
{
	const struct sk_buff *skb = p->pkt->skb;
	const struct net_device *dev;

	if (!p->early || !skb_vlan_tag_present(skb) || !skb_vlan_tag_get_id(skb))
		return nft_in(p->pkt);
	dev = __vlan_find_dev_deep_rcu(skb->dev, skb->vlan_proto, skb_vlan_tag_get_id(skb));
	return dev && net_eq(dev_net(dev), nft_net(p->pkt)) ? dev : NULL;
}

/**
 * nft_sysrq_packet_read - where is it from, and is it a whole packet to this host?
 * @p: filled in
 * @pkt: the packet
 * @b: its bytes, by nft_sysrq_packet_copy(), and room for more
 *
 * Return: 0, or the enum nft_sysrq_stat that says why it cannot be ours.
 */
int nft_sysrq_packet_read(struct nft_sysrq_packet *p, const struct nft_pktinfo *pkt,
			  struct nft_sysrq_bytes *b)
{
	const struct sk_buff *skb = pkt->skb;
	int stat;

	p->pkt = pkt;
	p->v4 = skb->protocol == htons(ETH_P_IP);
	p->early = nft_sysrq_packet_early(pkt);
	p->proto = pkt->tprot;
	p->dev = device_of(p);
	if (skb->pkt_type != PACKET_HOST || !p->dev)
		return NFT_SYSRQ_STAT_ADDRESS;

	stat = p->v4 ? read_ip(p, skb, b) : read_ip6(p, skb, b);
	return stat ?: read_head(p, b);
}

/**
 * nft_sysrq_packet_local - is it for this host?
 * @p: the packet
 *
 * A look into the routes: not before the HMAC holds. At hook input they have
 * been asked.
 */
bool nft_sysrq_packet_local(const struct nft_sysrq_packet *p)
{
	if (!p->early)
		return true;
	if (p->v4)
		return inet_addr_type_dev_table(nft_net(p->pkt), p->dev, p->to.ip) == RTN_LOCAL;
	/* Where IPv6 was disabled at boot there is not even the list of addresses. */
	if (!ipv6_mod_enabled())
		return false;
	/* A link-local address is the device's, any other the host's or its VRF's. */
	return ipv6_chk_addr(nft_net(p->pkt), &p->to.in6, p->dev, 0);
}
