// SPDX-License-Identifier: GPL-2.0-only
/* Expressions that load something into registers, or store it. */
#include <errno.h>

#include "reach-expr.h"

/** read_payload - bytes of the packet, or into it; see struct reading */
int read_payload(struct reading *r)
{
	const struct nlattr *const *tb = r->a->tb;
	struct op *op = r->op;
	uint32_t base;

	if (!attr_u32(tb[NFTA_PAYLOAD_BASE], &base) || base > UINT8_MAX ||
	    !attr_u32(tb[NFTA_PAYLOAD_OFFSET], &op->key) ||
	    !read_length(tb[NFTA_PAYLOAD_LEN], &op->len))
		return -EINVAL;
	op->how = base;
	op->kind = tb[NFTA_PAYLOAD_SREG] ? OP_PUT_LOAD : OP_LOAD;
	if (op->kind == OP_LOAD)
		return read_register(tb[NFTA_PAYLOAD_DREG], op->len, &op->dreg) ? 0 : -EINVAL;
	return read_register(tb[NFTA_PAYLOAD_SREG], op->len, &op->sreg) ? 0 : -EINVAL;
}

static uint32_t meta_len(uint32_t key)
{
	switch (key) {
	case NFT_META_IIFNAME:
	case NFT_META_OIFNAME:
	case NFT_META_BRI_IIFNAME:
	case NFT_META_BRI_OIFNAME:
	case NFT_META_IIFKIND:
	case NFT_META_OIFKIND:
	case NFT_META_SDIFNAME:
		return 16;
	case NFT_META_PROTOCOL:
	case NFT_META_IIFTYPE:
	case NFT_META_OIFTYPE:
	case NFT_META_BRI_IIFPVID:
	case NFT_META_BRI_IIFVPROTO:
		return 2;
	case NFT_META_NFPROTO:
	case NFT_META_L4PROTO:
	case NFT_META_PKTTYPE:
	case NFT_META_SECPATH:
	case NFT_META_NFTRACE:
	case NFT_META_TIME_DAY:
		return 1;
	case NFT_META_TIME_NS:
		return 8;
	}
	return 4;
}

/** read_meta - meta data, or into it; see struct reading */
int read_meta(struct reading *r)
{
	const struct nlattr *const *tb = r->a->tb;
	struct op *op = r->op;

	if (!attr_u32(tb[NFTA_META_KEY], &op->key))
		return -EINVAL;
	op->len = meta_len(op->key);
	op->kind = tb[NFTA_META_SREG] ? OP_PUT_META : OP_META;
	if (op->kind == OP_META)
		return read_register(tb[NFTA_META_DREG], op->len, &op->dreg) ? 0 : -EINVAL;
	return read_register(tb[NFTA_META_SREG], op->len, &op->sreg) ? 0 : -EINVAL;
}

/* How much is written depends on the key; of those that are not understood, at most this. */
static uint32_t ct_len(uint32_t key)
{
	switch (key) {
	case NFT_CT_STATE:
	case NFT_CT_STATUS:
	case NFT_CT_MARK:
		return 4;
	case NFT_CT_DIRECTION:
		return 1;
	}
	return 16;
}

/** read_ct - of the connection, or into it; see struct reading */
int read_ct(struct reading *r)
{
	const struct nlattr *const *tb = r->a->tb;
	struct op *op = r->op;

	if (!attr_u32(tb[NFTA_CT_KEY], &op->key))
		return -EINVAL;
	op->len = ct_len(op->key);
	if (tb[NFTA_CT_SREG]) {
		op->kind = op->key == NFT_CT_MARK ? OP_PUT_CT : OP_NOTHING;
		return read_register(tb[NFTA_CT_SREG], 4, &op->sreg) ? 0 : -EINVAL;
	}
	op->kind = OP_CT;
	if (!read_register(tb[NFTA_CT_DREG], 1, &op->dreg))
		return -EINVAL;
	if (op->dreg + op->len > RS_REGS)
		op->len = RS_REGS - op->dreg;
	return 0;
}

/** read_fib - what routes say; see struct reading */
int read_fib(struct reading *r)
{
	uint32_t flags;

	if (!attr_u32(r->a->tb[NFTA_FIB_RESULT], &r->op->key) ||
	    !attr_u32(r->a->tb[NFTA_FIB_FLAGS], &flags) || flags > UINT8_MAX)
		return -EINVAL;
	r->op->how = flags;
	r->op->len = r->op->key == NFT_FIB_RESULT_OIFNAME &&
		     !(flags & NFTA_FIB_F_PRESENT) ? 16 : 4;
	return read_register(r->a->tb[NFTA_FIB_DREG], r->op->len, &r->op->dreg) ? 0 : -EINVAL;
}

/**
 * read_exthdr - extension headers and options
 * @r: see struct reading
 *
 * Requests have none; only whether there are some can be asked.
 */
int read_exthdr(struct reading *r)
{
	const struct nlattr *const *tb = r->a->tb;
	uint32_t flags = 0;

	r->op->kind = OP_BREAK;
	attr_u32(tb[NFTA_EXTHDR_FLAGS], &flags);
	if (!(flags & NFT_EXTHDR_F_PRESENT))
		return 0;
	r->op->kind = OP_DATA;
	r->op->len = 1;
	if (!read_register(tb[NFTA_EXTHDR_DREG], r->op->len, &r->op->dreg))
		return -EINVAL;
	return rs_keep(r->rs, "", 1, &r->op->data);
}
