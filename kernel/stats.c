// SPDX-License-Identifier: GPL-2.0-only
/* Counters, a set for each network namespace and CPU. */
#include "stats.h"

/**
 * nft_sysrq_stats_sum - a counter over all CPUs
 * @stats: of a network namespace
 * @stat: which one
 */
u64 nft_sysrq_stats_sum(const struct nft_sysrq_stats __percpu *stats,
			enum nft_sysrq_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(stats, cpu)->n[stat]);
	return sum;
}
