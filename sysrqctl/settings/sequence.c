// SPDX-License-Identifier: GPL-2.0-only
/* Programs that have a name. */
#include "sequence.h"

#include <string.h>

/*
 * After e, processes need some seconds to end; after i, the kernel needs some
 * to take them down. What s and u begin goes on behind them: on a disk that is
 * slow but alive, 5 s bring most of it home.
 */
const struct sequence sequences_builtin[] = {
	{ "reisub", "r e +10s i +2s s +5s u +5s b" },
	{ "reisuo", "r e +10s i +2s s +5s u +5s o" },
	{ }
};

/**
 * sequence_name - may a sequence be called so?
 * @name: any text
 */
bool sequence_name(const char *name)
{
	size_t len = strlen(name);

	return len >= 2 && len < SEQUENCE_NAME_LEN &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static const struct sequence *find(const struct sequence *s, const char *name)
{
	for (; s && s->name[0]; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

/**
 * sequence_find - the program of that name
 * @sequences: the user's own, which come first; ends with an empty name; or NULL
 * @name: any text
 *
 * Return: it, or NULL: no program is called so.
 */
const struct sequence *sequence_find(const struct sequence *sequences, const char *name)
{
	const struct sequence *s = find(sequences, name);

	return s ? s : find(sequences_builtin, name);
}
