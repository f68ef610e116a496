// SPDX-License-Identifier: GPL-2.0-only
/* The rules that sysrqctl makes: matches by libnftnl, the expression by libnftnl-sysrq. */
#include "rule.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <string.h>

#include <libnftnl-sysrq/sysrq.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/nft_sysrq.h>

#define ECHO_REQUEST	8
#define ECHO_REQUEST6	128
#define PING_LEN	(20 + 8 + NFT_SYSRQ_DGRAM_LEN)
#define PING_LEN6	(40 + 8 + NFT_SYSRQ_DGRAM_LEN)

/* The rule, and whether memory has lasted so far. */
struct build {
	struct nftnl_rule	*rule;
	bool			failed;
};

static struct nftnl_expr *add(struct build *b, const char *name)
{
	struct nftnl_expr *expr = b->failed ? NULL : nftnl_expr_alloc(name);

	if (expr)
		nftnl_rule_add_expr(b->rule, expr);
	else
		b->failed = true;
	return expr;
}

static void equal(struct build *b, const void *data, uint32_t len)
{
	struct nftnl_expr *expr = add(b, "cmp");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_OP, NFT_CMP_EQ);
	if (nftnl_expr_set(expr, NFTNL_EXPR_CMP_DATA, data, len))
		b->failed = true;
}

static void meta_is(struct build *b, uint32_t what, const void *data, uint32_t len)
{
	struct nftnl_expr *expr = add(b, "meta");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_META_KEY, what);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_META_DREG, NFT_REG_1);
	equal(b, data, len);
}

static void load(struct build *b, uint32_t base, uint32_t offset, uint32_t len)
{
	struct nftnl_expr *expr = add(b, "payload");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_BASE, base);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_LEN, len);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
}

static void mask(struct build *b, unsigned int bits, uint32_t len)
{
	struct nftnl_expr *expr = add(b, "bitwise");
	static const uint8_t zero[16];
	uint8_t ones[16] = { 0 };
	unsigned int i;

	if (!expr)
		return;
	for (i = 0; i < bits; i++)
		ones[i / 8] |= 0x80 >> i % 8;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_LEN, len);
	if (nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_MASK, ones, len) ||
	    nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_XOR, zero, len))
		b->failed = true;
}

/* In families that have both: only packets of @of. */
static void need_family(struct build *b, uint16_t family, uint16_t of)
{
	uint16_t ether = htons(of == NFPROTO_IPV4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
	uint8_t proto = of;

	if (family == NFPROTO_INET)
		meta_is(b, NFT_META_NFPROTO, &proto, sizeof(proto));
	else if (family == NFPROTO_NETDEV)
		meta_is(b, NFT_META_PROTOCOL, &ether, sizeof(ether));
}

static void from(struct build *b, const struct rule_spec *spec)
{
	bool v4 = spec->from_family == NFPROTO_IPV4;
	uint32_t len = v4 ? 4 : 16;

	load(b, NFT_PAYLOAD_NETWORK_HEADER, v4 ? 12 : 8, len);
	if (spec->from_len < len * 8)
		mask(b, spec->from_len, len);
	equal(b, spec->from, len);
}

/* @v6: only of pings, which are another protocol there. */
static void transport(struct build *b, const struct rule_spec *spec, bool v6)
{
	uint8_t proto = !spec->icmp ? IPPROTO_UDP : v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	uint8_t type = v6 ? ECHO_REQUEST6 : ECHO_REQUEST;
	uint16_t port = htons(spec->port);

	meta_is(b, NFT_META_L4PROTO, &proto, sizeof(proto));
	if (spec->icmp) {
		load(b, NFT_PAYLOAD_TRANSPORT_HEADER, 0, sizeof(type));
		equal(b, &type, sizeof(type));
	} else {
		load(b, NFT_PAYLOAD_TRANSPORT_HEADER, 2, sizeof(port));
		equal(b, &port, sizeof(port));
	}
}

static void drop(struct build *b)
{
	struct nftnl_expr *expr = add(b, "immediate");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_IMM_VERDICT, NF_DROP);
}

static void place(struct build *b, const struct rule_spec *spec)
{
	nftnl_rule_set_u32(b->rule, NFTNL_RULE_FAMILY, spec->family);
	if (nftnl_rule_set_str(b->rule, NFTNL_RULE_TABLE, spec->table) ||
	    nftnl_rule_set_str(b->rule, NFTNL_RULE_CHAIN, spec->chain))
		b->failed = true;
	if (spec->where == RULE_BEFORE || spec->where == RULE_AFTER)
		nftnl_rule_set_u64(b->rule, NFTNL_RULE_POSITION, spec->handle);
}

/* Its message; ours stands before the verdict, which is the last. */
static int put_message(struct nft *n, const struct rule_spec *spec, const struct nftnl_rule *rule,
		       uint32_t sysrq_pos)
{
	bool append = spec->where == RULE_LAST || spec->where == RULE_AFTER;
	struct nlmsghdr *nlh = nft_message(n, NFT_MSG_NEWRULE, spec->family,
					   NLM_F_CREATE | (append ? NLM_F_APPEND : 0));
	struct nftnl_sysrq *e;
	int err;

	if (!nlh)
		return -E2BIG;
	nftnl_rule_nlmsg_build_payload(nlh, (struct nftnl_rule *)rule);
	if (!sysrq_pos)
		return 0;
	e = nftnl_sysrq_alloc();
	err = e ? nftnl_sysrq_set_key(e, spec->key) : -ENOMEM;
	if (!err)
		err = nftnl_sysrq_set_flags(e, spec->silent ? NFTNL_SYSRQ_SILENT : 0);
	if (!err)
		err = nftnl_sysrq_rule_insert(nlh, NFT_MSG_LEN, sysrq_pos, e);
	nftnl_sysrq_free(e);
	return err;
}

static int count_expr(struct nftnl_expr *expr, void *data)
{
	(void)expr;
	++*(uint32_t *)data;
	return 0;
}

/* One rule, for packets of IPv6 or others; @v6 matters only where the two differ. */
static int put_one(struct nft *n, const struct rule_spec *spec, enum rule_kind kind, bool v6)
{
	struct build b = { .rule = nftnl_rule_alloc() };
	uint32_t pos = 0, len = v6 ? PING_LEN6 : PING_LEN;
	int err;

	if (!b.rule)
		return -ENOMEM;
	place(&b, spec);
	if (spec->iface[0])
		meta_is(&b, NFT_META_IIFNAME, spec->iface, IFNAMSIZ);
	if (spec->from_family || spec->icmp)
		need_family(&b, spec->family, v6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
	if (spec->from_family)
		from(&b, spec);
	transport(&b, spec, v6);
	if (kind == RULE_SYSRQ) {
		nftnl_expr_foreach(b.rule, count_expr, &pos);
		drop(&b);
	} else {
		/* Other pings stay as they are to who looks at their state. */
		if (spec->icmp)
			meta_is(&b, NFT_META_LEN, &len, sizeof(len));
		add(&b, "notrack");
	}
	err = b.failed ? -ENOMEM : put_message(n, spec, b.rule, pos);
	nftnl_rule_free(b.rule);
	return err;
}

/**
 * rule_put - append a rule to a batch; two, where pings of both families are meant
 * @n: has a batch that was begun
 * @spec: what it is to be
 * @kind: RULE_*
 *
 * Return: 0, or a negative errno; then the batch must be given up.
 */
int rule_put(struct nft *n, const struct rule_spec *spec, enum rule_kind kind)
{
	bool both = spec->family == NFPROTO_INET || spec->family == NFPROTO_NETDEV;
	bool v6 = spec->from_family == NFPROTO_IPV6 || spec->family == NFPROTO_IPV6;
	int err;

	if (!spec->icmp || spec->from_family || !both)
		return put_one(n, spec, kind, v6);
	/* Which comes first does not matter: no packet is of both. */
	err = put_one(n, spec, kind, false);
	return err ? err : put_one(n, spec, kind, true);
}
