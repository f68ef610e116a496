/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests of senders who have a key, and what becomes of them on the way. */
#ifndef TORTURE_REQUEST_H
#define TORTURE_REQUEST_H

#include <linux/nft_sysrq.h>

#include "dice.h"
#include "mac.h"

#define KEYS		16	/* lanes.py sets them, each with settings of its own */
#define KEY_CLEAN	15	/* not one datagram is sealed with it but at the end */
#define PAYLOAD_LONGEST	512

/**
 * struct key - one that the host has, or had
 * @secrets: tags
 * @host_tag: of the identity that lanes.py gives
 * @epoch: as the host has told it; 0: not yet
 */
struct key {
	struct nft_sysrq_secrets	secrets;
	__be64				host_tag;
	__be64				epoch;
};

/**
 * struct requester - makes them
 * @dice: chooses
 * @keys: all of them
 * @pool: datagrams that were sent, sealed
 * @genuine: bits of nonces, hashed, that were sent in a datagram whose tags hold
 * @of_all: the same of all requesters of this host, in shared memory
 */
#define GENUINE_BITS	24
#define GENUINE_SIZE	(1 << (GENUINE_BITS - 3))
#define GENUINE_FILE	"/tmp/torture-genuine"	/* lanes.py removes it */

struct requester {
	struct dice	*dice;
	struct key	keys[KEYS];
	struct pool	pool;
	uint8_t		genuine[GENUINE_SIZE];
	uint8_t		*of_all;
};

void request_setup(struct requester *r, struct dice *dice);
size_t request_make(struct requester *r, uint8_t payload[PAYLOAD_LONGEST]);
void request_plain(struct requester *r, struct nft_sysrq_dgram *d, unsigned int key, __u8 type,
		   const char *letters);
struct key *request_reply(struct requester *r, const struct nft_sysrq_dgram *d);
bool request_sent(const struct requester *r, __be32 nonce);
bool request_sent_by_any(const struct requester *r, __be32 nonce);
int64_t request_clock(int clock);

#endif /* TORTURE_REQUEST_H */
