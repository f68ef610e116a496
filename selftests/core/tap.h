/* SPDX-License-Identifier: GPL-2.0-only */
/* Test Anything Protocol: a line for each check, and its count at the end. */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned int tap_count, tap_failed;

/** ok - one check; returns whether it passed */
__attribute__((format(printf, 2, 3)))
static inline bool ok(bool passed, const char *fmt, ...)
{
	va_list args;

	tap_failed += !passed;
	printf("%sok %u - ", passed ? "" : "not ", ++tap_count);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	return passed;
}

/** ok_u64 - two numbers are equal; tells them if not */
static inline bool ok_u64(unsigned long long got, unsigned long long want, const char *what)
{
	if (!ok(got == want, "%s", what))
		printf("# got %llu, want %llu\n", got, want);
	return got == want;
}

/** ok_bytes - two byte strings are equal; tells them if not */
static inline bool ok_bytes(const void *got, const void *want, size_t len, const char *what)
{
	const unsigned char *g = got, *w = want;
	size_t i;

	if (ok(!memcmp(got, want, len), "%s", what))
		return true;
	printf("# got ");
	for (i = 0; i < len; i++)
		printf("%02x", g[i]);
	printf("\n# want ");
	for (i = 0; i < len; i++)
		printf("%02x", w[i]);
	putchar('\n');
	return false;
}

/** done - the end of main() */
static inline int done(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif /* TAP_H */
