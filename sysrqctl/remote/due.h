/* SPDX-License-Identifier: GPL-2.0-only */
/* Which busy host needs something first: a heap. */
#ifndef SYSRQCTL_DUE_H
#define SYSRQCTL_DUE_H

#include "fleet.h"

/**
 * struct due - busy hosts by when they are due
 * @all: a heap: none is due before the one at half its index
 * @n: how many
 */
struct due {
	struct member	**all;
	size_t		n;
};

int due_begin(struct due *due, size_t room);
void due_add(struct due *due, struct member *m, s64 when);
void due_move(struct due *due, struct member *m, s64 when);
void due_remove(struct due *due, struct member *m);
void due_end(struct due *due);

#endif /* SYSRQCTL_DUE_H */
