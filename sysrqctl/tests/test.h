/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests: what is checked, and where it failed. */
#ifndef SYSRQCTL_TEST_H
#define SYSRQCTL_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define check(cond) do {							\
	if (!(cond)) {								\
		fprintf(stderr, "%s:%d: %s: not so\n", __FILE__, __LINE__, #cond); \
		exit(1);							\
	}									\
} while (0)

#define check_has(text, part) do {						\
	if (!strstr(text, part)) {						\
		fprintf(stderr, "%s:%d: '%s' is not in: %s\n", __FILE__, __LINE__,	\
			part, text);						\
		exit(1);							\
	}									\
} while (0)

#endif /* SYSRQCTL_TEST_H */
