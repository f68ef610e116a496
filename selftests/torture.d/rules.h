/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules with the expression sysrq. */
#ifndef TORTURE_RULES_H
#define TORTURE_RULES_H

#include "message.h"

/**
 * struct rules - where they go
 * @talk: the socket
 * @sent: how many rules were
 * @batches: in how many batches
 * @pool: what was sent
 */
struct rules {
	struct talk	talk;
	unsigned long	sent;
	unsigned long	batches;
	struct pool	pool;
};

void rules_open(struct rules *r);
void rules_send(struct rules *r, struct dice *d);
void rules_flush(struct rules *r);
bool rules_work(struct rules *r);

#endif /* TORTURE_RULES_H */
