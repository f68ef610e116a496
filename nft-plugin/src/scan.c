// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "scan.h"

void scan_init(struct scan *s, const char *text, size_t len)
{
	s->begin = text;
	s->p = text;
	s->end = text + len;
}

#define BEGINS_WORD	1
#define IN_WORD		2

/* Asked of each byte of a ruleset. */
static const unsigned char kinds[256] = {
	['0' ... '9'] = BEGINS_WORD | IN_WORD,
	['A' ... 'Z'] = BEGINS_WORD | IN_WORD,
	['a' ... 'z'] = BEGINS_WORD | IN_WORD,
	['_'] = BEGINS_WORD | IN_WORD,
	['.'] = BEGINS_WORD | IN_WORD,
	['-'] = IN_WORD,
	['/'] = IN_WORD,
};

static bool begins_word(char c)
{
	return kinds[(unsigned char)c] & BEGINS_WORD;
}

static bool in_word(char c)
{
	return kinds[(unsigned char)c] & IN_WORD;
}

/* A comment that has its line to itself takes the newline with it, as in nft. */
static void skip_comment(struct scan *s)
{
	const char *before = s->p, *nl = memchr(s->p, '\n', s->end - s->p);

	while (before > s->begin && (before[-1] == ' ' || before[-1] == '\t'))
		before--;
	s->p = nl ? nl : s->end;
	if (nl && (before == s->begin || before[-1] == '\n'))
		s->p++;
}

static void skip_blank(struct scan *s)
{
	while (s->p < s->end) {
		if (*s->p == ' ' || *s->p == '\t')
			s->p++;
		else if (*s->p == '\\' && s->p + 1 < s->end && s->p[1] == '\n')
			s->p += 2;
		else if (*s->p == '#')
			skip_comment(s);
		else
			return;
	}
}

/* An IPv6 address may begin or end so: no statement's name is expected behind it. */
static bool begins_gap(const struct scan *s)
{
	return s->end - s->p >= 2 && s->p[0] == ':' && s->p[1] == ':';
}

/* Interface names may end in a star, plain or escaped: sysrq* is not sysrq. */
static const char *word_end(const struct scan *s)
{
	const char *p = s->p;

	while (p < s->end && in_word(*p))
		p++;
	if (p < s->end && *p == '*')
		return p + 1;
	if (p + 1 < s->end && p[0] == '\\' && p[1] == '*') {
		p += 2;
		while (p < s->end && in_word(*p))
			p++;
	}
	return p;
}

struct token scan_next(struct scan *s)
{
	struct token t = { .type = TOKEN_END };
	const char *quote;

	skip_blank(s);
	t.p = s->p;
	if (s->p == s->end)
		return t;
	quote = *s->p == '"' ? memchr(s->p + 1, '"', s->end - s->p - 1) : NULL;
	if (quote) {
		t.type = TOKEN_QUOTED;
		s->p = quote + 1;
	} else if (begins_gap(s)) {
		t.type = TOKEN_WORD;
		s->p += 2;
		s->p = word_end(s);
	} else if (begins_word(*s->p)) {
		t.type = TOKEN_WORD;
		s->p = word_end(s);
	} else {
		t.type = *s->p == '\n' ? TOKEN_NEWLINE : TOKEN_PUNCT;
		s->p++;
	}
	t.len = s->p - t.p;
	return t;
}
