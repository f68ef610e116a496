// SPDX-License-Identifier: GPL-2.0-only
/* A request as rules see it, of which some bits are known and others are not. */
#include "reach-packet.h"

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>

#define ECHO_REQUEST	8
#define ECHO_REQUEST6	128
#define LOOPBACK_INDEX	1	/* in every network namespace */
#define LOOPBACK_TYPE	772

/**
 * packet_header - bytes of its network header
 * @p: the packet
 */
unsigned int packet_header(const struct packet *p)
{
	return p->v6 ? 40 : 20;
}

static void byte_is(struct packet *p, int at, uint8_t val)
{
	packet_is(p, at, &val, 1);
}

static void init_network(struct packet *p)
{
	uint16_t len = htons(p->v6 ? TRANSPORT_LEN : 20 + TRANSPORT_LEN);
	uint8_t proto = !p->icmp ? IPPROTO_UDP : p->v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	/* Not a fragment; whether it may become one is open. */
	static const uint8_t whole[2] = { 0, 0 }, offset[2] = { 0xbf, 0xff };
	static const uint8_t version[] = { 0x60 }, upper[] = { 0xf0 };

	byte_is(p, AT_L4PROTO, proto);
	if (p->v6) {
		packet_learn(p, AT_NETWORK, version, upper, 1);
		packet_is(p, AT_NETWORK + 4, &len, sizeof(len));
		byte_is(p, AT_NETWORK + 6, proto);
		return;
	}
	byte_is(p, AT_NETWORK, 0x45);
	packet_is(p, AT_NETWORK + 2, &len, sizeof(len));
	packet_learn(p, AT_NETWORK + 6, whole, offset, 2);
	byte_is(p, AT_NETWORK + 9, proto);
}

static void init_transport(struct packet *p)
{
	uint16_t len = htons(TRANSPORT_LEN);

	packet_is(p, AT_TRANSPORT + 8, "SRQ", 3);
	if (p->icmp) {
		byte_is(p, AT_TRANSPORT, p->v6 ? ECHO_REQUEST6 : ECHO_REQUEST);
		byte_is(p, AT_TRANSPORT + 1, 0);
	} else {
		packet_is(p, AT_TRANSPORT + 4, &len, sizeof(len));
	}
}

/**
 * packet_init - all requests of a kind, from other hosts, each the first of its flow
 * @p: filled in
 * @rs: where names of interfaces are looked up
 * @v6: of IPv6
 * @icmp: pings, not UDP
 */
void packet_init(struct packet *p, const struct ruleset *rs, bool v6, bool icmp)
{
	uint16_t protocol = htons(v6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
	static const uint8_t none[16];
	uint32_t len;

	memset(p, 0, sizeof(*p));
	p->rs = rs;
	p->v6 = v6;
	p->icmp = icmp;
	init_network(p);
	init_transport(p);
	len = packet_header(p) + TRANSPORT_LEN;
	packet_is(p, AT_LEN, &len, sizeof(len));
	packet_is(p, AT_PROTOCOL, &protocol, sizeof(protocol));
	packet_is(p, AT_MARK, none, 4);
	packet_is(p, AT_OIF, none, 4);
	packet_is(p, AT_OIFNAME, none, 16);
	packet_is(p, AT_PKTTYPE, none, 1);
	packet_is(p, AT_CT_DIR, none, 1);
	packet_is(p, AT_CT_MARK, none, 4);
	packet_is(p, AT_NATTED, none, 1);
}

/**
 * packet_restart - as @from was when it came, with all that was learnt of it since
 * @p: filled in
 * @from: has been on its way
 */
void packet_restart(struct packet *p, const struct packet *from)
{
	*p = *from;
	memcpy(p->val, p->first, sizeof(p->val));
	memcpy(p->known, p->first_known, sizeof(p->known));
	memset(p->written, 0, sizeof(p->written));
}

/* Names end by zeroes only. */
static void learn_name(struct packet *p)
{
	static const uint8_t zero[16];
	unsigned int i;

	for (i = 0; i < 15; i++)
		if (p->known[AT_IIFNAME + i] == 0xff && !p->val[AT_IIFNAME + i] &&
		    p->known[AT_IIFNAME + i + 1] != 0xff)
			packet_is(p, AT_IIFNAME + i + 1, zero, 1);
}

/* Name and number of an interface tell each other. */
static void learn_interface(struct packet *p)
{
	bool name = packet_known(p, AT_IIFNAME, 16), index = packet_known(p, AT_IIF, 4);
	const struct rs_link *l;
	size_t i;

	for (i = 0; i < p->rs->n_links && name != index; i++) {
		l = &p->rs->link[i];
		if (name && !memcmp(p->val + AT_IIFNAME, l->name, 16)) {
			packet_is(p, AT_IIF, &l->index, 4);
			index = true;
		} else if (index && !memcmp(p->val + AT_IIF, &l->index, 4)) {
			packet_is(p, AT_IIFNAME, l->name, 16);
			name = true;
		}
	}
}

/**
 * packet_learn - only those of the packets are meant that have these bits
 * @p: the packet; does not contradict
 * @at: AT_*
 * @val: the bytes
 * @mask: which bits; NULL: all
 * @len: bytes
 */
void packet_learn(struct packet *p, int at, const void *val, const void *mask, uint32_t len)
{
	const uint8_t *v = val, *m = mask;
	uint8_t bits;
	uint32_t i;

	for (i = 0; i < len && at + i < PACKET_BYTES; i++) {
		bits = m ? m[i] : 0xff;
		p->val[at + i] |= v[i] & bits & ~p->known[at + i];
		p->known[at + i] |= bits;
		if (p->written[at + i])
			continue;
		p->first[at + i] |= v[i] & bits & ~p->first_known[at + i];
		p->first_known[at + i] |= bits;
	}
	if (at < AT_IIFNAME || at >= AT_IIFTYPE || (at >= AT_OIFNAME && at < AT_IIF))
		return;
	learn_name(p);
	learn_interface(p);
}

/**
 * packet_write - a rule, or the kernel on the way, changes bytes
 * @p: the packet
 * @at: AT_*
 * @val: the bytes
 * @known: which of their bits are known; NULL: all
 * @len: bytes
 */
void packet_write(struct packet *p, int at, const void *val, const void *known, uint32_t len)
{
	const uint8_t *v = val, *k = known;
	uint32_t i;

	for (i = 0; i < len && at + i < PACKET_BYTES; i++) {
		p->known[at + i] = k ? k[i] : 0xff;
		p->val[at + i] = v[i] & p->known[at + i];
		p->written[at + i] = true;
	}
}

/** packet_forget - likewise, and nobody knows to what */
void packet_forget(struct packet *p, int at, uint32_t len)
{
	memset(p->known + at, 0, len);
	memset(p->val + at, 0, len);
	memset(p->written + at, true, len);
}

/**
 * packet_join - packets of two kinds go the same way from here
 * @p: the ones; then both
 * @other: the others
 */
void packet_join(struct packet *p, const struct packet *other)
{
	unsigned int i;

	for (i = 0; i < PACKET_BYTES; i++) {
		p->known[i] &= other->known[i] & ~(p->val[i] ^ other->val[i]);
		p->val[i] &= p->known[i];
		p->first_known[i] &= other->first_known[i] & ~(p->first[i] ^ other->first[i]);
		p->first[i] &= p->first_known[i];
		p->written[i] |= other->written[i];
	}
}

/** packet_known - are all bits of these bytes known? */
bool packet_known(const struct packet *p, int at, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		if (p->known[at + i] != 0xff)
			return false;
	return true;
}

/* IPv4: nobody else has an address of 0/8 or 127/8, and none is of many hosts. */
static bool no_address(const uint8_t *val, const uint8_t *mask)
{
	return (mask[0] == 0xff && (val[0] == 0 || val[0] == 127)) ||
	       ((mask[0] & 0xe0) == 0xe0 && (val[0] & 0xe0) == 0xe0);
}

/* IPv6: likewise. */
static bool no_address6(const uint8_t *val, const uint8_t *mask, uint32_t len)
{
	static const uint8_t zero[15];
	uint32_t i;

	if (mask[0] == 0xff && val[0] == 0xff)
		return true;
	if (len != 16 || memcmp(val, zero, sizeof(zero)) || val[15] > 1)
		return false;
	for (i = 0; i < len; i++)
		if (mask[i] != 0xff)
			return false;
	return true;
}

/**
 * packet_differs - of what is not known: is it other than this all the same?
 * @p: the packet; does not contradict by the bits that are known
 * @at: AT_*
 * @val: the bytes
 * @mask: which bits of them
 * @len: bytes
 *
 * It does not come from this host itself, nor to or from an address that is of none or many.
 */
bool packet_differs(const struct packet *p, int at, const uint8_t *val, const uint8_t *mask,
		    uint32_t len)
{
	bool from = at == AT_NETWORK + (p->v6 ? 8 : 12), to = at == AT_NETWORK + (p->v6 ? 24 : 16);
	uint32_t index = LOOPBACK_INDEX;
	uint16_t type = LOOPBACK_TYPE;

	if (packet_known(p, at, len < 3 ? len : 3))
		return false;
	if (at == AT_IIFNAME)
		return len >= 3 && !memcmp(val, "lo", 3) && mask[0] == 0xff && mask[1] == 0xff &&
		       mask[2] == 0xff;
	if (at == AT_IIF)
		return len == 4 && !memcmp(val, &index, 4);
	if (at == AT_IIFTYPE)
		return len == 2 && !memcmp(val, &type, 2);
	if (!from && !to)
		return false;
	return p->v6 ? no_address6(val, mask, len) : no_address(val, mask);
}
