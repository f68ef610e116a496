// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shell patterns on host names. Not fnmatch(): a pattern of many stars would
 * keep that busy for years.
 */
#include "pattern.h"

#include <ctype.h>
#include <stddef.h>

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/**
 * pattern_matches - does a name fit a pattern?
 * @pattern: * is any text, ? any character, all else itself
 * @name: capital letters count as small ones
 *
 * It is enough to go back to the last star: what an earlier one could take
 * more of, the last one can, too.
 */
bool pattern_matches(const char *pattern, const char *name)
{
	const char *star = NULL, *from = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			from = name;
		} else if (*pattern == '?' || (*pattern && same(*pattern, *name))) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}
