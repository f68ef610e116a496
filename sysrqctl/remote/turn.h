/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose turn it is: hosts in order, with their addresses. */
#ifndef SYSRQCTL_TURN_H
#define SYSRQCTL_TURN_H

#include "lookup.h"

/**
 * struct turn - of one host
 * @i: which
 * @found: its addresses
 * @eai: EAI_*, if it has none
 * @err: errno of what else went wrong, or 0
 */
struct turn {
	size_t		i;
	struct addresses found;
	int		eai;
	int		err;
};

/**
 * struct turns - of all hosts
 * @hosts: all
 * @n: how many
 * @lookups: NULL: none of them needs to be looked up
 * @asked: of @lookups, and not come back
 * @direct: the next host that may need no look-up
 * @named: the next host that may need one
 */
struct turns {
	const struct host *hosts;
	size_t		n;
	struct lookups	*lookups;
	unsigned int	asked;
	size_t		direct;
	size_t		named;
};

int turns_begin(struct turns *t, const struct host *hosts, size_t n);
bool turns_next(struct turns *t, struct turn *turn, s64 now);
void turns_give_up(struct turns *t);
void turns_end(struct turns *t);

#endif /* SYSRQCTL_TURN_H */
