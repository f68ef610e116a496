/* SPDX-License-Identifier: GPL-2.0-only */
/* What nft writes of errors, line by line. */
#ifndef NFT_SYSRQ_HEAD_H
#define NFT_SYSRQ_HEAD_H

#include <stdbool.h>
#include <stddef.h>

struct text {
	const char	*p;
	size_t		len;
};

struct head {
	struct text	name;	/* of the file; p is NULL if nft names none */
	size_t		line;
	size_t		first, last;
	size_t		message;	/* its offset in the line */
	struct text	kind;	/* "Error: " */
};

bool head_parse(const struct text *t, struct head *h);
bool text_is_carets(const struct text *t);

/* The lines of @text go to @t, if that is not NULL. Returns how many there are. */
size_t text_split(const char *text, size_t len, struct text *t);

#endif
