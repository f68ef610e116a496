// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family: operations on keys. */
#include "netlink.h"

#include <linux/log2.h>
#include <linux/nft_sysrq.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/utsname.h>
#include <net/sock.h>

#include "key.h"
#include "letters.h"
#include "space.h"
#include "wire.h"

/* Year 2242: far, and in ns still below 2^63. */
#define EXPIRES_MAX	8589934592ULL

/* Not const: older kernels' policies do not point to const. */
static struct netlink_range_validation expires_range = {
	.max = EXPIRES_MAX,
};

static struct netlink_range_validation tolerance_range = {
	.min = NFT_SYSRQ_TOLERANCE_MIN,
	.max = NFT_SYSRQ_TOLERANCE_MAX,
};

/* Only what goes in has a policy: the rest is refused as unknown. */
const struct nla_policy nft_sysrq_key_policy[NFT_SYSRQ_A_KEY_MAX + 1] = {
	[NFT_SYSRQ_A_KEY_NAME]	= { .type = NLA_NUL_STRING, .len = NFT_SYSRQ_NAME_LEN - 1 },
	[NFT_SYSRQ_A_KEY_MATERIAL] = NLA_POLICY_EXACT_LEN(NFT_SYSRQ_KEY_LEN),
	[NFT_SYSRQ_A_KEY_IDENTITY] = { .type = NLA_NUL_STRING,
				       .len = NFT_SYSRQ_IDENTITY_LEN - 1 },
	[NFT_SYSRQ_A_KEY_LETTERS] = { .type = NLA_NUL_STRING, .len = NFT_SYSRQ_LETTERS },
	[NFT_SYSRQ_A_KEY_TOLERANCE] = NLA_POLICY_FULL_RANGE(NLA_U32, &tolerance_range),
	[NFT_SYSRQ_A_KEY_WALL]	= NLA_POLICY_MAX(NLA_U8, 1),
	[NFT_SYSRQ_A_KEY_EXPIRES] = NLA_POLICY_FULL_RANGE(NLA_U64, &expires_range),
	[NFT_SYSRQ_A_KEY_WINDOW] = NLA_POLICY_RANGE(NLA_U32, NFT_SYSRQ_WINDOW_MIN,
						    NFT_SYSRQ_WINDOW_MAX),
};

static int refuse(struct genl_info *info, int attr, const char *why, int err)
{
	NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
	info->extack->_msg = why;
	return err;
}

/* The name in a message, or an error. */
static const char *name_of(struct genl_info *info)
{
	const char *name;

	if (GENL_REQ_ATTR_CHECK(info, NFT_SYSRQ_A_KEY_NAME)) {
		GENL_SET_ERR_MSG(info, "NAME is missing");
		return ERR_PTR(-EINVAL);
	}
	name = nla_data(info->attrs[NFT_SYSRQ_A_KEY_NAME]);
	if (!nft_sysrq_wire_name(name))
		return ERR_PTR(refuse(info, NFT_SYSRQ_A_KEY_NAME,
				      "NAME: 1 to 31 of A-Z a-z 0-9 . _ -, not beginning with -",
				      -EINVAL));
	return name;
}

/* This host's own name, as far as it can be an identity. */
static void default_identity(char identity[NFT_SYSRQ_IDENTITY_LEN])
{
	char *p;

	/* Its lock is not for modules; its last byte is always NUL. */
	strscpy(identity, init_utsname()->nodename, sizeof(init_utsname()->nodename));
	for (p = identity; *p; p++)
		*p = tolower(*p);
	if (p > identity && p[-1] == '.')
		p[-1] = '\0';
	if (!nft_sysrq_wire_identity(identity))
		identity[0] = '\0';
}

static void settings_default(struct nft_sysrq_settings *set)
{
	memset(set, 0, sizeof(*set));
	set->letters = nft_sysrq_letters_default();
	set->tolerance_ms = NFT_SYSRQ_TOLERANCE_DEF;
	set->wall = true;
	default_identity(set->identity);
}

/* Overwrite the settings that a message gives. */
static int settings_parse(struct genl_info *info, struct nft_sysrq_settings *set)
{
	struct nlattr **tb = info->attrs;
	struct nft_sysrq_clock now;

	if (tb[NFT_SYSRQ_A_KEY_LETTERS] &&
	    nft_sysrq_letters_parse(nla_data(tb[NFT_SYSRQ_A_KEY_LETTERS]), &set->letters))
		return refuse(info, NFT_SYSRQ_A_KEY_LETTERS,
			      "LETTERS: only 0-9, a-z and A-Z", -EINVAL);
	if (tb[NFT_SYSRQ_A_KEY_TOLERANCE])
		set->tolerance_ms = nla_get_u32(tb[NFT_SYSRQ_A_KEY_TOLERANCE]);
	if (tb[NFT_SYSRQ_A_KEY_WALL])
		set->wall = nla_get_u8(tb[NFT_SYSRQ_A_KEY_WALL]);
	if (tb[NFT_SYSRQ_A_KEY_EXPIRES]) {
		set->expires = nla_get_u64(tb[NFT_SYSRQ_A_KEY_EXPIRES]);
		nft_sysrq_clock_read(&now);
		if (set->expires && (s64)(set->expires * NSEC_PER_SEC) <= now.real)
			return refuse(info, NFT_SYSRQ_A_KEY_EXPIRES,
				      "EXPIRES: is past by this host's clock", -EINVAL);
	}
	if (tb[NFT_SYSRQ_A_KEY_IDENTITY]) {
		strscpy(set->identity, nla_data(tb[NFT_SYSRQ_A_KEY_IDENTITY]),
			sizeof(set->identity));
		if (!nft_sysrq_wire_identity(set->identity))
			return refuse(info, NFT_SYSRQ_A_KEY_IDENTITY,
				      "IDENTITY: lower-case ASCII without final dot", -EINVAL);
	}
	return 0;
}

static int window_of(struct genl_info *info, u32 *window)
{
	if (!info->attrs[NFT_SYSRQ_A_KEY_WINDOW])
		return 0;
	*window = nla_get_u32(info->attrs[NFT_SYSRQ_A_KEY_WINDOW]);
	return is_power_of_2(*window) ? 0 :
	       refuse(info, NFT_SYSRQ_A_KEY_WINDOW, "WINDOW: not a power of two", -EINVAL);
}

/* Key material in a message is wiped as soon as it has been used. */
static int wiped(struct genl_info *info, int err)
{
	struct nlattr *nla = info->attrs[NFT_SYSRQ_A_KEY_MATERIAL];

	if (nla)
		memzero_explicit(nla_data(nla), nla_len(nla));
	return err;
}

/* A new key, or new material for @old. */
static int material_put(struct genl_info *info, struct nft_sysrq_space *space,
			const char *name, struct nft_sysrq_key *old,
			const struct nft_sysrq_settings *set, u32 window)
{
	struct nft_sysrq_key *key, *twin;
	int err;

	key = nft_sysrq_key_create(name, nla_data(info->attrs[NFT_SYSRQ_A_KEY_MATERIAL]),
				   set, window);
	if (!key)
		return -ENOMEM;

	twin = nft_sysrq_key_twin(space, key);
	if (twin && twin != old) {
		err = refuse(info, NFT_SYSRQ_A_KEY_MATERIAL,
			     "MATERIAL: in use under another name", -EEXIST);
		goto free;
	}
	if (twin && twin->window.size == window) {
		/* Nothing new but the settings: epoch and window stay. */
		nft_sysrq_key_adjust(old, set, key->host_tag);
		err = 0;
		goto free;
	}
	err = nft_sysrq_key_insert(space, key, old);
	if (!err)
		return 0;
	if (err == -ENOSPC)
		GENL_SET_ERR_MSG(info, "this network namespace has 10,000 keys already");
free:
	nft_sysrq_key_free(key);
	return err;
}

static int key_new(struct genl_info *info, const char *name,
		   struct nft_sysrq_settings *set)
{
	struct nft_sysrq_space *space = nft_sysrq_space_of(genl_info_net(info));
	u32 window = NFT_SYSRQ_WINDOW_DEF;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, NFT_SYSRQ_A_KEY_MATERIAL)) {
		GENL_SET_ERR_MSG(info, "MATERIAL is missing");
		return -EINVAL;
	}
	if (nft_sysrq_key_find(space, name))
		return refuse(info, NFT_SYSRQ_A_KEY_NAME, "NAME: a key has it", -EEXIST);
	settings_default(set);
	err = settings_parse(info, set) ?: window_of(info, &window);
	if (err)
		return err;
	return material_put(info, space, name, NULL, set, window);
}

static int key_set(struct genl_info *info, const char *name,
		   struct nft_sysrq_settings *set)
{
	struct nft_sysrq_space *space = nft_sysrq_space_of(genl_info_net(info));
	struct nft_sysrq_key *old = nft_sysrq_key_find(space, name);
	u32 window;
	int err;

	if (!old)
		return refuse(info, NFT_SYSRQ_A_KEY_NAME, "NAME: no key has it", -ENOENT);
	window = old->window.size;
	*set = old->set;
	err = settings_parse(info, set) ?: window_of(info, &window);
	if (err)
		return err;
	if (info->attrs[NFT_SYSRQ_A_KEY_MATERIAL])
		return material_put(info, space, name, old, set, window);

	if (info->attrs[NFT_SYSRQ_A_KEY_WINDOW])
		return refuse(info, NFT_SYSRQ_A_KEY_WINDOW, "WINDOW: only with MATERIAL",
			      -EINVAL);
	if (strcmp(set->identity, old->set.identity))
		return refuse(info, NFT_SYSRQ_A_KEY_IDENTITY,
			      "IDENTITY: only with MATERIAL", -EINVAL);
	nft_sysrq_key_adjust(old, set, old->host_tag);
	return 0;
}

static int key_change(struct sk_buff *skb, struct genl_info *info,
		      int (*change)(struct genl_info *info, const char *name,
				    struct nft_sysrq_settings *set))
{
	struct nft_sysrq_settings *set;
	const char *name;
	int err;

	err = nft_sysrq_nl_may_change(skb, info);
	if (err)
		return err;
	name = name_of(info);
	if (IS_ERR(name))
		return PTR_ERR(name);
	/* The epoch must not be guessed: nothing before the generator is ready. */
	err = wait_for_random_bytes();
	if (err)
		return err;
	set = kmalloc(sizeof(*set), GFP_KERNEL);
	if (!set)
		return -ENOMEM;
	mutex_lock(&nft_sysrq_key_mutex);
	err = change(info, name, set);
	mutex_unlock(&nft_sysrq_key_mutex);
	kfree(set);
	return err;
}

/** nft_sysrq_nl_key_new - NFT_SYSRQ_CMD_KEY_NEW */
int nft_sysrq_nl_key_new(struct sk_buff *skb, struct genl_info *info)
{
	return wiped(info, key_change(skb, info, key_new));
}

/** nft_sysrq_nl_key_set - NFT_SYSRQ_CMD_KEY_SET */
int nft_sysrq_nl_key_set(struct sk_buff *skb, struct genl_info *info)
{
	return wiped(info, key_change(skb, info, key_set));
}

static int key_del(struct genl_info *info, const char *name,
		   struct nft_sysrq_settings *set)
{
	struct nft_sysrq_space *space = nft_sysrq_space_of(genl_info_net(info));
	struct nft_sysrq_key *key = nft_sysrq_key_find(space, name);

	if (!key)
		return refuse(info, NFT_SYSRQ_A_KEY_NAME, "NAME: no key has it", -ENOENT);
	nft_sysrq_key_remove(space, key);
	return 0;
}

/** nft_sysrq_nl_key_del - NFT_SYSRQ_CMD_KEY_DEL */
int nft_sysrq_nl_key_del(struct sk_buff *skb, struct genl_info *info)
{
	return key_change(skb, info, key_del);
}

/* What may be known of a key: all but the key. */
static int key_put_attrs(struct sk_buff *msg, struct nft_sysrq_key *key)
{
	char letters[NFT_SYSRQ_LETTERS + 1];
	u64 age, last, accepted, refused;
	struct nft_sysrq_clock now;
	struct nft_sysrq_settings set;
	bool expired, used;
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
	       (expired ? nla_put_flag(msg, NFT_SYSRQ_A_KEY_EXPIRED) : 0);
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

	name = name_of(info);
	if (IS_ERR(name))
		return PTR_ERR(name);
	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&nft_sysrq_key_mutex);
	key = nft_sysrq_key_find(nft_sysrq_space_of(genl_info_net(info)), name);
	err = key ? key_fill(msg, key, info->snd_portid, info->snd_seq, 0) :
		    refuse(info, NFT_SYSRQ_A_KEY_NAME, "NAME: no key has it", -ENOENT);
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
