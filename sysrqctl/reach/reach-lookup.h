/* SPDX-License-Identifier: GPL-2.0-only */
/* Which elements of a set a key may meet, of which some bits are known. */
#ifndef SYSRQCTL_REACH_LOOKUP_H
#define SYSRQCTL_REACH_LOOKUP_H

#include "reach-regs.h"

/**
 * struct lookup - a search
 * @rs: the ruleset
 * @set: the set, with its elements
 * @regs: the registers
 * @packet: the packet
 * @reg: where the key begins
 * @looked_at: elements so far, a measure of the work
 * @met: how surely the key meets one of those found so far
 */
struct lookup {
	const struct ruleset	*rs;
	const struct rs_set	*set;
	const struct regs	*regs;
	const struct packet	*packet;
	unsigned int		reg;
	uint64_t		looked_at;
	enum tri		met;
	/* private: */
	size_t			next;
	bool			direct;
};

void lookup_begin(struct lookup *l);
const struct rs_elem *lookup_next(struct lookup *l, enum tri *how);
bool lookup_single(const struct lookup *l, const struct rs_elem *e);

#endif /* SYSRQCTL_REACH_LOOKUP_H */
