// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replies. A packet of its own, from the address and port that were asked,
 * in the request's conntrack entry, never longer than the request.
 */
#include "reply.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_tables.h>
#include <net/route.h>

#include "runner.h"

#define UDP_LEN		(sizeof(struct udphdr) + NFT_SYSRQ_DGRAM_LEN)
#define POOL_SIZE	64

/* For when there is no memory left: that is when requests come. */
static struct sk_buff_head pool = {
	.next = (struct sk_buff *)&pool,
	.prev = (struct sk_buff *)&pool,
	.lock = __SPIN_LOCK_UNLOCKED(pool.lock),
};

static bool pool_used;

static struct sk_buff *reply_alloc(gfp_t gfp)
{
	return alloc_skb(MAX_HEADER + sizeof(struct ipv6hdr) + UDP_LEN, gfp | __GFP_NOWARN);
}

/** nft_sysrq_reply_used - has the reserve been used since it was refilled? */
bool nft_sysrq_reply_used(void)
{
	return READ_ONCE(pool_used);
}

/**
 * nft_sysrq_reply_refill - fill the reserve. Sleeps.
 *
 * Return: false if there was no memory: try again later.
 */
bool nft_sysrq_reply_refill(void)
{
	struct sk_buff *skb;

	WRITE_ONCE(pool_used, false);
	while (skb_queue_len_lockless(&pool) < POOL_SIZE) {
		skb = reply_alloc(GFP_NOWAIT);
		if (!skb)
			return false;
		skb_queue_tail(&pool, skb);
	}
	return true;
}

/** nft_sysrq_reply_exit - no packet uses the reserve any more */
void nft_sysrq_reply_exit(void)
{
	skb_queue_purge(&pool);
}

static struct sk_buff *reply_skb(void)
{
	struct sk_buff *skb = reply_alloc(GFP_ATOMIC);

	if (skb)
		return skb;
	skb = skb_dequeue(&pool);
	WRITE_ONCE(pool_used, true);
	nft_sysrq_runner_wake();
	return skb;
}

/* The reply belongs to the request's connection, if that is tracked. */
static void reply_conntrack(struct sk_buff *skb, const struct sk_buff *request)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(request, &ctinfo);

	if (!ct) {
		if (ctinfo == IP_CT_UNTRACKED)
			nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
		return;
	}
	nf_conntrack_get(&ct->ct_general);
	nf_ct_set(skb, ct, CTINFO2DIR(ctinfo) == IP_CT_DIR_ORIGINAL ?
			   IP_CT_ESTABLISHED_REPLY : IP_CT_ESTABLISHED);
}

static void reply_udp(struct sk_buff *skb, const struct udphdr *request,
		      const struct nft_sysrq_dgram *d)
{
	struct udphdr *uh;

	skb_set_transport_header(skb, skb->len);
	uh = skb_put(skb, sizeof(*uh));
	uh->source = request->dest;
	uh->dest = request->source;
	uh->len = htons(UDP_LEN);
	uh->check = 0;
	skb_put_data(skb, d, sizeof(*d));
}

/* Which device the answer is bound to: that of its VRF, if there is one. */
static int reply_vrf(const struct nft_pktinfo *pkt)
{
	const struct net_device *in = pkt->state->in;

	return in ? l3mdev_master_ifindex_rcu(in) : 0;
}

static int reply_ip(const struct nft_pktinfo *pkt, const struct udphdr *request,
		    const struct nft_sysrq_dgram *d, struct sk_buff *skb)
{
	const struct iphdr *from = ip_hdr(pkt->skb);
	struct net *net = nft_net(pkt);
	struct flowi4 fl = {
		.daddr = from->saddr,
		.saddr = from->daddr,
		.flowi4_proto = IPPROTO_UDP,
		.flowi4_mark = IP4_REPLY_MARK(net, pkt->skb->mark),
		.flowi4_oif = reply_vrf(pkt),
		.fl4_sport = request->dest,
		.fl4_dport = request->source,
	};
	struct udphdr *uh;
	struct rtable *rt;
	struct iphdr *iph;

	rt = ip_route_output_key(net, &fl);
	if (IS_ERR(rt))
		return PTR_ERR(rt);
	skb_dst_set(skb, &rt->dst);

	skb_reset_network_header(skb);
	iph = skb_put(skb, sizeof(*iph));
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = 0;
	/* An atomic datagram: its identification means nothing (RFC 6864). */
	iph->id = 0;
	iph->frag_off = htons(IP_DF);
	iph->ttl = ip4_dst_hoplimit(&rt->dst);
	iph->protocol = IPPROTO_UDP;
	iph->check = 0;
	iph->saddr = from->daddr;
	iph->daddr = from->saddr;

	reply_udp(skb, request, d);
	uh = udp_hdr(skb);
	uh->check = csum_tcpudp_magic(iph->saddr, iph->daddr, UDP_LEN, IPPROTO_UDP,
				      csum_partial(uh, UDP_LEN, 0)) ?: CSUM_MANGLED_0;

	skb->protocol = htons(ETH_P_IP);
	skb->mark = fl.flowi4_mark;
	return 0;
}

static int reply_ip6(const struct nft_pktinfo *pkt, const struct udphdr *request,
		     const struct nft_sysrq_dgram *d, struct sk_buff *skb)
{
	const struct ipv6hdr *from = ipv6_hdr(pkt->skb);
	struct net *net = nft_net(pkt);
	struct flowi6 fl = {
		.daddr = from->saddr,
		.saddr = from->daddr,
		.flowi6_proto = IPPROTO_UDP,
		.flowi6_mark = IP6_REPLY_MARK(net, pkt->skb->mark),
		.flowi6_oif = reply_vrf(pkt),
		.fl6_sport = request->dest,
		.fl6_dport = request->source,
	};
	struct dst_entry *dst;
	struct ipv6hdr *ip6h;
	struct udphdr *uh;

	/* A link-local address means something on one link only. */
	if ((ipv6_addr_type(&from->saddr) | ipv6_addr_type(&from->daddr)) & IPV6_ADDR_LINKLOCAL)
		fl.flowi6_oif = IP6CB(pkt->skb)->iif;

	dst = ip6_route_output(net, NULL, &fl);
	if (dst->error) {
		int err = dst->error;

		dst_release(dst);
		return err;
	}
	dst = xfrm_lookup(net, dst, flowi6_to_flowi(&fl), NULL, 0);
	if (IS_ERR(dst))
		return PTR_ERR(dst);
	skb_dst_set(skb, dst);

	skb_reset_network_header(skb);
	ip6h = skb_put(skb, sizeof(*ip6h));
	ip6_flow_hdr(ip6h, 0, 0);
	ip6h->nexthdr = IPPROTO_UDP;
	ip6h->hop_limit = ip6_dst_hoplimit(dst);
	ip6h->payload_len = htons(UDP_LEN);
	ip6h->saddr = from->daddr;
	ip6h->daddr = from->saddr;

	reply_udp(skb, request, d);
	uh = udp_hdr(skb);
	uh->check = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, UDP_LEN, IPPROTO_UDP,
				    csum_partial(uh, UDP_LEN, 0)) ?: CSUM_MANGLED_0;

	skb->protocol = htons(ETH_P_IPV6);
	skb->mark = fl.flowi6_mark;
	return 0;
}

/**
 * nft_sysrq_reply_send - answer a request
 * @pkt: the request, looked at by expr.c: UDP over IPv4 or IPv6
 * @d: the reply, sealed
 *
 * Return: 0, or a negative errno if it did not leave.
 */
int nft_sysrq_reply_send(const struct nft_pktinfo *pkt, const struct nft_sysrq_dgram *d)
{
	bool v4 = pkt->skb->protocol == htons(ETH_P_IP);
	const struct udphdr *request;
	struct udphdr buf;
	struct sk_buff *skb;
	int err;

	request = skb_header_pointer(pkt->skb, nft_thoff(pkt), sizeof(buf), &buf);
	if (!request)
		return -EINVAL;
	skb = reply_skb();
	if (!skb)
		return -ENOMEM;
	skb_reserve(skb, MAX_HEADER);
	reply_conntrack(skb, pkt->skb);

	err = v4 ? reply_ip(pkt, request, d, skb) : reply_ip6(pkt, request, d, skb);
	if (err) {
		kfree_skb(skb);
		return err;
	}
	err = v4 ? ip_local_out(nft_net(pkt), NULL, skb) :
		   ip6_local_out(nft_net(pkt), NULL, skb);
	return min(err, 0);
}
