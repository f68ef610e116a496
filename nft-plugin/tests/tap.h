/* SPDX-License-Identifier: GPL-2.0-only */
/* Test points for tests of one file. */
#ifndef NFT_SYSRQ_TAP_H
#define NFT_SYSRQ_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned int tap_count, tap_failed;

static inline bool ok(bool good, const char *what)
{
	tap_failed += !good;
	printf("%sok %u - %s\n", good ? "" : "not ", ++tap_count, what);
	return good;
}

static inline void same(const char *got, const char *want, const char *what)
{
	if (!ok(!strcmp(got ? got : "(none)", want), what))
		printf("# got:  %s\n# want: %s\n", got ? got : "(none)", want);
}

static inline int tap_end(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed > 0;
}

#endif
