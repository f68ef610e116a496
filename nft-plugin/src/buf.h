/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text that grows. When memory is gone it stays as it is and says so: ask buf_ok() at the end. Only
 * buf_free() frees it.
 */
#ifndef NFT_SYSRQ_BUF_H
#define NFT_SYSRQ_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct buf {
	char	*p;	/* always ends in NUL once anything was added */
	size_t	len;
	size_t	size;
	bool	failed;
};

void buf_add(struct buf *b, const void *data, size_t len);
void buf_str(struct buf *b, const char *s);
void buf_drop(struct buf *b, size_t len);	/* from the beginning */
void buf_free(struct buf *b);
bool buf_ok(struct buf *b);			/* and a string, even if empty */
bool buf_read(struct buf *b, FILE *f);		/* all of it */

#endif
