/* SPDX-License-Identifier: GPL-2.0-only */
/* A host of the target "verify", what was sent to it, and what must hold of it at any time. */
#ifndef NFT_SYSRQ_FUZZ_PLAY_H
#define NFT_SYSRQ_FUZZ_PLAY_H

#include "fuzz.h"
#include "key.h"
#include "space.h"

typedef int8_t s8;

#define PLAY_KEYS	2
#define PLAY_WINDOW	16
#define PLAY_SENT	128

/* A datagram that a holder of a key has sealed. */
struct sent {
	struct nft_sysrq_dgram	d;
	unsigned int		key;
	bool			done;	/* accepted, once and for all */
};

/**
 * struct play - the host and its senders
 * @space: of its one network namespace
 * @key: material and, if it is in use, the key; @epoch and @tag of the last time that it was
 * @sent: datagrams that are genuine
 * @local: packets are for this host
 * @furthest: that the wall clock has ever been ahead of the time since boot
 * @status: what the programs' part answers to an offer
 * @now: the packet that is under way: genuine, silent; how often it was offered, answered
 */
struct play {
	struct nft_sysrq_space	space;
	struct {
		struct nft_sysrq_key	*k;
		__be64			epoch;
		__be64			tag;
	} key[PLAY_KEYS];
	struct sent		sent[PLAY_SENT];
	unsigned int		nsent;
	bool			local;
	u8			status;
	s64			furthest;
	struct {
		const struct nft_sysrq_dgram	*d;
		const struct sent		*genuine;
		bool				silent;
		unsigned int			offered;
		unsigned int			answered;
	} now;
};

extern struct play *play;
extern const u8 play_material[PLAY_KEYS][NFT_SYSRQ_KEY_LEN];

void play_begin(struct play *p, struct in *in);
void play_end(struct play *p);
bool play_seal(struct play *p, unsigned int key, struct nft_sysrq_dgram *d);
void play_admit(struct nft_sysrq_dgram *d);
int play_packet(struct play *p, const u8 *bytes, size_t len, u8 how);
int play_send(struct play *p, const struct nft_sysrq_dgram *d, u8 how);
void play_time(struct play *p);
void play_change(struct play *p, struct in *in, u8 what);

#endif
