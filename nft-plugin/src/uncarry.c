// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "carrier.h"
#include "uncarry.h"

static bool key_char(char c)
{
	return nftnl_sysrq_key_valid(&c, 1) || c == '-';
}

static bool behind(const char *text, const char *p, const char *head)
{
	size_t len = strlen(head);

	return (size_t)(p - text) >= len && !memcmp(p - len, head, len);
}

/* Behind a carrier or alone, as libnftnl lists it; NULL: what is at @mark is something else. */
static const char *apart_end(const char *mark, const char *end, const char *tail)
{
	size_t len = strlen(carrier_mark()) + 1;

	if ((size_t)(end - mark) < len + strlen(tail) || !carrier_is_apart(mark, len) ||
	    memcmp(mark + len, tail, strlen(tail)))
		return NULL;
	return mark + len + strlen(tail);
}

/* The carrier around the mark at @mark; false if it is none: then nothing is known of it. */
static bool bounds(const char *text, const char *end, const char *mark, const char **from,
		   const char **to)
{
	const size_t head = strlen(CARRIER_HEAD), mark_len = strlen(carrier_mark());
	const char *p = mark + mark_len;
	bool quoted = true, variable;

	if (behind(text, mark, CARRIER_HEAD)) {
		*from = mark - head;
	} else if (behind(text, mark, CARRIER_PLAIN)) {
		/* As libnftnl's own listing, for --debug=netlink, writes it. */
		*from = mark - (head - 1);
		quoted = false;
	} else {
		return false;
	}
	if (end - p < 2 || !memchr("s-?", p[0], 3) || p[1] != ':')
		return false;
	p += 2;
	variable = p < end && *p == '$';
	p += variable;
	while (p < end && key_char(*p))
		p++;
	if (quoted && (p == end || *p != '"'))
		return false;
	*to = p + quoted;
	return variable || *to - *from <= CARRIER_MAX;
}

/* What only keeps rules apart; nobody is to see it. */
static bool apart(const char *text, const char *end, const char *mark, const char **from,
		  const char **to)
{
	if (behind(text, mark, APART_HEAD)) {
		*from = mark - strlen(APART_HEAD);
		*to = apart_end(mark, end, "\"");
	} else if (behind(text, mark, APART_DEBUG)) {
		*from = mark - strlen(APART_DEBUG);
		*to = apart_end(mark, end, " ]\n");
	} else {
		return false;
	}
	return *to;
}

/**
 * uncarry - put statements in place of carriers
 * @text: what nft wrote, of @len bytes
 * @out: where it goes
 * @edits: where the replacements are noted, ours as what was typed; or NULL
 */
void uncarry(const char *text, size_t len, struct buf *out, struct edits *edits)
{
	const char *done = text, *at = text, *end = text + len, *from, *to;
	const char *mark = carrier_mark();
	const size_t mark_len = strlen(mark);

	while ((at = memmem(at, end - at, mark, mark_len))) {
		struct edit e = { 0 };

		if (apart(done, end, at, &from, &to)) {
			buf_add(out, done, from - done);
			at = done = to;
			continue;
		}
		if (!bounds(done, end, at, &from, &to)) {
			at += mark_len;
			continue;
		}
		buf_add(out, done, from - done);
		e.in = out->len;
		e.out = from - text;
		e.out_len = to - from;
		carrier_print(out, at, to - at - (to[-1] == '"'));
		e.in_len = out->len - e.in;
		if (edits)
			edits_add(edits, &e);
		at = done = to;
	}
	buf_add(out, done, end - done);
}

/* Could the text from @p to @end be the beginning of what stands behind @head? */
static bool begins(const char *p, const char *end, const char *head)
{
	const char *mark = carrier_mark();
	size_t n = strlen(head), len = end - p;

	if (len <= n)
		return !memcmp(p, head, len);
	if (memcmp(p, head, n))
		return false;
	p += n;
	len -= n;
	if (len <= strlen(mark))
		return !memcmp(p, mark, len);
	if (memcmp(p, mark, strlen(mark)))
		return false;
	for (p += strlen(mark); p < end && (key_char(*p) || strchr(":?$ ]", *p)); p++)
		;
	return p == end;
}

/* How much of the text is sure not to end within a carrier. */
size_t uncarry_settled(const char *text, size_t len)
{
	static const char *const heads[] = {
		CARRIER_HEAD, CARRIER_PLAIN, APART_HEAD, APART_DEBUG,
	};
	size_t from = len > CARRIER_MAX ? len - CARRIER_MAX : 0, i;

	for (; from < len; from++)
		for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
			if (text[from] == heads[i][0] && begins(text + from, text + len, heads[i]))
				return from;
	return len;
}
