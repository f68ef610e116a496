/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of this host's module, as Prometheus reads it. */
#ifndef SYSRQCTL_PROMETHEUS_H
#define SYSRQCTL_PROMETHEUS_H

#include <stdio.h>

#include "host-state.h"

/**
 * struct host_state - all that there is to show
 * @module: versions, mask, clocks, rules, pending program
 * @keys: all keys
 * @stats: by enum nft_sysrq_stat
 */
struct host_state {
	struct module_state	module;
	struct keys_state	keys;
	u64			stats[NFT_SYSRQ_STAT_PAD];
};

void prometheus_print(const struct host_state *s, FILE *out);
int prometheus_write(const struct host_state *s, const char *path, char *why, size_t len);

#endif /* SYSRQCTL_PROMETHEUS_H */
