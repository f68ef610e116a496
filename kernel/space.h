/* SPDX-License-Identifier: GPL-2.0-only */
/* What each network namespace has of ours. */
#ifndef NFT_SYSRQ_SPACE_H
#define NFT_SYSRQ_SPACE_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/nft_sysrq.h>

#include "stats.h"
#include "window.h"

struct net;

#define NFT_SYSRQ_KEY_BUCKETS	8192	/* a power of two */
#define NFT_SYSRQ_GONE		64

/**
 * struct nft_sysrq_space - what a network namespace has of ours
 * @ref: the namespace, and each live expression: they may outlive it
 * @stats: counters
 * @exprs: live expressions
 * @keys: how many
 * @net: the namespace; NULL when it ends
 * @lost: events that had no room; with @net of event.c
 * @gone: keys that were removed, those that matter most, by id: their material
 *	may come again, and up to @end in each mode they may have accepted requests
 * @ngone: how many are there
 * @gone_end: the like, of those that are not in @gone any more
 * @by_id: buckets; NULL before the first key
 * @by_name: likewise
 */
struct nft_sysrq_space {
	struct kref			ref;
	struct nft_sysrq_stats __percpu	*stats;
	atomic_t			exprs;
	unsigned int			keys;
	struct net			*net;
	u32				lost;
	struct {
		__be32			key_id;
		s64			end[NFT_SYSRQ_MODES];
	} gone[NFT_SYSRQ_GONE];
	unsigned int			ngone;
	s64				gone_end[NFT_SYSRQ_MODES];
	struct hlist_head __rcu		*by_id;
	struct hlist_head		*by_name;
};

struct nft_sysrq_space *nft_sysrq_space_of(struct net *net);
void nft_sysrq_space_put(struct nft_sysrq_space *space);

int nft_sysrq_space_init(void);
void nft_sysrq_space_exit(void);

/* The bucket of a key id, which is as good as random: it comes from HMAC. */
static inline struct hlist_head *nft_sysrq_key_bucket(struct hlist_head *by_id,
						      __be32 id)
{
	return &by_id[(__force u32)id & (NFT_SYSRQ_KEY_BUCKETS - 1)];
}

#endif /* NFT_SYSRQ_SPACE_H */
