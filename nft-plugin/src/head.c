// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "head.h"

/* Reads a number that ends at *at, and the character before it. */
static bool number_before(const char *p, size_t *at, char sep, size_t *n)
{
	size_t i = *at, unit = 1;

	*n = 0;
	while (i && p[i - 1] >= '0' && p[i - 1] <= '9' && unit < 1000000000) {
		*n += (p[--i] - '0') * unit;
		unit *= 10;
	}
	if (i == *at || !i || p[i - 1] != sep)
		return false;
	*at = i - 1;
	return true;
}

/* The last is no error, but what --debug=eval tells in the same form. */
bool head_parse(const struct text *t, struct head *h)
{
	static const char *const kinds[] = { "Error: ", "Warning: ", "Evaluate " };
	const char *p = NULL;
	size_t i, at;

	memset(h, 0, sizeof(*h));
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !p; i++) {
		p = memmem(t->p, t->len, kinds[i], strlen(kinds[i]));
		h->kind = (struct text){ kinds[i], strlen(kinds[i]) };
	}
	if (!p)
		return false;
	at = p - t->p;
	h->message = at + h->kind.len;
	if (!at)
		return true;
	if (at < 2 || memcmp(p - 2, ": ", 2))
		return false;
	at -= 2;
	if (!number_before(t->p, &at, '-', &h->last) || !number_before(t->p, &at, ':', &h->first) ||
	    !number_before(t->p, &at, ':', &h->line))
		return false;
	h->name = (struct text){ t->p, at };
	return true;
}

bool text_is_carets(const struct text *t)
{
	size_t i;

	for (i = 0; i < t->len; i++)
		if (!strchr(" \t^~", t->p[i]))
			return false;
	return t->len;
}

size_t text_split(const char *text, size_t len, struct text *t)
{
	const char *end = text + len, *nl;
	size_t n = 0;

	while (text < end) {
		nl = memchr(text, '\n', end - text);
		if (t)
			t[n] = (struct text){ text, (nl ? nl : end) - text };
		n++;
		text = nl ? nl + 1 : end;
	}
	return n;
}
