/* SPDX-License-Identifier: GPL-2.0-only */
/* What all targets share. */
#ifndef NFT_SYSRQ_FUZZ_H
#define NFT_SYSRQ_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* If it does not hold, that is a finding: stops here, with a trace. */
#define must(holds)	must_hold(holds, __FILE__, __LINE__, #holds)

static inline void must_hold(bool holds, const char *file, int line, const char *what)
{
	if (holds)
		return;
	/* Also where stderr is somebody else's. */
	dprintf(2, "%s:%d: must hold: %s\n", file, line, what);
	abort();
}

/* As memcmp(), but that libFuzzer and ASan do not look at each byte once more. */
static inline bool fuzz_same(const void *a, const void *b, size_t len)
{
	const uint8_t *x = a, *y = b;
	uint64_t v, w;

	for (; len >= sizeof(v); len -= sizeof(v), x += sizeof(v), y += sizeof(v)) {
		memcpy(&v, x, sizeof(v));
		memcpy(&w, y, sizeof(w));
		if (v != w)
			return false;
	}
	for (; len; len--)
		if (*x++ != *y++)
			return false;
	return true;
}

/* What is left of an input. Behind its end there are zeroes. */
struct in {
	const uint8_t	*data;
	size_t		size;
};

static inline void in_bytes(struct in *in, void *to, size_t len)
{
	size_t n = len < in->size ? len : in->size;

	if (n)
		memcpy(to, in->data, n);
	memset((uint8_t *)to + n, 0, len - n);
	in->data += n;
	in->size -= n;
}

static inline uint8_t in_byte(struct in *in)
{
	uint8_t byte;

	in_bytes(in, &byte, 1);
	return byte;
}

#endif
