/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests, as a sender that has the key makes them, and the host that they go to. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "stand-in.h"

#include <stdlib.h>

#include "letters.h"
#include "verify.h"

static struct nft_sysrq_key *ops, *web;

static inline void begin(void)
{
	host_init();
	ops = host_key("ops", 1, 16, 0);
	web = host_key("web", 2, 16, 0);
	host.keys_told = 0;
	host_pass(100 * SECOND);	/* wall-clock mode: past its floor */
}

static inline void seal(const struct nft_sysrq_key *key, struct nft_sysrq_dgram *d)
{
	nft_sysrq_mac_seal(&key->secrets, NFT_SYSRQ_DIR_REQUEST, d);
}

/* Letters with waits between them in 100 ms: "s20b" is s, 2 s, b; now, in epoch mode. */
static inline struct nft_sysrq_dgram request(const struct nft_sysrq_key *key, u8 type, u32 nonce,
					     const char *text)
{
	struct nft_sysrq_dgram d = {
		.magic = { 'S', 'R', 'Q' },
		.version = 1,
		.type = type,
		.key_id = key->secrets.key_id,
		.nonce = cpu_to_be32(nonce),
		.epoch = key->epoch,
		.stamp = cpu_to_be64(host.boot),
	};

	for (; *text; d.nsteps++) {
		d.steps[d.nsteps].letter = *text == '.' ? 0 : *text;
		d.steps[d.nsteps].wait = strtoul(text + 1, (char **)&text, 10);
	}
	seal(key, &d);
	return d;
}

/* The same in wall-clock mode. */
static inline struct nft_sysrq_dgram by_wall(const struct nft_sysrq_key *key,
					     struct nft_sysrq_dgram d, __be64 tag, s64 stamp)
{
	d.flags = NFT_SYSRQ_F_WALL;
	d.epoch = tag;
	d.stamp = cpu_to_be64(stamp);
	seal(key, &d);
	return d;
}

/* What becomes of it: enum nft_sysrq_stat. */
static inline int give_to(const struct nft_sysrq_dgram *d, const char *only, bool silent)
{
	struct nft_sysrq_bytes bytes = { .payload.d = *d };
	struct nft_sysrq_packet packet = { 0 };
	struct nft_pktinfo pkt = { 0 };
	int stat;

	rcu_read_lock();
	stat = nft_sysrq_verify(&space, &packet, &pkt, &bytes, only, silent);
	rcu_read_unlock();
	return stat;
}

static inline int give(const struct nft_sysrq_dgram *d)
{
	return give_to(d, NULL, false);
}

/* The last answer is to this nonce, with that status, and genuine. */
static inline bool answered(u32 nonce, enum nft_sysrq_status status)
{
	return be32_to_cpu(host.reply.nonce) == nonce && host.reply.flags == status &&
	       nft_sysrq_mac_admits(&ops->secrets, NFT_SYSRQ_DIR_REPLY, &host.reply) &&
	       nft_sysrq_mac_holds(&ops->secrets, NFT_SYSRQ_DIR_REPLY, &host.reply);
}

static inline u64 counted(enum nft_sysrq_stat stat)
{
	return space.stats->n[stat];
}

/* Nobody has been answered, told, or counted; nothing runs. */
static inline bool untouched(void)
{
	unsigned int i;
	u32 any = 0;

	for (i = 0; i < NFT_SYSRQ_SLOTS; i++)
		any |= ops->slots[i].answered;
	return !any && !ops->window.count && !ops->accepted && !ops->refused &&
	       !host.replies && !host.logs && !host.requests_told && !*host.ran &&
	       !nft_sysrq_programs_taken && !stand_in_rcu && !ops->lock.held;
}

#endif /* REQUESTS_H */
