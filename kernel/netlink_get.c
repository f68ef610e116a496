// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family: what may be known of keys. */
#include "netlink.h"

#include <linux/nft_sysrq.h>
#include <net/sock.h>

#include "key.h"
#include "letters.h"
#include "space.h"

/* What may be known of a key: all but the key. */
static int key_put_attrs(struct sk_buff *msg, struct nft_sysrq_key *key)
{
	char letters[NFT_SYSRQ_LETTERS + 1];
	u64 age, last, accepted, refused;
	struct nft_sysrq_clock now;
	struct nft_sysrq_settings set;
	bool expired, used;
	s64 retires;
	__be64 epoch;
	u32 count;

	spin_lock_bh(&key->lock);
	nft_sysrq_clock_read(&now);
	set = key->set;
	epoch = key->epoch;
	used = key->last_use;
	age = max(now.boot - key->window.born, 0LL);
	last = max(now.boot - key->last_use, 0LL);
	accepted = key->accepted;
	refused = key->refused;
	count = nft_sysrq_window_used(&key->window, &now);
	expired = nft_sysrq_key_expired(key, &now);
	retires = key->retires ? max(key->retires - now.boot, 0LL) : -1;
	spin_unlock_bh(&key->lock);

	nft_sysrq_letters_print(set.letters, letters);
	return nla_put_string(msg, NFT_SYSRQ_A_KEY_NAME, key->name) ?:
	       nla_put_u32(msg, NFT_SYSRQ_A_KEY_ID, be32_to_cpu(key->secrets.key_id)) ?:
	       nla_put_string(msg, NFT_SYSRQ_A_KEY_IDENTITY, set.identity) ?:
	       nla_put_string(msg, NFT_SYSRQ_A_KEY_LETTERS, letters) ?:
	       nla_put_u32(msg, NFT_SYSRQ_A_KEY_TOLERANCE, set.tolerance_ms) ?:
	       nla_put_u8(msg, NFT_SYSRQ_A_KEY_WALL, set.wall) ?:
	       nla_put_u64_64bit(msg, NFT_SYSRQ_A_KEY_EXPIRES, set.expires,
				 NFT_SYSRQ_A_KEY_PAD) ?:
	       nla_put_u32(msg, NFT_SYSRQ_A_KEY_WINDOW, key->window.size) ?:
	       nla_put_u32(msg, NFT_SYSRQ_A_KEY_USED, count) ?:
	       nla_put_u64_64bit(msg, NFT_SYSRQ_A_KEY_AGE, div_u64(age, NSEC_PER_SEC),
				 NFT_SYSRQ_A_KEY_PAD) ?:
	       (used ? nla_put_u64_64bit(msg, NFT_SYSRQ_A_KEY_LAST_USE,
					 div_u64(last, NSEC_PER_SEC),
					 NFT_SYSRQ_A_KEY_PAD) : 0) ?:
	       nla_put_u64_64bit(msg, NFT_SYSRQ_A_KEY_ACCEPTED, accepted,
				 NFT_SYSRQ_A_KEY_PAD) ?:
	       nla_put_u64_64bit(msg, NFT_SYSRQ_A_KEY_REFUSED, refused,
				 NFT_SYSRQ_A_KEY_PAD) ?:
	       nla_put_u64_64bit(msg, NFT_SYSRQ_A_KEY_EPOCH, be64_to_cpu(epoch),
				 NFT_SYSRQ_A_KEY_PAD) ?:
	       (expired ? nla_put_flag(msg, NFT_SYSRQ_A_KEY_EXPIRED) : 0) ?:
	       (retires < 0 ? 0 : nla_put_u32(msg, NFT_SYSRQ_A_KEY_OVERLAP,
					      div_u64(retires, NSEC_PER_SEC)));
}

static int key_fill(struct sk_buff *msg, struct nft_sysrq_key *key, u32 portid, u32 seq,
		    int flags)
{
	void *hdr = genlmsg_put(msg, portid, seq, &nft_sysrq_family, flags,
				NFT_SYSRQ_CMD_KEY_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (key_put_attrs(msg, key)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/** nft_sysrq_nl_key_get - NFT_SYSRQ_CMD_KEY_GET: one */
int nft_sysrq_nl_key_get(struct sk_buff *skb, struct genl_info *info)
{
	struct nft_sysrq_key *key;
	struct sk_buff *msg;
	const char *name;
	int err;

	name = nft_sysrq_nl_name(info);
	if (IS_ERR(name))
		return PTR_ERR(name);
	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&nft_sysrq_key_mutex);
	key = nft_sysrq_key_find(nft_sysrq_space_of(genl_info_net(info)), name);
	err = key ? key_fill(msg, key, info->snd_portid, info->snd_seq, 0) :
		    nl_refuse(info, NFT_SYSRQ_A_KEY_NAME, "NAME: no key has it", -ENOENT);
	mutex_unlock(&nft_sysrq_key_mutex);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

/** nft_sysrq_nl_key_dump - NFT_SYSRQ_CMD_KEY_GET: all */
int nft_sysrq_nl_key_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nft_sysrq_space *space = nft_sysrq_space_of(sock_net(skb->sk));
	long *bucket = &cb->args[0], *skip = &cb->args[1];
	struct nft_sysrq_key *key;
	long i;

	mutex_lock(&nft_sysrq_key_mutex);
	for (; space->by_name && *bucket < NFT_SYSRQ_KEY_BUCKETS; ++*bucket, *skip = 0) {
		i = 0;
		hlist_for_each_entry(key, &space->by_name[*bucket], by_name) {
			if (i++ < *skip)
				continue;
			if (key_fill(skb, key, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, NLM_F_MULTI))
				goto out;
			++*skip;
		}
	}
out:
	mutex_unlock(&nft_sysrq_key_mutex);
	return skb->len;
}
