/* SPDX-License-Identifier: GPL-2.0-only */
/* Events: what those are told who listen to the family's multicast group. */
#ifndef NFT_SYSRQ_EVENT_H
#define NFT_SYSRQ_EVENT_H

#include <linux/nft_sysrq.h>
#include <linux/types.h>

struct nft_sysrq_key;
struct nft_sysrq_packet;
struct nft_sysrq_space;
struct outcome;
struct request;

/**
 * struct nft_sysrq_actor - the key that something is the doing of
 * @space: of its network namespace, alive
 * @key_id: as on the wire
 * @name: padded with zeroes
 */
struct nft_sysrq_actor {
	struct nft_sysrq_space	*space;
	__be32			key_id;
	char			name[NFT_SYSRQ_NAME_LEN];
};

void nft_sysrq_event_request(const struct request *r, const struct outcome *o,
			     const struct nft_sysrq_packet *p);
void nft_sysrq_event_steps(enum nft_sysrq_cmd cmd, const struct nft_sysrq_actor *actor,
			   u32 nonce, const struct nft_sysrq_step *steps,
			   unsigned int nsteps);
void nft_sysrq_event_key(const struct nft_sysrq_key *key, enum nft_sysrq_change change);

void nft_sysrq_event_leave(struct nft_sysrq_space *space);
void nft_sysrq_event_init(void);
void nft_sysrq_event_exit(void);

#endif /* NFT_SYSRQ_EVENT_H */
