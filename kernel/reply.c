// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replies. A packet of its own, from the address and port that were asked, or
 * an echo reply, in the request's conntrack entry, never longer than the
 * request.
 */
#include "reply.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
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

#include "packet.h"
#include "runner.h"

/* The headers of UDP, ICMP and ICMPv6 are of one length. */
#define PAYLOAD_LEN	(sizeof(struct udphdr) + NFT_SYSRQ_DGRAM_LEN)
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
	return alloc_skb(MAX_HEADER + sizeof(struct ipv6hdr) + PAYLOAD_LEN, gfp | __GFP_NOWARN);
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

/*
 * The reply belongs to the request's connection, if that is tracked. At
 * ingress it is not yet; then nothing is to be tracked, lest a full table
 * swallow the reply.
 */
static void reply_conntrack(struct sk_buff *skb, const struct nft_sysrq_packet *p)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(p->pkt->skb, &ctinfo);

	if (!ct) {
		if (p->early || ctinfo == IP_CT_UNTRACKED)
			nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
		return;
	}
	nf_conntrack_get(&ct->ct_general);
	nf_ct_set(skb, ct, CTINFO2DIR(ctinfo) == IP_CT_DIR_ORIGINAL ?
			   IP_CT_ESTABLISHED_REPLY : IP_CT_ESTABLISHED);
}

/* Ports, or type, identifier and sequence; the datagram; no checksum. */
static void put_payload(struct sk_buff *skb, const struct nft_sysrq_packet *p,
			const struct nft_sysrq_dgram *d)
{
	struct icmphdr *icmp;
	struct udphdr *uh;

	skb_set_transport_header(skb, skb->len);
	if (p->proto == IPPROTO_UDP) {
		uh = skb_put(skb, sizeof(*uh));
		uh->source = p->ours;
		uh->dest = p->theirs;
		uh->len = htons(PAYLOAD_LEN);
		uh->check = 0;
	} else {
		icmp = skb_put_zero(skb, sizeof(*icmp));
		icmp->type = p->v4 ? ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY;
		icmp->un.echo.id = p->theirs;
		icmp->un.echo.sequence = p->ours;
	}
	skb_put_data(skb, d, sizeof(*d));
}

static struct dst_entry *route_ip(const struct nft_sysrq_packet *p, u32 mark)
{
	struct flowi4 fl = {
		.daddr = p->from.ip,
		.saddr = p->to.ip,
		.flowi4_proto = p->proto,
		.flowi4_mark = mark,
		/* Bound to the device of its VRF, if there is one. */
		.flowi4_oif = l3mdev_master_ifindex_rcu(p->dev),
	};
	/* No request is from there; at ingress, nor from an address of ours. */
	unsigned int martian = RTCF_BROADCAST | RTCF_MULTICAST | (p->early ? RTCF_LOCAL : 0);
	struct rtable *rt;

	if (p->proto == IPPROTO_UDP) {
		fl.fl4_sport = p->ours;
		fl.fl4_dport = p->theirs;
	} else {
		fl.fl4_icmp_type = ICMP_ECHOREPLY;
	}
	rt = ip_route_output_key(nft_net(p->pkt), &fl);
	if (IS_ERR(rt))
		return ERR_CAST(rt);
	if (rt->rt_flags & martian) {
		ip_rt_put(rt);
		return ERR_PTR(-EACCES);
	}
	return &rt->dst;
}

static void reply_ip(const struct nft_sysrq_packet *p, const struct nft_sysrq_dgram *d,
		     struct sk_buff *skb)
{
	struct iphdr *iph;
	__wsum sum;

	skb_reset_network_header(skb);
	iph = skb_put(skb, sizeof(*iph));
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = 0;
	/* An atomic datagram: its identification means nothing (RFC 6864). */
	iph->id = 0;
	iph->frag_off = htons(IP_DF);
	iph->ttl = ip4_dst_hoplimit(skb_dst(skb));
	iph->protocol = p->proto;
	iph->check = 0;
	iph->saddr = p->to.ip;
	iph->daddr = p->from.ip;

	put_payload(skb, p, d);
	sum = csum_partial(skb_transport_header(skb), PAYLOAD_LEN, 0);
	if (p->proto == IPPROTO_UDP)
		udp_hdr(skb)->check = csum_tcpudp_magic(iph->saddr, iph->daddr, PAYLOAD_LEN,
							IPPROTO_UDP, sum) ?: CSUM_MANGLED_0;
	else
		icmp_hdr(skb)->checksum = csum_fold(sum);
	skb->protocol = htons(ETH_P_IP);
}

static struct dst_entry *route_ip6(const struct nft_sysrq_packet *p, u32 mark)
{
	struct net *net = nft_net(p->pkt);
	struct flowi6 fl = {
		.daddr = p->from.in6,
		.saddr = p->to.in6,
		.flowi6_proto = p->proto,
		.flowi6_mark = mark,
		.flowi6_oif = l3mdev_master_ifindex_rcu(p->dev),
	};
	struct dst_entry *dst;
	int err;

	if (p->proto == IPPROTO_UDP) {
		fl.fl6_sport = p->ours;
		fl.fl6_dport = p->theirs;
	} else {
		fl.fl6_icmp_type = ICMPV6_ECHO_REPLY;
	}
	/* A link-local address means something on one link only. */
	if ((ipv6_addr_type(&fl.saddr) | ipv6_addr_type(&fl.daddr)) & IPV6_ADDR_LINKLOCAL)
		fl.flowi6_oif = p->early ? p->dev->ifindex : IP6CB(p->pkt->skb)->iif;

	dst = ip6_route_output(net, NULL, &fl);
	if (dst->error) {
		err = dst->error;
		dst_release(dst);
		return ERR_PTR(err);
	}
	return xfrm_lookup(net, dst, flowi6_to_flowi(&fl), NULL, 0);
}

static void reply_ip6(const struct nft_sysrq_packet *p, const struct nft_sysrq_dgram *d,
		      struct sk_buff *skb)
{
	struct ipv6hdr *ip6h;
	__sum16 sum;

	skb_reset_network_header(skb);
	ip6h = skb_put(skb, sizeof(*ip6h));
	ip6_flow_hdr(ip6h, 0, 0);
	ip6h->nexthdr = p->proto;
	ip6h->hop_limit = ip6_dst_hoplimit(skb_dst(skb));
	ip6h->payload_len = htons(PAYLOAD_LEN);
	ip6h->saddr = p->to.in6;
	ip6h->daddr = p->from.in6;

	put_payload(skb, p, d);
	sum = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, PAYLOAD_LEN, p->proto,
			      csum_partial(skb_transport_header(skb), PAYLOAD_LEN, 0));
	if (p->proto == IPPROTO_UDP)
		udp_hdr(skb)->check = sum ?: CSUM_MANGLED_0;
	else
		icmp6_hdr(skb)->icmp6_cksum = sum;
	skb->protocol = htons(ETH_P_IPV6);
}

/**
 * nft_sysrq_reply_send - answer a request
 * @p: the request's packet
 * @d: the reply, sealed
 *
 * Return: 0, or a negative errno if it did not leave.
 */
int nft_sysrq_reply_send(const struct nft_sysrq_packet *p, const struct nft_sysrq_dgram *d)
{
	struct net *net = nft_net(p->pkt);
	struct dst_entry *dst;
	struct sk_buff *skb;
	u32 mark;
	int err;

	/* It may need memory, too: without a route nothing is taken from the reserve. */
	if (p->v4) {
		mark = IP4_REPLY_MARK(net, p->pkt->skb->mark);
		dst = route_ip(p, mark);
	} else {
		mark = IP6_REPLY_MARK(net, p->pkt->skb->mark);
		dst = route_ip6(p, mark);
	}
	if (IS_ERR(dst))
		return PTR_ERR(dst);

	skb = reply_skb();
	if (!skb) {
		dst_release(dst);
		return -ENOMEM;
	}
	skb_reserve(skb, MAX_HEADER);
	skb_dst_set(skb, dst);
	skb->mark = mark;
	reply_conntrack(skb, p);

	if (p->v4) {
		reply_ip(p, d, skb);
		err = ip_local_out(net, NULL, skb);
	} else {
		reply_ip6(p, d, skb);
		err = ip6_local_out(net, NULL, skb);
	}
	return min(err, 0);
}
