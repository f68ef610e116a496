/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters, a set for each network namespace and CPU. */
#ifndef NFT_SYSRQ_STATS_H
#define NFT_SYSRQ_STATS_H

#include <linux/nft_sysrq.h>
#include <linux/percpu.h>
#include <linux/types.h>

struct nft_sysrq_stats {
	u64	n[__NFT_SYSRQ_STAT_MAX];
};

static inline void nft_sysrq_count(struct nft_sysrq_stats __percpu *stats,
				   enum nft_sysrq_stat stat)
{
	this_cpu_inc(stats->n[stat]);
}

u64 nft_sysrq_stats_sum(const struct nft_sysrq_stats __percpu *stats,
			enum nft_sysrq_stat stat);

#endif /* NFT_SYSRQ_STATS_H */
