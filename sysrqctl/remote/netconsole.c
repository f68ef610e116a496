// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kernel's netconsole sends, in both of its formats. Basic: pieces of the console's text.
 * Extended:
 *
 *	[RELEASE,]LEVEL,SEQ,US,FLAG[,KEY=VALUE...];TEXT LF [DICTIONARY]
 *
 * where bytes of TEXT that are no printable ASCII, and backslashes, stand as \x1b. What is too long
 * for a datagram comes as several, which have the key ncfrag=OFFSET/TOTAL. What looks like neither
 * is basic: nothing that has come is hidden.
 */
#include "netconsole.h"

#include <string.h>

#define HEADER_LEN	256	/* at most */
#define MISSING		"[...]"

static void emit(struct netconsole *n, struct netconsole_line *l, const char *text, size_t len)
{
	l->text = text;
	l->len = len;
	n->line(l, n->arg);
}

/* ---- The basic format ----------------------------------------------- */

static void end_part(struct netconsole *n)
{
	struct netconsole_line l = { .extended = false };

	emit(n, &l, n->part, n->used);
	n->used = 0;
}

static void take_basic(struct netconsole *n, const char *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (data[i] == '\n') {
			end_part(n);
			continue;
		}
		if (n->used == NETCONSOLE_LINE)
			end_part(n);
		n->part[n->used++] = data[i];
	}
}

/* ---- The extended format -------------------------------------------- */

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *p = c ? strchr(digits, c) : NULL;

	return p ? p - digits : -1;
}

/* The byte that stands at @text; *@used: how much of it that takes. */
static char unescape(const char *text, size_t len, size_t *used)
{
	*used = 1;
	if (len < 4 || text[0] != '\\' || text[1] != 'x' || hex(text[2]) < 0 || hex(text[3]) < 0)
		return text[0];
	*used = 4;
	return hex(text[2]) << 4 | hex(text[3]);
}

/* A message, which may have several lines; its dictionary is left out. */
static void emit_body(struct netconsole *n, struct netconsole_line *head, const char *body,
		      size_t len)
{
	const char *end = memchr(body, '\n', len);
	size_t used, i, got = 0;
	char line[NETCONSOLE_LINE], c;

	if (end)
		len = end - body;
	for (i = 0; i < len; i += used) {
		c = unescape(body + i, len - i, &used);
		if (c == '\n' || got == sizeof(line)) {
			emit(n, head, line, got);
			got = 0;
		}
		if (c != '\n')
			line[got++] = c;
	}
	emit(n, head, line, got);
}

static bool has_come(const struct netconsole_parts *p, size_t i)
{
	return p->map[i / 8] & 1 << i % 8;
}

/* What has come of a message, with a mark where something is missing. */
static void emit_parts(struct netconsole *n)
{
	char body[NETCONSOLE_BODY + sizeof(MISSING)];
	struct netconsole_parts *p = &n->parts;
	size_t i, len = 0;

	if (!p->total)
		return;
	for (i = 0; i < p->total && len < NETCONSOLE_BODY; i++) {
		if (has_come(p, i)) {
			body[len++] = p->body[i];
		} else if (!i || has_come(p, i - 1)) {
			memcpy(body + len, MISSING, strlen(MISSING));
			len += strlen(MISSING);
		}
	}
	p->total = 0;
	emit_body(n, &p->head, body, len);
}

static void take_part(struct netconsole *n, const struct netconsole_line *head, size_t at,
		      size_t total, const char *data, size_t len)
{
	struct netconsole_parts *p = &n->parts;
	size_t i;

	if (p->total && (p->total != total || p->head.seq != head->seq || p->head.us != head->us))
		emit_parts(n);
	if (!p->total) {
		p->head = *head;
		p->total = total;
		p->have = 0;
		memset(p->map, 0, sizeof(p->map));
	}
	for (i = 0; i < len; i++) {
		if (has_come(p, at + i))
			continue;
		p->map[(at + i) / 8] |= 1 << (at + i) % 8;
		p->body[at + i] = data[i];
		p->have++;
	}
	if (p->have == total)
		emit_parts(n);
}

/* ---- Headers -------------------------------------------------------- */

/* Digits up to @end, 18 at most. */
static bool number(const char **text, char end, u64 *value)
{
	const char *p = *text;

	for (*value = 0; *p >= '0' && *p <= '9'; p++)
		*value = *value * 10 + (*p - '0');
	if (p == *text || p - *text > 18 || *p != end)
		return false;
	*text = p + 1;
	return true;
}

/* A release, if there is one, is what stands before the first comma, and no number. */
static const char *skip_release(const char *text)
{
	const char *end = strchr(text, ',');

	return end && strspn(text, "0123456789") != (size_t)(end - text) ? end + 1 : text;
}

/* ",KEY=VALUE..."; of these ncfrag is of interest. */
static bool keys(const char *text, u64 *at, u64 *total)
{
	const char *name = "ncfrag=", *p;

	for (*at = *total = 0; *text; text += strcspn(text, ",")) {
		if (*text++ != ',' || !memchr(text, '=', strcspn(text, ",")))
			return false;
		if (strncmp(text, name, strlen(name)))
			continue;
		p = text + strlen(name);
		/* It is the last one. */
		return number(&p, '/', at) && number(&p, '\0', total) && *total;
	}
	return true;
}

/* Return: the header's length, or 0: it is none. */
static size_t header(const char *data, size_t len, struct netconsole_line *head, u64 *at,
		     u64 *total)
{
	const char *end = memchr(data, ';', len < HEADER_LEN ? len : HEADER_LEN), *p;
	char text[HEADER_LEN];
	u64 level;

	if (!end || memchr(data, '\0', end - data))
		return 0;
	memcpy(text, data, end - data);
	text[end - data] = '\0';
	p = skip_release(text);
	if (!number(&p, ',', &level) || !number(&p, ',', &head->seq) ||
	    !number(&p, ',', &head->us) || !*p || *p == ',' || !keys(p + 1, at, total))
		return 0;
	head->extended = true;
	head->level = level & 7;
	return end + 1 - data;
}

/**
 * netconsole_take - a datagram has come
 * @n: the host's
 * @data: the datagram
 * @len: of it
 */
void netconsole_take(struct netconsole *n, const char *data, size_t len)
{
	struct netconsole_line head = { .extended = false };
	u64 at, total;
	size_t skip = header(data, len, &head, &at, &total);

	if (skip && !total)
		emit_body(n, &head, data + skip, len - skip);
	else if (skip && len > skip && total <= NETCONSOLE_BODY && at < total &&
		 len - skip <= total - at)
		take_part(n, &head, at, total, data + skip, len - skip);
	else
		take_basic(n, data, len);
}

/**
 * netconsole_flush - nothing more is to come: what is not whole is told as it is
 * @n: the host's
 */
void netconsole_flush(struct netconsole *n)
{
	emit_parts(n);
	if (n->used)
		end_part(n);
}
