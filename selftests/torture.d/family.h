/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages to the family nft_sysrq. */
#ifndef TORTURE_FAMILY_H
#define TORTURE_FAMILY_H

#include "message.h"

/**
 * struct family - where they go
 * @talk: the socket
 * @events: another one, that has joined the group
 * @id: of the family
 * @sent: how many were
 * @keys_most: keys that there were at once, at most
 * @pool: what was sent
 */
struct family {
	struct talk	talk;
	struct talk	events;
	uint16_t	id;
	unsigned long	sent;
	unsigned long	keys_most;
	struct pool	pool;
};

void family_open(struct family *f);
void family_send(struct family *f, struct dice *d);
unsigned long family_sweep(struct family *f);
bool family_works(struct family *f);

#endif /* TORTURE_FAMILY_H */
