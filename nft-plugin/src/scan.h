/* SPDX-License-Identifier: GPL-2.0-only */
/* Tokens as nft's scanner sees them, as far as it takes to find statements. */
#ifndef NFT_SYSRQ_SCAN_H
#define NFT_SYSRQ_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum token_type {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_WORD,	/* a name, keyword, number or address */
	TOKEN_QUOTED,	/* with its quotes */
	TOKEN_PUNCT,	/* one character */
};

struct token {
	enum token_type	type;
	const char	*p;
	size_t		len;
};

struct scan {
	const char	*begin;
	const char	*p;
	const char	*end;
};

void scan_init(struct scan *s, const char *text, size_t len);
struct token scan_next(struct scan *s);

/* Here, as they are asked of each token: the length of @word is then a constant. */
static inline bool token_is(const struct token *t, const char *word)
{
	return t->type == TOKEN_WORD && t->len == strlen(word) && !memcmp(t->p, word, t->len);
}

static inline bool token_punct(const struct token *t, char c)
{
	return t->type == TOKEN_PUNCT && *t->p == c;
}

#endif
