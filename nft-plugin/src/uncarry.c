// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "carrier.h"
#include "uncarry.h"

static bool key_char(char c)
{
	return nftnl_sysrq_key_valid(&c, 1) || c == '-';
}

/* The carrier around the mark at @mark; false if it is none: then nothing is known of it. */
static bool bounds(const char *text, const char *end, const char *mark, const char **from,
		   const char **to)
{
	const size_t head = strlen(CARRIER_HEAD), mark_len = strlen(carrier_mark());
	const char *p = mark + mark_len;
	bool quoted = true;

	if ((size_t)(mark - text) >= head && !memcmp(mark - head, CARRIER_HEAD, head)) {
		*from = mark - head;
	} else if ((size_t)(mark - text) >= head - 1 &&
		   !memcmp(mark - (head - 1), CARRIER_HEAD, head - 1)) {
		/* As libnftnl's own listing, for --debug=netlink, writes it. */
		*from = mark - (head - 1);
		quoted = false;
	} else {
		return false;
	}
	if (end - p < 2)
		return false;
	p += 2;
	while (p < end && key_char(*p))
		p++;
	if (quoted && (p == end || *p != '"'))
		return false;
	*to = p + quoted;
	return true;
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

/* Could the text from @p to @end be the beginning of a carrier? */
static bool begins(const char *p, const char *end)
{
	const char *mark = carrier_mark();
	size_t head = strlen(CARRIER_HEAD), len = end - p;

	if (len <= head)
		return !memcmp(p, CARRIER_HEAD, len);
	if (memcmp(p, CARRIER_HEAD, head - 1))
		return false;
	p += head - 1 + (p[head - 1] == '"');
	len = end - p;
	if (len <= strlen(mark))
		return !memcmp(p, mark, len);
	if (memcmp(p, mark, strlen(mark)))
		return false;
	for (p += strlen(mark); p < end && (key_char(*p) || *p == ':' || *p == '?'); p++)
		;
	return p == end;
}

/* How much of the text is sure not to end within a carrier. */
size_t uncarry_settled(const char *text, size_t len)
{
	size_t from = len > CARRIER_MAX ? len - CARRIER_MAX : 0;

	for (; from < len; from++)
		if (text[from] == CARRIER_HEAD[0] && begins(text + from, text + len))
			return from;
	return len;
}
