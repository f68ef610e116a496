/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs that have a name. */
#ifndef SYSRQCTL_SEQUENCE_H
#define SYSRQCTL_SEQUENCE_H

#include <stdbool.h>

#define SEQUENCE_NAME_LEN	32	/* with NUL */

/**
 * struct sequence - a program with a name
 * @name: 2..31 of a-z 0-9 _ -; an empty one ends an array
 * @text: letters and waits, as on a command line
 */
struct sequence {
	char		name[SEQUENCE_NAME_LEN];
	const char	*text;
};

/* Those that everybody has; ends with an empty name. */
extern const struct sequence sequences_builtin[];

bool sequence_name(const char *name);
const struct sequence *sequence_find(const struct sequence *sequences, const char *name);

#endif /* SYSRQCTL_SEQUENCE_H */
