// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "buf.h"

#define BUF_MAX		((size_t)1 << 30)	/* what no ruleset needs */
#define BUF_MAPPED	((size_t)1 << 16)	/* from that size on it is mapped */

/*
 * A whole ruleset does not go to the heap: malloc() takes from what is freed there what is large from
 * then on, and would serve libnftables in another way than without us, slower and in more memory.
 */
static char *grow(const struct buf *b, size_t size)
{
	char *p;

	if (size < BUF_MAPPED)
		return realloc(b->p, size);
	if (b->size >= BUF_MAPPED)
		p = mremap(b->p, b->size, size, MREMAP_MAYMOVE);
	else
		p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (b->size < BUF_MAPPED) {
		if (b->p)
			memcpy(p, b->p, b->size);
		free(b->p);
	}
	return p;
}

static bool room(struct buf *b, size_t len)
{
	size_t size = b->size ? b->size : 256;
	char *p;

	if (b->failed || len > BUF_MAX - 1 - b->len) {
		b->failed = true;
		return false;
	}
	while (size <= b->len + len)
		size *= 2;
	if (size == b->size)
		return true;
	p = grow(b, size);
	if (!p) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->size = size;
	return true;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	if (!room(b, len))
		return;
	if (len)
		memcpy(b->p + b->len, data, len);
	b->len += len;
	b->p[b->len] = 0;
}

void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_drop(struct buf *b, size_t len)
{
	if (!len)
		return;
	memmove(b->p, b->p + len, b->len - len + 1);
	b->len -= len;
}

void buf_free(struct buf *b)
{
	if (b->size >= BUF_MAPPED)
		munmap(b->p, b->size);
	else
		free(b->p);
	memset(b, 0, sizeof(*b));
}

bool buf_ok(struct buf *b)
{
	buf_add(b, "", 0);
	return !b->failed;
}

bool buf_read(struct buf *b, FILE *f)
{
	char part[16384];
	size_t got;

	while ((got = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(b, part, got);
	if (!buf_ok(b))
		errno = EFBIG;
	return buf_ok(b) && !ferror(f);
}
