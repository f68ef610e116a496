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

static struct netlink_range_validation overlap_range = {
	.max = NFT_SYSRQ_OVERLAP_MAX,
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
	[NFT_SYSRQ_A_KEY_OVERLAP] = NLA_POLICY_FULL_RANGE(NLA_U32, &overlap_range),
};

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
		return nl_refuse(info, NFT_SYSRQ_A_KEY_LETTERS,
				 "LETTERS: only 0-9, a-z and A-Z", -EINVAL);
	if (tb[NFT_SYSRQ_A_KEY_TOLERANCE])
		set->tolerance_ms = nla_get_u32(tb[NFT_SYSRQ_A_KEY_TOLERANCE]);
	if (tb[NFT_SYSRQ_A_KEY_WALL])
		set->wall = nla_get_u8(tb[NFT_SYSRQ_A_KEY_WALL]);
	if (tb[NFT_SYSRQ_A_KEY_EXPIRES]) {
		set->expires = nla_get_u64(tb[NFT_SYSRQ_A_KEY_EXPIRES]);
		nft_sysrq_clock_read(&now);
		if (set->expires && (s64)(set->expires * NSEC_PER_SEC) <= now.real)
			return nl_refuse(info, NFT_SYSRQ_A_KEY_EXPIRES,
					 "EXPIRES: is past by this host's clock", -EINVAL);
	}
	if (tb[NFT_SYSRQ_A_KEY_IDENTITY]) {
		strscpy(set->identity, nla_data(tb[NFT_SYSRQ_A_KEY_IDENTITY]),
			sizeof(set->identity));
		if (!nft_sysrq_wire_identity(set->identity))
			return nl_refuse(info, NFT_SYSRQ_A_KEY_IDENTITY,
					 "IDENTITY: lower-case ASCII without final dot", -EINVAL);
	}
	return 0;
}

static u32 overlap_of(struct genl_info *info)
{
	struct nlattr *nla = info->attrs[NFT_SYSRQ_A_KEY_OVERLAP];

	return nla ? nla_get_u32(nla) : 0;
}

static int window_of(struct genl_info *info, u32 *window)
{
	if (!info->attrs[NFT_SYSRQ_A_KEY_WINDOW])
		return 0;
	*window = nla_get_u32(info->attrs[NFT_SYSRQ_A_KEY_WINDOW]);
	return is_power_of_2(*window) ? 0 :
	       nl_refuse(info, NFT_SYSRQ_A_KEY_WINDOW, "WINDOW: not a power of two",
			 -EINVAL);
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
	u32 overlap = overlap_of(info);
	struct nft_sysrq_key *key, *twin;
	int err;

	key = nft_sysrq_key_create(name, nla_data(info->attrs[NFT_SYSRQ_A_KEY_MATERIAL]),
				   set, window);
	if (!key)
		return -ENOMEM;

	twin = nft_sysrq_key_twin(space, key);
	if (twin && strcmp(twin->name, name)) {
		err = nl_refuse(info, NFT_SYSRQ_A_KEY_MATERIAL,
				"MATERIAL: in use under another name", -EEXIST);
		goto free;
	}
	if (twin && twin->window.size == window) {
		/* Nothing new but the settings: epoch and window stay. */
		if (twin != old)
			nft_sysrq_key_restore(twin, old, overlap);
		nft_sysrq_key_adjust(twin, set, key->host_tag);
		err = 0;
		goto free;
	}
	if (twin) {
		/* With another window: at no time are there two for one material. */
		if (twin == old && !overlap)
			nft_sysrq_key_overlap(old, 0);
		if (twin == old)
			old = NULL;
		nft_sysrq_key_remove(twin);
	}
	err = nft_sysrq_key_insert(space, key, old, overlap);
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

	if (info->attrs[NFT_SYSRQ_A_KEY_OVERLAP])
		return nl_refuse(info, NFT_SYSRQ_A_KEY_OVERLAP,
				 "OVERLAP: a new key replaces nothing", -EINVAL);
	if (GENL_REQ_ATTR_CHECK(info, NFT_SYSRQ_A_KEY_MATERIAL)) {
		GENL_SET_ERR_MSG(info, "MATERIAL is missing");
		return -EINVAL;
	}
	if (nft_sysrq_key_find(space, name))
		return nl_refuse(info, NFT_SYSRQ_A_KEY_NAME, "NAME: a key has it", -EEXIST);
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
		return nl_refuse(info, NFT_SYSRQ_A_KEY_NAME, "NAME: no key has it", -ENOENT);
	window = old->window.size;
	*set = old->set;
	err = settings_parse(info, set) ?: window_of(info, &window);
	if (err)
		return err;
	if (info->attrs[NFT_SYSRQ_A_KEY_MATERIAL])
		return material_put(info, space, name, old, set, window);

	if (info->attrs[NFT_SYSRQ_A_KEY_WINDOW])
		return nl_refuse(info, NFT_SYSRQ_A_KEY_WINDOW, "WINDOW: only with MATERIAL",
				 -EINVAL);
	if (strcmp(set->identity, old->set.identity))
		return nl_refuse(info, NFT_SYSRQ_A_KEY_IDENTITY,
				 "IDENTITY: only with MATERIAL", -EINVAL);
	if (info->attrs[NFT_SYSRQ_A_KEY_OVERLAP] &&
	    !nft_sysrq_key_overlap(old, overlap_of(info)))
		return nl_refuse(info, NFT_SYSRQ_A_KEY_OVERLAP,
				 "OVERLAP: nothing that was replaced is still good", -ENOENT);
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
	name = nft_sysrq_nl_name(info);
	if (IS_ERR(name))
		return PTR_ERR(name);
	/* The epoch must not be guessed; and who waits here holds up all families. */
	if (!rng_is_initialized()) {
		GENL_SET_ERR_MSG(info, "the random generator is not ready yet");
		return -EAGAIN;
	}
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
		return nl_refuse(info, NFT_SYSRQ_A_KEY_NAME, "NAME: no key has it", -ENOENT);
	nft_sysrq_key_delete(key);
	return 0;
}

/** nft_sysrq_nl_key_del - NFT_SYSRQ_CMD_KEY_DEL */
int nft_sysrq_nl_key_del(struct sk_buff *skb, struct genl_info *info)
{
	return key_change(skb, info, key_del);
}
