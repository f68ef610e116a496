// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets around a datagram. Where a packet may be odd, one out of some has a wrong length or checksum,
 * options, extension headers, addresses that nobody has, is a fragment, or comes in pieces.
 */
#include "wrap.h"

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>

#define PORT		9
#define PORTS		64	/* that senders have */
#define L4_LONGEST	1024
#define HEAD_LONGEST	256	/* of all of IP's headers */

/* What IP carries, and IP's headers before it. */
struct packet {
	bool		six;
	uint8_t		proto;
	struct in6_addr	from6, to6;
	struct in_addr	from4, to4;
	uint8_t		l4[L4_LONGEST];
	size_t		l4_len;
	uint8_t		head[HEAD_LONGEST];
	size_t		head_len;
};

static uint32_t sum(const void *data, size_t len, uint32_t from)
{
	const uint8_t *p = data;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		from += (uint32_t)(p[i] << 8 | p[i + 1]);
	return len & 1 ? from + (uint32_t)(p[len - 1] << 8) : from;
}

static uint16_t fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return htons((uint16_t)~total);
}

/* Over what UDP and ICMPv6 say of IP, too. */
static uint16_t l4_sum(const struct packet *p)
{
	uint32_t total = sum(p->l4, p->l4_len, 0);

	if (p->proto == IPPROTO_ICMP)
		return fold(total);
	total += (uint32_t)p->l4_len + p->proto;
	if (p->six)
		total = sum(&p->from6, sizeof(p->from6), sum(&p->to6, sizeof(p->to6), total));
	else
		total = sum(&p->from4, sizeof(p->from4), sum(&p->to4, sizeof(p->to4), total));
	return fold(total);
}

static void put_l4(struct dice *d, struct packet *p, const struct wrapping *how,
		   const uint8_t *payload, size_t len)
{
	struct icmphdr icmp = { .type = how->six ? ICMP6_ECHO_REQUEST : ICMP_ECHO };
	struct udphdr udp = { .dest = htons(PORT), .len = htons((uint16_t)(sizeof(udp) + len)) };
	bool odd = how->odd && chance(d, 60);

	p->l4_len = sizeof(udp) + len;
	memcpy(p->l4 + sizeof(udp), payload, len);
	if (how->echo) {
		p->proto = how->six ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
		icmp.un.echo.id = (uint16_t)roll(d);
		icmp.un.echo.sequence = (uint16_t)roll(d);
		if (odd)
			mutate(d, NULL, (uint8_t *)&icmp, 2);
		memcpy(p->l4, &icmp, sizeof(icmp));
		icmp.checksum = how->odd && chance(d, 50) ? (uint16_t)roll(d) : l4_sum(p);
		memcpy(p->l4, &icmp, sizeof(icmp));
		return;
	}
	p->proto = IPPROTO_UDP;
	udp.source = htons((uint16_t)(40000 + below(d, PORTS)));
	if (odd && chance(d, 500))
		udp.source = 0;
	else if (odd)
		mutate(d, NULL, (uint8_t *)&udp.len, sizeof(udp.len));
	memcpy(p->l4, &udp, sizeof(udp));
	udp.check = l4_sum(p) ?: 0xffff;
	if (how->odd && chance(d, 100))
		udp.check = chance(d, 500) ? 0 : (uint16_t)roll(d);
	memcpy(p->l4, &udp, sizeof(udp));
}

static void put_addresses(struct dice *d, struct packet *p, const struct route *r, bool odd)
{
	static const char * const odd4[] = {
		"0.0.0.0", "255.255.255.255", "127.0.0.1", "224.0.0.1", "10.9.0.255", "10.9.255.255",
		"192.0.2.9", "240.0.0.1", "0.1.2.3",
	};
	static const char * const odd6[] = {
		"::", "::1", "ff02::1", "fe80::1", "fd09::99", "::ffff:10.9.0.2", "2001:db8::1", "ff05::2",
	};
	struct in_addr a4;
	struct in6_addr a6;

	p->from4 = r->peer4;
	p->to4 = r->host4;
	p->from6 = r->peer6;
	p->to6 = r->host6;
	if (!odd || !chance(d, 60))
		return;
	inet_pton(AF_INET, odd4[below(d, COUNT(odd4))], &a4);
	inet_pton(AF_INET6, odd6[below(d, COUNT(odd6))], &a6);
	if (chance(d, 200)) {
		a4 = r->host4;
		a6 = r->host6;
	}
	if (chance(d, 500)) {
		p->from4 = a4;
		p->from6 = a6;
	} else {
		p->to4 = a4;
		p->to6 = a6;
	}
}

/* Options of IPv4, mostly ones that a host lets in. Return: their length. */
static size_t put_options(struct dice *d, uint8_t *to)
{
	static const uint8_t router_alert[] = { 148, 4, 0, 0 };
	size_t len = 4 * (1 + below(d, 10));

	memset(to, 1, len);	/* no operation */
	switch (below(d, 5)) {
	case 0:
		memcpy(to, router_alert, sizeof(router_alert));
		break;
	case 1:	/* record route, time stamp, source routes */
		memset(to, 0, len);
		to[0] = (uint8_t[]){ 7, 68, 131, 137 }[below(d, 4)];
		to[1] = (uint8_t)(len > 8 ? len - 1 : len);
		to[2] = 4 + (to[0] == 68);
		break;
	case 2:
		fill(d, to, len);
		break;
	default:
		break;
	}
	return len;
}

static void put_ip4(struct dice *d, struct packet *p, bool odd)
{
	size_t options = odd && chance(d, 80) ? put_options(d, p->head + sizeof(struct iphdr)) : 0;
	struct iphdr ip = { .version = 4, .ttl = 64, .protocol = p->proto };

	p->head_len = sizeof(ip) + options;
	ip.ihl = (unsigned int)(p->head_len / 4) & 15;
	ip.tot_len = htons((uint16_t)(p->head_len + p->l4_len));
	ip.id = (uint16_t)roll(d);
	ip.saddr = p->from4.s_addr;
	ip.daddr = p->to4.s_addr;
	if (odd && chance(d, 40))
		ip.frag_off = htons((uint16_t)(chance(d, 500) ? IP_DF | IP_MF : roll(d)));
	if (odd && chance(d, 40))
		mutate(d, NULL, (uint8_t *)&ip, 10);
	memcpy(p->head, &ip, sizeof(ip));
	ip.check = odd && chance(d, 20) ? (uint16_t)roll(d) : fold(sum(p->head, p->head_len, 0));
	memcpy(p->head, &ip, sizeof(ip));
}

/* One extension header. Return: its length. */
static size_t put_extension(struct dice *d, uint8_t *to, uint8_t kind, uint8_t next)
{
	size_t len = kind == IPPROTO_FRAGMENT ? 8 : 8 * (1 + below(d, 3));

	memset(to, 0, len);
	if (kind == IPPROTO_ROUTING) {
		to[2] = (uint8_t)(chance(d, 500) ? 0 : below(d, 6));
		to[3] = (uint8_t)below(d, 3);
	} else if (kind == IPPROTO_FRAGMENT) {
		if (chance(d, 500))	/* else an atomic one */
			to[3] = (uint8_t)(roll(d) & 0xf9);
		fill(d, to + 4, 4);
	} else {
		to[2] = 1;	/* padding */
		to[3] = (uint8_t)(len - 4);
	}
	if (chance(d, 100))
		fill(d, to + 2, len - 2);
	to[0] = next;
	to[1] = kind == IPPROTO_FRAGMENT ? 0 :
		kind == IPPROTO_AH ? (uint8_t)(len / 4 - 2) : (uint8_t)(len / 8 - 1);
	if (chance(d, 50))
		to[1] = (uint8_t)roll(d);
	return len;
}

static void put_ip6(struct dice *d, struct packet *p, bool odd)
{
	static const uint8_t kinds[] = {
		IPPROTO_HOPOPTS, IPPROTO_DSTOPTS, IPPROTO_ROUTING, IPPROTO_FRAGMENT, IPPROTO_AH,
		IPPROTO_NONE, 135, 139, 140, 253,
	};
	unsigned int n = odd && chance(d, 100) ? 1 + below(d, 4) : 0;
	uint8_t kind = p->proto, next;
	struct ip6_hdr ip = { .ip6_flow = htonl(6U << 28), .ip6_hlim = 64 };
	uint8_t *at = p->head + sizeof(ip);

	ip.ip6_src = p->from6;
	ip.ip6_dst = p->to6;
	/* From the first one to the last. */
	if (n)
		kind = kinds[below(d, chance(d, 900) ? 4 : COUNT(kinds))];
	ip.ip6_nxt = kind;
	for (; n; n--, kind = next) {
		next = n == 1 ? p->proto : kinds[below(d, chance(d, 900) ? 4 : COUNT(kinds))];
		at += put_extension(d, at, kind, next);
	}
	p->head_len = (size_t)(at - p->head);
	ip.ip6_plen = htons((uint16_t)(p->head_len - sizeof(ip) + p->l4_len));
	if (odd && chance(d, 40))
		mutate(d, NULL, (uint8_t *)&ip, 8);
	memcpy(p->head, &ip, sizeof(ip));
}

static size_t put_ether(struct dice *d, const struct packet *p, const struct route *r, bool odd,
			uint8_t *to)
{
	uint16_t type = htons(p->six ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
	uint16_t tag[2] = { htons(ETHERTYPE_VLAN), htons(chance(d, 500) ? 0 : 5) };
	size_t len = 2 * ETH_ALEN;

	memcpy(to, r->host, ETH_ALEN);
	memcpy(to + ETH_ALEN, r->peer, ETH_ALEN);
	if (odd && chance(d, 30)) {
		if (chance(d, 500))
			memset(to, 0xff, ETH_ALEN);
		else
			to[below(d, ETH_ALEN)] ^= (uint8_t)(1 << below(d, 8));
	}
	if (odd && chance(d, 30)) {
		memcpy(to + len, tag, sizeof(tag));
		len += sizeof(tag);
	}
	if (odd && chance(d, 5))
		type = (uint16_t)roll(d);
	memcpy(to + len, &type, sizeof(type));
	return len + sizeof(type);
}

static void put_frame(struct dice *d, const struct packet *p, const struct route *r, bool odd,
		      size_t from, size_t len, struct frame *f)
{
	f->len = put_ether(d, p, r, odd, f->data);
	memcpy(f->data + f->len, p->head, p->head_len);
	f->len += p->head_len;
	memcpy(f->data + f->len, p->l4 + from, len);
	f->len += len;
	/* A trailer. */
	if (odd && chance(d, 20)) {
		memset(f->data + f->len, 0, 64);
		f->len += 1 + below(d, 64);
	}
}

/* In two pieces, which the host puts together again, if they fit. */
static unsigned int put_pieces(struct dice *d, struct packet *p, const struct route *r,
			       struct frame frames[FRAMES_MAX])
{
	size_t cut = 8 * (1 + below(d, 12));
	uint16_t offset, id = (uint16_t)roll(d);
	uint8_t kind = p->proto;
	struct iphdr ip;
	unsigned int i;

	if (cut >= p->l4_len)
		cut = 8;
	for (i = 0; i < 2; i++) {
		size_t from = i ? cut : 0, len = i ? p->l4_len - cut : cut;

		offset = (uint16_t)(from / 8);
		if (p->six) {
			uint8_t *f = p->head + sizeof(struct ip6_hdr);
			uint16_t plen = htons((uint16_t)(8 + len));

			memset(f, 0, 8);
			f[0] = kind;
			f[2] = (uint8_t)(offset >> 5);
			f[3] = (uint8_t)(offset << 3 | !i);
			memcpy(f + 4, &id, sizeof(id));
			p->head[6] = IPPROTO_FRAGMENT;
			memcpy(p->head + 4, &plen, sizeof(plen));
			p->head_len = sizeof(struct ip6_hdr) + 8;
		} else {
			memcpy(&ip, p->head, sizeof(ip));
			ip.id = id;
			ip.frag_off = htons((uint16_t)(offset | (i ? 0 : IP_MF)));
			ip.tot_len = htons((uint16_t)(p->head_len + len));
			ip.check = 0;
			memcpy(p->head, &ip, sizeof(ip));
			ip.check = fold(sum(p->head, p->head_len, 0));
			memcpy(p->head, &ip, sizeof(ip));
		}
		put_frame(d, p, r, false, from, len, &frames[i]);
	}
	return 2;
}

/**
 * wrap - put a datagram into a packet
 * @d: chooses
 * @r: from whom to whom
 * @how: what the packet is to be like
 * @payload: the datagram
 * @len: of it, at most half of L4_LONGEST
 * @frames: get it
 *
 * Return: how many frames there are.
 */
unsigned int wrap(struct dice *d, const struct route *r, const struct wrapping *how,
		  const uint8_t *payload, size_t len, struct frame frames[FRAMES_MAX])
{
	struct packet p = { .six = how->six };

	put_addresses(d, &p, r, how->odd);
	put_l4(d, &p, how, payload, len);
	if (how->odd && chance(d, 10))
		p.proto = (uint8_t)roll(d);
	if (how->six)
		put_ip6(d, &p, how->odd);
	else
		put_ip4(d, &p, how->odd);
	if (how->odd && chance(d, 30) && p.l4_len > 16)
		return put_pieces(d, &p, r, frames);
	put_frame(d, &p, r, how->odd, 0, p.l4_len, &frames[0]);
	if (how->odd && chance(d, 40))
		mutate(d, NULL, frames[0].data + ETH_HLEN, frames[0].len - ETH_HLEN);
	if (how->odd && chance(d, 15))
		frames[0].len = ETH_HLEN + below(d, (uint32_t)(frames[0].len - ETH_HLEN + 1));
	return 1;
}
