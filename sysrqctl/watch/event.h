/* SPDX-License-Identifier: GPL-2.0-only */
/* What the module tells of as it happens. */
#ifndef SYSRQCTL_EVENT_H
#define SYSRQCTL_EVENT_H

#include <jansson.h>
#include <stdio.h>

#include "host-state.h"

/**
 * struct event - one message of the group NFT_SYSRQ_GENL_EVENTS
 * @cmd: NFT_SYSRQ_CMD_*_NTF
 * @address: of the sender, as text; "" if it is not told
 * @port: 0: a ping
 * The other fields are those of enum nft_sysrq_event_attrs.
 */
struct event {
	u8	cmd;
	char	key[NFT_SYSRQ_NAME_LEN];
	u32	key_id;
	s64	realtime;
	u32	lost;
	char	address[48];
	u16	port;
	u8	type;
	u32	stat;
	u8	status;
	u8	bits;
	u32	reasons;
	u32	nonce;
	u32	change;
	unsigned int nsteps;
	struct nft_sysrq_step steps[NFT_SYSRQ_MAX_STEPS];
};

int event_read(const struct nlmsghdr *nlh, struct event *e);
void event_print(const struct event *e, s64 now_s, FILE *out);
json_t *event_json(const struct event *e);

/**
 * struct growth - what has come that no event tells of, as it is not genuine
 * @n: more than before, by enum nft_sysrq_stat
 */
struct growth {
	u64	n[NFT_SYSRQ_STAT_PAD];
};

bool growth_of(struct growth *g, const u64 before[NFT_SYSRQ_STAT_PAD],
	       const u64 now[NFT_SYSRQ_STAT_PAD]);
void growth_print(const struct growth *g, s64 now_s, FILE *out);
json_t *growth_json(const struct growth *g, s64 now_ms);

#endif /* SYSRQCTL_EVENT_H */
