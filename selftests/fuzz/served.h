/* SPDX-License-Identifier: GPL-2.0-only */
/* In place of read(): a file that is the input, and comes in pieces. For one file of each target. */
#ifndef NFT_SYSRQ_FUZZ_SERVED_H
#define NFT_SYSRQ_FUZZ_SERVED_H

#include <ctype.h>
#include <sys/types.h>

#include "fuzz.h"

static struct in served;
static size_t served_most;

ssize_t __wrap_read(int fd, void *to, size_t len);

ssize_t __wrap_read(int fd, void *to, size_t len)
{
	size_t n = len < served.size ? len : served.size;

	(void)fd;
	if (served_most && n > served_most)
		n = served_most;
	if (n)
		in_bytes(&served, to, n);
	return n;
}

/** serve - what is to be read; its first byte says in which pieces */
static inline void serve(const uint8_t *data, size_t size)
{
	served = (struct in){ data, size };
	served_most = in_byte(&served);
}

/** must_be_line - an error is a line, and nothing in it is anything to a terminal */
static inline void must_be_line(const char *why)
{
	const char *p;

	must(why[0]);
	for (p = why; *p; p++)
		must((unsigned char)*p >= 0x80 || isprint((unsigned char)*p));
}

#endif
