// SPDX-License-Identifier: GPL-2.0-only
/*
 * Expressions, made small. One that is malformed, or not known, is told as OP_STRANGE: it may do
 * anything, and whoever asks is told so, too.
 */
#include <errno.h>
#include <string.h>

#include <linux/netfilter.h>

#include "reach-expr.h"

/**
 * read_register - a register: four of 16 bytes, or sixteen of 4 at the same place
 * @attr: its number; may be NULL
 * @len: bytes that are read or written
 * @at: set to its first byte
 *
 * Return: whether it is one, other than the verdict, and has room.
 */
bool read_register(const struct nlattr *attr, uint32_t len, uint8_t *at)
{
	uint32_t number;

	if (!attr_u32(attr, &number))
		return false;
	if (number >= NFT_REG_1 && number <= NFT_REG_4)
		number = (number - NFT_REG_1) * NFT_REG_SIZE;
	else if (number >= NFT_REG32_00 && number <= NFT_REG32_15)
		number = (number - NFT_REG32_00) * NFT_REG32_SIZE;
	else
		return false;
	*at = number;
	return len && len <= RS_REGS && number + len <= RS_REGS;
}

/**
 * read_length - a number of bytes
 * @attr: may be NULL
 * @len: set: 1..RS_REGS
 *
 * Return: whether it is one.
 */
bool read_length(const struct nlattr *attr, uint8_t *len)
{
	uint32_t number;

	if (!attr_u32(attr, &number) || !number || number > RS_REGS)
		return false;
	*len = number;
	return true;
}

/* Keep a value, of @len bytes if that is not 0. */
static int value(struct reading *r, unsigned int type, uint32_t len, uint32_t *at, uint8_t *got)
{
	uint32_t n;
	const void *data = attr_value(r->a->tb[type], &n);

	if (!data || (len && n != len))
		return -EINVAL;
	if (got)
		*got = n;
	return rs_keep(r->rs, data, n, at);
}

static int read_cmp(struct reading *r)
{
	uint32_t how;
	int err;

	if (!attr_u32(r->a->tb[NFTA_CMP_OP], &how) || how > NFT_CMP_GTE)
		return -EINVAL;
	r->op->how = how;
	err = value(r, NFTA_CMP_DATA, 0, &r->op->data, &r->op->len);
	if (err)
		return err;
	return read_register(r->a->tb[NFTA_CMP_SREG], r->op->len, &r->op->sreg) ? 0 : -EINVAL;
}

static int read_range(struct reading *r)
{
	uint32_t how;
	int err;

	if (!attr_u32(r->a->tb[NFTA_RANGE_OP], &how) || how > NFT_RANGE_NEQ)
		return -EINVAL;
	r->op->how = how;
	err = value(r, NFTA_RANGE_FROM_DATA, 0, &r->op->data, &r->op->len);
	if (!err)
		err = value(r, NFTA_RANGE_TO_DATA, r->op->len, &r->op->data2, NULL);
	if (err)
		return err;
	return read_register(r->a->tb[NFTA_RANGE_SREG], r->op->len, &r->op->sreg) ? 0 : -EINVAL;
}

static int read_bitwise(struct reading *r)
{
	const struct nlattr *const *tb = r->a->tb;
	struct op *op = r->op;
	uint32_t how = NFT_BITWISE_MASK_XOR;
	int err;

	attr_u32(tb[NFTA_BITWISE_OP], &how);
	if (!read_length(tb[NFTA_BITWISE_LEN], &op->len) ||
	    !read_register(tb[NFTA_BITWISE_SREG], op->len, &op->sreg) ||
	    !read_register(tb[NFTA_BITWISE_DREG], op->len, &op->dreg))
		return -EINVAL;
	op->kind = OP_FORGET;
	if (how != NFT_BITWISE_MASK_XOR)
		return 0;
	op->kind = OP_MASK;
	err = value(r, NFTA_BITWISE_MASK, op->len, &op->data, NULL);
	return err ? err : value(r, NFTA_BITWISE_XOR, op->len, &op->data2, NULL);
}

static int read_byteorder(struct reading *r)
{
	const struct nlattr *const *tb = r->a->tb;
	uint32_t size;

	if (!attr_u32(tb[NFTA_BYTEORDER_SIZE], &size) || (size != 2 && size != 4 && size != 8) ||
	    !read_length(tb[NFTA_BYTEORDER_LEN], &r->op->len) ||
	    !read_register(tb[NFTA_BYTEORDER_SREG], r->op->len, &r->op->sreg) ||
	    !read_register(tb[NFTA_BYTEORDER_DREG], r->op->len, &r->op->dreg))
		return -EINVAL;
	r->op->how = size;
	return 0;
}

static int read_immediate(struct reading *r)
{
	const struct nlattr *data = r->a->tb[NFTA_IMMEDIATE_DATA];
	struct op *op = r->op;
	const char *chain;
	int32_t code;
	int err;

	if (attr_verdict(data, &code, &chain)) {
		op->kind = OP_VERDICT;
		op->key = code;
		op->data = chain ? rs_find_chain(r->rs, r->place->family, r->place->table, chain) :
				   RS_NONE;
		return 0;
	}
	err = value(r, NFTA_IMMEDIATE_DATA, 0, &op->data, &op->len);
	if (err)
		return err;
	return read_register(r->a->tb[NFTA_IMMEDIATE_DREG], op->len, &op->dreg) ? 0 : -EINVAL;
}

static int read_lookup(struct reading *r)
{
	const struct nlattr *const *tb = r->a->tb;
	const char *name = attr_name(tb[NFTA_LOOKUP_SET]);
	const struct rs_set *set;
	struct op *op = r->op;
	uint32_t flags = 0, dreg;

	if (!name)
		return -EINVAL;
	op->key = rs_find_set(r->rs, r->place->family, r->place->table, name);
	if (op->key == RS_NONE)
		return -EINVAL;
	set = &r->rs->set[op->key];
	op->len = set->key_len;
	attr_u32(tb[NFTA_LOOKUP_FLAGS], &flags);
	op->invert = flags & NFT_LOOKUP_F_INV;
	if (!read_register(tb[NFTA_LOOKUP_SREG], op->len, &op->sreg))
		return -EINVAL;
	op->how = tb[NFTA_LOOKUP_DREG] != NULL;
	op->dreg = RS_VERDICT;
	if (!attr_u32(tb[NFTA_LOOKUP_DREG], &dreg) || dreg == NFT_REG_VERDICT)
		return 0;
	return read_register(tb[NFTA_LOOKUP_DREG], set->data_len, &op->dreg) ? 0 : -EINVAL;
}

static int read_nat(struct reading *r)
{
	const struct nlattr *const *tb = r->a->tb;
	uint32_t type = NFT_NAT_SNAT;

	attr_u32(tb[NFTA_NAT_TYPE], &type);
	r->op->sreg = RS_VERDICT;
	/* Of the source: the packet is where it was. */
	if (type != NFT_NAT_DNAT) {
		r->op->kind = OP_VERDICT;
		r->op->key = NF_ACCEPT;
		return 0;
	}
	if (tb[NFTA_NAT_REG_PROTO_MIN] && !read_register(tb[NFTA_NAT_REG_PROTO_MIN], 2, &r->op->sreg))
		return -EINVAL;
	return 0;
}

static int read_redirect(struct reading *r)
{
	const struct nlattr *min = r->a->tb[NFTA_REDIR_REG_PROTO_MIN];

	r->op->sreg = RS_VERDICT;
	return min && !read_register(min, 2, &r->op->sreg) ? -EINVAL : 0;
}

static int read_object(struct reading *r)
{
	uint32_t type = NFT_OBJECT_UNSPEC;

	attr_u32(r->a->tb[NFTA_OBJREF_IMM_TYPE], &type);
	switch (type) {
	case NFT_OBJECT_COUNTER:
	case NFT_OBJECT_CT_HELPER:
	case NFT_OBJECT_CT_TIMEOUT:
	case NFT_OBJECT_CT_EXPECT:
	case NFT_OBJECT_SECMARK:
		r->op->kind = OP_NOTHING;
	}
	return 0;
}

static int read_reject(struct reading *r)
{
	r->op->key = NF_DROP;
	r->op->data = RS_NONE;
	return 0;
}

static int read_masquerade(struct reading *r)
{
	r->op->key = NF_ACCEPT;
	r->op->data = RS_NONE;
	return 0;
}

static int read_match(struct reading *r)
{
	return rs_xt_match(r->rs, r->a->tb[0], r->op);
}

static int read_target(struct reading *r)
{
	return rs_xt_target(r->rs, r->a->tb[0], r->op);
}

static const struct {
	const char	*name;
	enum op_kind	kind;
	int		(*read)(struct reading *r);
} known[] = {
	{ "payload", OP_LOAD, read_payload }, { "cmp", OP_CMP, read_cmp },
	{ "meta", OP_META, read_meta }, { "immediate", OP_DATA, read_immediate },
	{ "counter", OP_NOTHING, NULL }, { "lookup", OP_LOOKUP, read_lookup },
	{ "bitwise", OP_MASK, read_bitwise }, { "ct", OP_CT, read_ct },
	{ "match", OP_XT, read_match }, { "target", OP_STRANGE, read_target },
	{ "range", OP_RANGE, read_range }, { "byteorder", OP_SWAP, read_byteorder },
	{ "limit", OP_MAYBE, NULL }, { "log", OP_NOTHING, NULL },
	{ "fib", OP_FIB, read_fib }, { "exthdr", OP_DATA, read_exthdr },
	{ "reject", OP_VERDICT, read_reject }, { "notrack", OP_NOTRACK, NULL },
	{ "nat", OP_NAT, read_nat }, { "redir", OP_REDIRECT, read_redirect },
	{ "masq", OP_VERDICT, read_masquerade }, { "sysrq", OP_SYSRQ, NULL },
	{ "quota", OP_MAYBE, NULL }, { "connlimit", OP_MAYBE, NULL },
	{ "dynset", OP_MAYBE, NULL }, { "objref", OP_MAYBE, read_object },
	{ "queue", OP_QUEUE, NULL }, { "fwd", OP_FORWARD, NULL }, { "dup", OP_NOTHING, NULL },
	{ "last", OP_NOTHING, NULL }, { "flow_offload", OP_NOTHING, NULL },
	{ "tproxy", OP_MAYBE, NULL }, { "synproxy", OP_BREAK, NULL }, { "osf", OP_BREAK, NULL },
	{ "numgen", OP_BLUR, NULL }, { "hash", OP_BLUR, NULL }, { "socket", OP_BLUR, NULL },
	{ "rt", OP_BLUR, NULL }, { "tunnel", OP_BLUR, NULL }, { "xfrm", OP_BLUR, NULL },
	{ "inner", OP_BLUR, NULL },
};

static int read_known(struct ruleset *rs, const struct rs_place *place, const char *name,
		      const struct nlattr *data, struct op *op)
{
	struct reading r = { .rs = rs, .place = place, .op = op };
	struct attrs a;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(name, known[i].name))
			break;
	if (i == sizeof(known) / sizeof(known[0]))
		return -EINVAL;
	attrs_nested(&a, data);
	/* No type is 0: the whole, for who reads it in a manner of its own. */
	a.tb[0] = data;
	r.a = &a;
	op->kind = known[i].kind;
	return known[i].read ? known[i].read(&r) : 0;
}

/**
 * rs_expr - keep an expression
 * @rs: sorted
 * @place: of its rule
 * @elem: its element of the list
 *
 * Return: 0, and there is one more in @rs; or -ENOMEM.
 */
int rs_expr(struct ruleset *rs, const struct rs_place *place, const struct nlattr *elem)
{
	struct op op = { .data = RS_NONE, .data2 = RS_NONE };
	const char *name;
	struct attrs a;
	int err;

	attrs_nested(&a, elem);
	name = attr_name(a.tb[NFTA_EXPR_NAME]);
	err = name ? read_known(rs, place, name, a.tb[NFTA_EXPR_DATA], &op) : -EINVAL;
	if (err == -ENOMEM)
		return err;
	if (err)
		op.kind = OP_STRANGE;
	err = rs_grow(&rs->op, &rs->cap_ops, rs->n_ops, sizeof(op));
	if (!err)
		rs->op[rs->n_ops++] = op;
	return err;
}
