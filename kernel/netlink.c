// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family: what the host is asked, and told, by its own
 * administrator. Keys are netlink_key.c's.
 *
 * Deliberately without a module alias: any user could have it loaded.
 */
#include "netlink.h"

#include <linux/nft_sysrq.h>

#include "key.h"
#include "letters.h"
#include "program.h"
#include "space.h"
#include "wire.h"

/**
 * nft_sysrq_nl_may_change - may the sender set keys and drop programs?
 * @skb: its message
 * @info: for the error
 *
 * A key is the right to crash the host: that takes CAP_SYS_ADMIN in the
 * initial user namespace, besides the CAP_NET_ADMIN of all operations.
 */
int nft_sysrq_nl_may_change(struct sk_buff *skb, struct genl_info *info)
{
	if (netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	GENL_SET_ERR_MSG(info, "needs CAP_SYS_ADMIN in the initial user namespace");
	return -EPERM;
}

/**
 * nl_refuse - say which attribute is wrong
 * @info: the request
 * @attr: enum nft_sysrq_key_attrs
 * @why: names it
 * @err: negative errno
 *
 * Return: @err.
 */
int nl_refuse(struct genl_info *info, int attr, const char *why, int err)
{
	NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
	info->extack->_msg = why;
	return err;
}

/**
 * nft_sysrq_nl_name - the name of a key in a message
 * @info: the request
 *
 * Return: the name, or an ERR_PTR(): it has been said what is wrong.
 */
const char *nft_sysrq_nl_name(struct genl_info *info)
{
	const char *name;

	if (GENL_REQ_ATTR_CHECK(info, NFT_SYSRQ_A_KEY_NAME)) {
		GENL_SET_ERR_MSG(info, "NAME is missing");
		return ERR_PTR(-EINVAL);
	}
	name = nla_data(info->attrs[NFT_SYSRQ_A_KEY_NAME]);
	if (!nft_sysrq_wire_name(name))
		return ERR_PTR(nl_refuse(info, NFT_SYSRQ_A_KEY_NAME,
					 "NAME: 1 to 31 of A-Z a-z 0-9 . _ -, not beginning with -",
					 -EINVAL));
	return name;
}

static void *reply_begin(struct genl_info *info, u8 cmd, struct sk_buff **msg)
{
	void *hdr;

	*msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!*msg)
		return NULL;
	hdr = genlmsg_put_reply(*msg, info, &nft_sysrq_family, 0, cmd);
	if (!hdr)
		nlmsg_free(*msg);
	return hdr;
}

static int reply_end(struct genl_info *info, struct sk_buff *msg, void *hdr, int err)
{
	if (err) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int stats_get(struct sk_buff *skb, struct genl_info *info)
{
	struct nft_sysrq_space *space = nft_sysrq_space_of(genl_info_net(info));
	struct sk_buff *msg;
	int stat, err = 0;
	void *hdr;
	u64 n;

	hdr = reply_begin(info, NFT_SYSRQ_CMD_STATS_GET, &msg);
	if (!hdr)
		return -ENOMEM;
	for (stat = 1; stat < NFT_SYSRQ_STAT_PAD && !err; stat++) {
		n = stat == NFT_SYSRQ_STAT_STEPS ? nft_sysrq_program_steps() :
						   nft_sysrq_stats_sum(space->stats, stat);
		err = nla_put_u64_64bit(msg, stat, n, NFT_SYSRQ_STAT_PAD);
	}
	return reply_end(info, msg, hdr, err);
}

static int put_pending(struct sk_buff *msg)
{
	struct nft_sysrq_pending_info p;
	struct nlattr *nest;

	nft_sysrq_program_pending(&p);
	if (!p.nsteps)
		return 0;
	nest = nla_nest_start(msg, NFT_SYSRQ_A_STATUS_PENDING);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(msg, NFT_SYSRQ_A_PENDING_KEY, p.name) ||
	    nla_put_u32(msg, NFT_SYSRQ_A_PENDING_NONCE, p.nonce) ||
	    nla_put_u64_64bit(msg, NFT_SYSRQ_A_PENDING_FIRES, p.fires_ms,
			      NFT_SYSRQ_A_PENDING_PAD) ||
	    nla_put(msg, NFT_SYSRQ_A_PENDING_STEPS, p.nsteps * sizeof(*p.steps), p.steps))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int status_get(struct sk_buff *skb, struct genl_info *info)
{
	struct nft_sysrq_space *space = nft_sysrq_space_of(genl_info_net(info));
	char handled[NFT_SYSRQ_LETTERS + 1];
	struct nft_sysrq_clock now;
	struct sk_buff *msg;
	void *hdr;
	int err;

	hdr = reply_begin(info, NFT_SYSRQ_CMD_STATUS_GET, &msg);
	if (!hdr)
		return -ENOMEM;
	nft_sysrq_clock_read(&now);
	nft_sysrq_letters_print(nft_sysrq_letters_handled(), handled);
	err = nla_put_string(msg, NFT_SYSRQ_A_STATUS_VERSION, THIS_MODULE->version) ?:
	      nla_put_u32(msg, NFT_SYSRQ_A_STATUS_PROTO, NFT_SYSRQ_PROTO_VERSION) ?:
	      nla_put_u32(msg, NFT_SYSRQ_A_STATUS_MASK, nft_sysrq_mask()) ?:
	      nla_put_string(msg, NFT_SYSRQ_A_STATUS_HANDLED, handled) ?:
	      nla_put_u32(msg, NFT_SYSRQ_A_STATUS_EXPRS, atomic_read(&space->exprs)) ?:
	      nla_put_u32(msg, NFT_SYSRQ_A_STATUS_KEYS, READ_ONCE(space->keys)) ?:
	      nla_put_s64(msg, NFT_SYSRQ_A_STATUS_BOOTTIME, now.boot,
			  NFT_SYSRQ_A_STATUS_PAD) ?:
	      nla_put_s64(msg, NFT_SYSRQ_A_STATUS_REALTIME, now.real,
			  NFT_SYSRQ_A_STATUS_PAD) ?:
	      put_pending(msg);
	return reply_end(info, msg, hdr, err);
}

static int program_cancel(struct sk_buff *skb, struct genl_info *info)
{
	int err = nft_sysrq_nl_may_change(skb, info);

	if (err)
		return err;
	if (nft_sysrq_program_abort())
		return 0;
	GENL_SET_ERR_MSG(info, "no program is pending");
	return -ENOENT;
}

static const struct genl_ops ops[] = {
	{
		.cmd = NFT_SYSRQ_CMD_KEY_NEW,
		.flags = GENL_ADMIN_PERM,
		.policy = nft_sysrq_key_policy,
		.maxattr = NFT_SYSRQ_A_KEY_MAX,
		.doit = nft_sysrq_nl_key_new,
	}, {
		.cmd = NFT_SYSRQ_CMD_KEY_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = nft_sysrq_key_policy,
		.maxattr = NFT_SYSRQ_A_KEY_MAX,
		.doit = nft_sysrq_nl_key_set,
	}, {
		.cmd = NFT_SYSRQ_CMD_KEY_DEL,
		.flags = GENL_ADMIN_PERM,
		.policy = nft_sysrq_key_policy,
		.maxattr = NFT_SYSRQ_A_KEY_NAME,
		.doit = nft_sysrq_nl_key_del,
	}, {
		.cmd = NFT_SYSRQ_CMD_KEY_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = nft_sysrq_key_policy,
		.maxattr = NFT_SYSRQ_A_KEY_NAME,
		.doit = nft_sysrq_nl_key_get,
		.dumpit = nft_sysrq_nl_key_dump,
	}, {
		.cmd = NFT_SYSRQ_CMD_STATS_GET,
		.flags = GENL_ADMIN_PERM,
		.doit = stats_get,
	}, {
		.cmd = NFT_SYSRQ_CMD_STATUS_GET,
		.flags = GENL_ADMIN_PERM,
		.doit = status_get,
	}, {
		.cmd = NFT_SYSRQ_CMD_PROGRAM_CANCEL,
		.flags = GENL_ADMIN_PERM,
		.doit = program_cancel,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = NFT_SYSRQ_GENL_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family nft_sysrq_family __ro_after_init = {
	.name = NFT_SYSRQ_GENL_NAME,
	.version = NFT_SYSRQ_GENL_VERSION,
	.netnsok = true,
	/* nft_sysrq_key_mutex is enough. */
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/** nft_sysrq_netlink_init - the family can be asked */
int nft_sysrq_netlink_init(void)
{
	return genl_register_family(&nft_sysrq_family);
}

/** nft_sysrq_netlink_exit - nobody asks any more */
void nft_sysrq_netlink_exit(void)
{
	genl_unregister_family(&nft_sysrq_family);
}
