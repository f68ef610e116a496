/* SPDX-License-Identifier: GPL-2.0-only */
/* What the module of this host is told and tells. */
#ifndef SYSRQCTL_HOST_STATE_H
#define SYSRQCTL_HOST_STATE_H

#include "genl.h"
#include "wire.h"

#define LETTERS_LEN	63	/* all SysRq letters there can be, with NUL */

/**
 * struct key_state - a key of this host, without the key
 * @last_use: s ago; -1: never
 * @left: of a replaced key, s that it is still good; -1: it is not replaced
 * The other fields are those of enum nft_sysrq_key_attrs.
 */
struct key_state {
	char	name[NFT_SYSRQ_NAME_LEN];
	char	identity[NFT_SYSRQ_IDENTITY_LEN];
	char	letters[LETTERS_LEN];
	u32	tolerance_ms;
	bool	wall;
	u64	expires;
	bool	expired;
	u32	window;
	u32	used;
	u32	id;
	u64	age;
	s64	last_use;
	s64	left;
	u64	accepted;
	u64	refused;
	u64	epoch;
};

/**
 * struct keys_state - all keys of this host
 * @key: to be freed
 * @n: how many
 * @room: for how many
 */
struct keys_state {
	struct key_state	*key;
	size_t			n;
	size_t			room;
};

/**
 * struct module_state - the module's
 * The fields are those of enum nft_sysrq_status_attrs and
 * nft_sysrq_pending_attrs; @nsteps 0: no program is pending.
 */
struct module_state {
	char	version[32];
	u32	proto;
	u32	mask;
	char	handled[LETTERS_LEN];
	u32	exprs;
	u32	keys;
	s64	boottime;
	s64	realtime;
	char	pending_key[NFT_SYSRQ_NAME_LEN];
	u32	pending_nonce;
	u64	pending_fires_ms;
	struct nft_sysrq_step pending[NFT_SYSRQ_MAX_STEPS];
	unsigned int nsteps;
};

void attr_get(const struct nlattr *attr, void *out, size_t size);
void attr_get_str(const struct nlattr *attr, char *out, size_t size);

int keys_state_get(struct genl *g, struct keys_state *keys);
int keys_state_add(struct genl *g, struct keys_state *keys, const char *name);
void keys_state_free(struct keys_state *keys);
int module_state_get(struct genl *g, struct module_state *state);
void module_allowed(const struct module_state *m, char letters[LETTERS_LEN]);
int stats_get(struct genl *g, u64 stats[NFT_SYSRQ_STAT_PAD]);

/* Readers of single messages. */
int key_state_read(const struct nlmsghdr *nlh, struct key_state *key);
int module_state_read(const struct nlmsghdr *nlh, struct module_state *state);
void stats_read(const struct nlmsghdr *nlh, u64 stats[NFT_SYSRQ_STAT_PAD]);

#endif /* SYSRQCTL_HOST_STATE_H */
