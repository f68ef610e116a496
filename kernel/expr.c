// SPDX-License-Identifier: GPL-2.0-only
/* The nftables expression "sysrq". */
#include "expr.h"

#include <linux/netlink.h>
#include <linux/nft_sysrq.h>
#include <linux/user_namespace.h>
#include <net/netfilter/nf_tables.h>

#include "compat/compat.h"
#include "packet.h"
#include "space.h"
#include "verify.h"
#include "wire.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/**
 * struct nft_sysrq_expr - a sysrq expression in a rule
 * @space: of its network namespace; a reference
 * @flags: NFT_SYSRQ_E_*
 * @only: name of the one key that it takes, padded with zeroes; "" for any
 */
struct nft_sysrq_expr {
	struct nft_sysrq_space	*space;
	u32			flags;
	char			only[NFT_SYSRQ_NAME_LEN];
};

static const struct nla_policy nft_sysrq_policy[NFTA_SYSRQ_MAX + 1] = {
	[NFTA_SYSRQ_KEY]	= { .type = NLA_NUL_STRING, .len = NFT_SYSRQ_NAME_LEN - 1 },
	[NFTA_SYSRQ_FLAGS]	= { .type = NLA_U32 },
};

/* Where it is from: looked at once more, as what was turned away early has not been. */
static noinline void trace(struct nft_sysrq_packet *p, const struct nft_pktinfo *pkt,
			   struct nft_sysrq_bytes *b, int stat)
{
	if (stat >= NFT_SYSRQ_STAT_ADDRESS &&
	    !skb_copy_bits(pkt->skb, nft_thoff(pkt), &b->payload, NFT_SYSRQ_PAYLOAD_LEN) &&
	    !nft_sysrq_packet_read(p, pkt, b))
		trace_nft_sysrq_verdict(p, &b->payload.d, stat);
	else
		trace_nft_sysrq_verdict(NULL, NULL, stat);
}

static void nft_sysrq_eval(const struct nft_expr *expr, struct nft_regs *regs,
			   const struct nft_pktinfo *pkt)
{
	const struct nft_sysrq_expr *priv = nft_expr_priv(expr);
	/* Written before they are read: no need to clear them for each packet. */
	struct nft_sysrq_packet packet __uninitialized;
	struct nft_sysrq_bytes bytes __uninitialized;
	int stat;

	stat = nft_sysrq_packet_copy(pkt, &bytes);
	if (!stat)
		stat = nft_sysrq_verify(priv->space, &packet, pkt, &bytes,
					priv->only[0] ? priv->only : NULL,
					priv->flags & NFT_SYSRQ_E_SILENT);
	if (trace_nft_sysrq_verdict_enabled())
		trace(&packet, pkt, &bytes, stat);
	nft_sysrq_count(priv->space->stats, stat);
	if (stat != NFT_SYSRQ_STAT_RUN && stat != NFT_SYSRQ_STAT_PROBE &&
	    stat != NFT_SYSRQ_STAT_CANCEL)
		regs->verdict.code = NFT_BREAK;
}

/* May run more than once for one rule: what it takes, destroy gives back. */
static int nft_sysrq_init(const struct nft_ctx *ctx, const struct nft_expr *expr,
			  const struct nlattr * const tb[])
{
	struct nft_sysrq_expr *priv = nft_expr_priv(expr);

	/* It can crash the host: the root of a user namespace is not enough. */
	if (ctx->net->user_ns != &init_user_ns)
		return -EPERM;

	priv->flags = 0;
	memset(priv->only, 0, sizeof(priv->only));
	if (tb[NFTA_SYSRQ_FLAGS])
		priv->flags = ntohl(nla_get_be32(tb[NFTA_SYSRQ_FLAGS]));
	if (priv->flags & ~NFT_SYSRQ_E_MASK)
		return -EOPNOTSUPP;
	if (tb[NFTA_SYSRQ_KEY]) {
		nla_strscpy(priv->only, tb[NFTA_SYSRQ_KEY], sizeof(priv->only));
		if (!nft_sysrq_wire_name(priv->only))
			return -EINVAL;
	}

	priv->space = nft_sysrq_space_of(ctx->net);
	kref_get(&priv->space->ref);
	atomic_inc(&priv->space->exprs);
	return 0;
}

/* Runs late: the network namespace may be gone, the space is not. */
static void nft_sysrq_destroy(const struct nft_ctx *ctx, const struct nft_expr *expr)
{
	struct nft_sysrq_expr *priv = nft_expr_priv(expr);

	atomic_dec(&priv->space->exprs);
	nft_sysrq_space_put(priv->space);
}

static int nft_sysrq_dump(compat_dump_args)
{
	const struct nft_sysrq_expr *priv = nft_expr_priv(expr);

	if (priv->only[0] && nla_put_string(skb, NFTA_SYSRQ_KEY, priv->only))
		return -EMSGSIZE;
	if (priv->flags && nla_put_be32(skb, NFTA_SYSRQ_FLAGS, htonl(priv->flags)))
		return -EMSGSIZE;
	return 0;
}

static int nft_sysrq_validate(compat_validate_args)
{
	unsigned int hooks;
	int err;

	switch (ctx->family) {
	case NFPROTO_IPV4:
	case NFPROTO_IPV6:
		hooks = 1 << NF_INET_LOCAL_IN;
		break;
	case NFPROTO_INET:
		hooks = 1 << NF_INET_LOCAL_IN | 1 << NF_INET_INGRESS;
		break;
	case NFPROTO_NETDEV:
		hooks = 1 << NF_NETDEV_INGRESS;
		break;
	default:
		return -EOPNOTSUPP;
	}
	err = nft_chain_validate_dependency(ctx->chain, NFT_CHAIN_T_DEFAULT);
	if (err)
		return err;
	return nft_chain_validate_hooks(ctx->chain, hooks);
}

static struct nft_expr_type nft_sysrq_type;

static const struct nft_expr_ops nft_sysrq_ops = {
	.type		= &nft_sysrq_type,
	.size		= NFT_EXPR_SIZE(sizeof(struct nft_sysrq_expr)),
	.eval		= nft_sysrq_eval,
	.init		= nft_sysrq_init,
	.destroy	= nft_sysrq_destroy,
	.dump		= nft_sysrq_dump,
	.validate	= nft_sysrq_validate,
};

static struct nft_expr_type nft_sysrq_type = {
	.name		= "sysrq",
	.ops		= &nft_sysrq_ops,
	.policy		= nft_sysrq_policy,
	.maxattr	= NFTA_SYSRQ_MAX,
	.owner		= THIS_MODULE,
};

/** nft_sysrq_expr_init - rules can have the expression */
int nft_sysrq_expr_init(void)
{
	return nft_register_expr(&nft_sysrq_type);
}

/** nft_sysrq_expr_exit - no rule has it */
void nft_sysrq_expr_exit(void)
{
	nft_unregister_expr(&nft_sysrq_type);
}
