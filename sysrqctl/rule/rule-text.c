// SPDX-License-Identifier: GPL-2.0-only
/* A rule's expressions as nft would write them, where that is simple. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "rules.h"

/* What is in register 1: for the comparison that follows. */
enum held {
	HELD_OTHER,
	HELD_FAMILY,
	HELD_PROTOCOL,
	HELD_IFACE,
	HELD_DPORT,
	HELD_TYPE,
	HELD_SADDR,
};

struct writer {
	struct rule_text	*t;
	enum held		held;
	int			bits;	/* of an address's mask; -1: none */
};

static enum held meta_held(const struct nftnl_expr *expr)
{
	switch (nftnl_expr_get_u32(expr, NFTNL_EXPR_META_KEY)) {
	case NFT_META_NFPROTO:
	case NFT_META_PROTOCOL:
		return HELD_FAMILY;
	case NFT_META_L4PROTO:
		return HELD_PROTOCOL;
	case NFT_META_IIFNAME:
		return HELD_IFACE;
	}
	return HELD_OTHER;
}

static enum held payload_held(const struct nftnl_expr *expr)
{
	uint32_t base = nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_BASE);
	uint32_t offset = nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_OFFSET);
	uint32_t len = nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_LEN);

	if (base == NFT_PAYLOAD_TRANSPORT_HEADER && offset == 2 && len == 2)
		return HELD_DPORT;
	if (base == NFT_PAYLOAD_TRANSPORT_HEADER && !offset && len == 1)
		return HELD_TYPE;
	if (base == NFT_PAYLOAD_NETWORK_HEADER &&
	    ((offset == 12 && len <= 4) || (offset == 8 && len > 4 && len <= 16)))
		return HELD_SADDR;
	return HELD_OTHER;
}

static int mask_bits(const struct nftnl_expr *expr)
{
	uint32_t len;
	const uint8_t *mask = nftnl_expr_get(expr, NFTNL_EXPR_BITWISE_MASK, &len);
	int bits = 0;

	while (mask && (uint32_t)bits < len * 8 && mask[bits / 8] & 0x80 >> bits % 8)
		bits++;
	return bits;
}

static void write_protocol(char *out, uint8_t proto)
{
	switch (proto) {
	case IPPROTO_UDP:
		strcpy(out, "udp");
		break;
	case IPPROTO_ICMP:
		strcpy(out, "icmp");
		break;
	case IPPROTO_ICMPV6:
		strcpy(out, "icmpv6");
		break;
	default:
		snprintf(out, RULE_PIECE_LEN, "meta l4proto %u", proto);
	}
}

static void write_saddr(char *out, const void *data, uint32_t len, int bits)
{
	bool v6 = len > 4;
	char text[INET6_ADDRSTRLEN];
	uint8_t addr[16] = { 0 };

	memcpy(addr, data, len < sizeof(addr) ? len : sizeof(addr));
	inet_ntop(v6 ? AF_INET6 : AF_INET, addr, text, sizeof(text));
	/* nft loads only the bytes that matter. */
	if (bits < 0 && len != 4 && len != 16)
		bits = len * 8;
	if (bits < 0)
		snprintf(out, RULE_PIECE_LEN, "saddr %s", text);
	else
		snprintf(out, RULE_PIECE_LEN, "saddr %s/%d", text, bits);
}

static void write_cmp(struct writer *w, const struct nftnl_expr *expr, char *out)
{
	bool equal = nftnl_expr_get_u32(expr, NFTNL_EXPR_CMP_OP) == NFT_CMP_EQ;
	uint32_t len;
	const uint8_t *data = nftnl_expr_get(expr, NFTNL_EXPR_CMP_DATA, &len);

	strcpy(out, "[cmp]");
	if (!data || !equal)
		return;
	if (w->held == HELD_FAMILY)
		*out = '\0';
	else if (w->held == HELD_PROTOCOL && len == 1)
		write_protocol(out, *data);
	else if (w->held == HELD_IFACE)
		snprintf(out, RULE_PIECE_LEN, "iifname \"%.*s\"", (int)strnlen((char *)data, len),
			 data);
	else if (w->held == HELD_DPORT && len == 2)
		snprintf(out, RULE_PIECE_LEN, "dport %d", data[0] << 8 | data[1]);
	else if (w->held == HELD_TYPE && len == 1)
		snprintf(out, RULE_PIECE_LEN, "type %s", *data == 8 || *data == 128 ?
			 "echo-request" : "other");
	else if (w->held == HELD_SADDR)
		write_saddr(out, data, len, w->bits);
}

static void write_immediate(const struct nftnl_expr *expr, char *out)
{
	strcpy(out, "[immediate]");
	if (!nftnl_expr_is_set(expr, NFTNL_EXPR_IMM_VERDICT))
		return;
	if (nftnl_expr_is_set(expr, NFTNL_EXPR_IMM_CHAIN))
		snprintf(out, RULE_PIECE_LEN, "goto or jump %.40s",
			 nftnl_expr_get_str(expr, NFTNL_EXPR_IMM_CHAIN));
	else if (nftnl_expr_get_u32(expr, NFTNL_EXPR_IMM_VERDICT) == NF_DROP)
		strcpy(out, "drop");
	else if (nftnl_expr_get_u32(expr, NFTNL_EXPR_IMM_VERDICT) == NF_ACCEPT)
		strcpy(out, "accept");
}

static int write_expr(struct nftnl_expr *expr, void *data)
{
	const char *name = nftnl_expr_get_str(expr, NFTNL_EXPR_NAME);
	struct writer *w = data;
	char *out;

	if (w->t->n == RULE_PIECES)
		return -1;
	out = w->t->piece[w->t->n++];
	if (!strcmp(name, "meta")) {
		w->held = meta_held(expr);
		w->bits = -1;
	} else if (!strcmp(name, "payload")) {
		w->held = payload_held(expr);
		w->bits = -1;
	} else if (!strcmp(name, "bitwise") && w->held == HELD_SADDR) {
		w->bits = mask_bits(expr);
	} else if (!strcmp(name, "cmp")) {
		write_cmp(w, expr, out);
	} else if (!strcmp(name, "immediate")) {
		write_immediate(expr, out);
	} else if (!strcmp(name, "counter")) {
		strcpy(out, name);
	} else {
		w->held = HELD_OTHER;
		snprintf(out, RULE_PIECE_LEN, "[%.40s]", name);
	}
	return 0;
}

/**
 * rule_text - what the expressions of a rule say
 * @rule: the rule
 * @t: filled in: a piece for each expression, "" where it is said with the next
 */
void rule_text(struct nftnl_rule *rule, struct rule_text *t)
{
	struct writer w = { .t = t, .bits = -1 };

	memset(t, 0, sizeof(*t));
	nftnl_expr_foreach(rule, write_expr, &w);
}
