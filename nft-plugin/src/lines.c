// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "input.h"
#include "lines.h"
#include "seams.h"

void source_free(struct source *s)
{
	free(s->name);
	buf_free(&s->typed);
	buf_free(&s->carried);
	edits_free(&s->edits);
	memset(s, 0, sizeof(*s));
}

static bool read_file(struct source *s, const char *name)
{
	struct stat st;
	FILE *f;
	bool ok;

	/* Anything else may be gone, or block. */
	if (stat(name, &st) || !S_ISREG(st.st_mode))
		return false;
	f = seams()->fopen(name, "r");
	if (!f)
		return false;
	ok = buf_read(&s->typed, f);
	fclose(f);
	return ok;
}

static bool is_same(const struct source *s, const char *name, size_t len)
{
	if (!s->carried.p || !s->name != !name)
		return false;
	return !name || (strlen(s->name) == len && !memcmp(s->name, name, len));
}

/* Has in @s what was typed in the file @name (NULL: on the command line), and what nft got. */
bool source_get(struct source *s, const struct run *r, const char *name, size_t len)
{
	struct carry_how how = { .block = BLOCK_TOP, .apart = r->apart };
	bool ok;

	if (is_same(s, name, len))
		return true;
	source_free(s);
	if (!name) {
		ok = r->buffer;
		if (ok)
			buf_str(&s->typed, r->buffer);
		if (ok && buf_ok(&s->typed))
			s->unit = how.unit = carry_unit(s->typed.p, s->typed.len, how);
	} else {
		s->name = strndup(name, len);
		if (!s->name)
			return false;
		ok = !strcmp(s->name, "/dev/stdin") && r->stdin_read;
		if (ok) {
			buf_add(&s->typed, r->stdin_typed.p, r->stdin_typed.len);
		} else {
			ok = read_file(s, s->name);
			how.block = input_block(r, s->name);
		}
	}
	if (ok && buf_ok(&s->typed))
		carry(s->typed.p, s->typed.len, how, &s->carried, &s->edits);
	if (ok && buf_ok(&s->typed) && buf_ok(&s->carried) && !s->edits.failed)
		return true;
	source_free(s);
	return false;
}

/* The line that begins at *p, which then moves to the next; false at the end. */
static bool next_line(const struct buf *b, size_t *at, size_t *from, size_t *len)
{
	const char *nl;

	if (*at > b->len)
		return false;
	nl = memchr(b->p + *at, '\n', b->len - *at);
	*from = *at;
	*len = nl ? (size_t)(nl - b->p) - *at : b->len - *at;
	*at += *len + 1;
	return true;
}

static bool is_shown(const char *line, size_t len, const char *shown, size_t shown_len)
{
	if (shown_len > len || memcmp(line, shown, shown_len))
		return false;
	return shown_len == len || shown_len >= LINE_SHOWN;
}

static void take_edits(const struct source *s, size_t from, size_t len, size_t typed_from,
		       struct line *line)
{
	size_t i;

	for (i = 0; i < s->edits.count; i++) {
		struct edit e = s->edits.e[i];

		if (e.out < from || e.out > from + len)
			continue;
		e.out -= from;
		e.in -= typed_from;
		edits_add(&line->edits, &e);
	}
}

/**
 * source_line - find the line that nft shows
 * @number: of the line, from 1; 0 if it is not known
 * @carried: what nft shows, of @len bytes
 *
 * nft loses count in strings of several lines; so what it shows decides, and the number only if
 * several lines are the same.
 */
bool source_line(const struct source *s, size_t number, const char *carried, size_t len,
		 struct line *line)
{
	size_t at = 0, typed_at = 0, from, n, typed_from, typed_len, count = 0;
	bool found = false;

	while (next_line(&s->carried, &at, &from, &n) &&
	       next_line(&s->typed, &typed_at, &typed_from, &typed_len)) {
		count++;
		if (!is_shown(s->carried.p + from, n, carried, len) || (found && count != number))
			continue;
		found = true;
		edits_free(&line->edits);
		line->typed = s->typed.p + typed_from;
		line->typed_len = typed_len;
		take_edits(s, from, n, typed_from, line);
	}
	return found && !line->edits.failed;
}

/* The same where @column, from 0, tells the line. */
bool source_line_at(const struct source *s, size_t column, struct line *line)
{
	size_t at = 0, typed_at = 0, from, n, typed_from, typed_len, left = column / s->unit;

	while (next_line(&s->carried, &at, &from, &n) &&
	       next_line(&s->typed, &typed_at, &typed_from, &typed_len)) {
		line->typed = s->typed.p + typed_from;
		line->typed_len = typed_len;
		/* Up to its first statement no line differs. */
		if (!left)
			return true;
		take_edits(s, from, n, typed_from, line);
		if (line->edits.count && !--left)
			break;
		edits_free(&line->edits);
	}
	return !left && !line->edits.failed;
}

/* The column, from 0, where a person sees what nft has at @column; within a statement its first, or
 * its last.
 */
size_t line_column(const struct line *line, size_t column, bool last)
{
	size_t typed = column, i;

	for (i = 0; i < line->edits.count; i++) {
		const struct edit *e = &line->edits.e[i];

		if (column < e->out)
			break;
		if (column < e->out + e->out_len)
			return last && e->in_len ? e->in + e->in_len - 1 : e->in;
		typed = column - (e->out + e->out_len) + e->in + e->in_len;
	}
	return typed;
}

/* The edit that nft has at @column, from 0; or NULL. */
struct edit *line_edit(const struct line *line, size_t column)
{
	size_t i;

	for (i = 0; i < line->edits.count; i++)
		if (column >= line->edits.e[i].out &&
		    column < line->edits.e[i].out + line->edits.e[i].out_len)
			return &line->edits.e[i];
	return NULL;
}

const char *line_why(const struct line *line, size_t column)
{
	const struct edit *e = line_edit(line, column);

	return e ? e->why : NULL;
}
