// SPDX-License-Identifier: GPL-2.0-only
/*
 * An error of nft is a head, perhaps more text, the line it is about and a line of carets:
 *
 *	rules.nft:3:17-20: Error: syntax error, unexpected string
 *			udp dport 9 sysrq keys ops
 *				          ^^^^
 */
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "expected.h"
#include "head.h"
#include "lines.h"
#include "uncarry.h"

struct report {
	const struct run	*r;
	struct buf		*out;
	struct source		source;
	size_t			column;	/* that the error is about, from 0, in what nft got */
};

static bool has_mark(const struct text *t)
{
	return memmem(t->p, t->len, carrier_mark(), strlen(carrier_mark()));
}

static void put_line(struct report *rep, const struct text *t, bool nl)
{
	uncarry(t->p, t->len, rep->out, NULL);
	if (nl)
		buf_add(rep->out, "\n", 1);
}

/* nft names the carrier by its first word. */
static void put_message(struct report *rep, const struct text *t, bool ours)
{
	static const char found[] = "unexpected " CARRIER_WORD;
	static const char too_long[] = "log prefix";
	const char *p = ours ? memmem(t->p, t->len, found, strlen(found)) : NULL;
	struct text rest;

	if (ours && t->len > strlen(too_long) && !memcmp(t->p, too_long, strlen(too_long))) {
		buf_str(rep->out, KEY_NAME_FAULT "\n");
		return;
	}
	if (ours && t->len == strlen(CARRIER_WORD) && !memcmp(t->p, CARRIER_WORD, t->len)) {
		buf_str(rep->out, "sysrq\n");
	} else if (p) {
		buf_add(rep->out, t->p, p - t->p);
		buf_str(rep->out, "unexpected sysrq");
		rest.p = p + strlen(found);
		rest.len = t->len - (rest.p - t->p);
		put_line(rep, &rest, true);
	} else {
		put_line(rep, t, true);
	}
}

static void put_head(struct report *rep, const struct text *t, const struct head *h,
		     const struct line *line, size_t column)
{
	const char *why = line_why(line, column);
	struct text message = { t->p + h->message, t->len - h->message };
	char where[80];

	if (h->name.p) {
		snprintf(where, sizeof(where), ":%zu:%zu-%zu: ", h->line,
			 line_column(line, h->first - !!h->first, false) + 1,
			 line_column(line, h->last - !!h->last, true) + 1);
		buf_add(rep->out, h->name.p, h->name.len);
		buf_str(rep->out, where);
	}
	buf_add(rep->out, h->kind.p, h->kind.len);
	if (!why) {
		put_message(rep, &message, line_edit(line, column));
		return;
	}
	buf_str(rep->out, why);
	buf_add(rep->out, "\n", 1);
}

/* Where what nft has at @column was typed: in @line, or in another that the column tells. */
static size_t typed_column(const struct report *rep, const struct line *line, size_t column, bool last)
{
	struct line other = { 0 };
	size_t typed = column;

	if (!rep->source.unit || column / rep->source.unit == rep->column / rep->source.unit)
		return line_column(line, column, last);
	if (source_line_at(&rep->source, column, &other))
		typed = line_column(&other, column, last);
	edits_free(&other.edits);
	return typed;
}

/* Under @shown, a line as typed. */
static void put_carets(struct report *rep, const struct text *t, const struct line *line,
		       const struct text *shown)
{
	size_t i, from, to, end = 0, size = t->len + shown->len + 1;
	char *out = malloc(size);

	if (!out)
		return;
	for (i = 0; i < size; i++)
		out[i] = i < shown->len && shown->p[i] == '\t' ? '\t' : ' ';
	for (i = 0; i < t->len; i++) {
		if (t->p[i] != '^' && t->p[i] != '~')
			continue;
		from = typed_column(rep, line, i, false);
		while (i + 1 < t->len && t->p[i + 1] == t->p[i])
			i++;
		to = typed_column(rep, line, i, true);
		for (; from <= to && from < size; from++)
			out[from] = t->p[i];
		end = from > end ? from : end;
	}
	buf_add(rep->out, out, end);
	buf_add(rep->out, "\n", 1);
	free(out);
}

/* nft has a variable's name within a string, and blames all of it. */
static void narrow(struct line *line, const struct text *t, size_t column)
{
	static const char unknown[] = "unknown identifier '";
	const char *name = memmem(t->p, t->len, unknown, strlen(unknown)), *end, *at;
	struct edit *e = line_edit(line, column);

	if (!name || !e)
		return;
	name += strlen(unknown);
	end = memchr(name, '\'', t->p + t->len - name);
	at = end ? memchr(line->typed + e->in, '$', e->in_len) : NULL;
	if (!at || (size_t)(line->typed + e->in + e->in_len - at - 1) < (size_t)(end - name) ||
	    memcmp(at + 1, name, end - name))
		return;
	e->in = at + 1 - line->typed;
	e->in_len = end - name;
}

/* The line as typed; if it cannot be found any more, as nft would list it. */
static void find_line(struct report *rep, const struct head *h, const struct text *t,
		      size_t column, struct line *line, struct buf *listed)
{
	memset(line, 0, sizeof(*line));
	if (source_get(&rep->source, rep->r, h->name.p, h->name.len) &&
	    (rep->source.unit ? source_line_at(&rep->source, column, line) :
	     source_line(&rep->source, h->line, t->p, t->len, line)))
		return;
	edits_free(&line->edits);
	uncarry(t->p, t->len, listed, &line->edits);
	if (buf_ok(listed)) {
		line->typed = listed->p;
		line->typed_len = listed->len;
	}
}

/* What nft expected is of no use where it was made to refuse. */
static void put_more(struct report *rep, const struct text *t, const struct line *line,
		     size_t column)
{
	if (!expected_is(t->p, t->len)) {
		put_line(rep, t, true);
	} else if (!line_why(line, column)) {
		expected_print(t->p, t->len, line, column, rep->out);
		buf_add(rep->out, "\n", 1);
	}
}

/* @carets is the line of those, or NULL. */
static size_t column_of(const struct head *h, const struct text *carets)
{
	size_t column = h->first ? h->first - 1 : 0;

	if (!h->name.p && carets)
		while (column < carets->len && carets->p[column] != '^')
			column++;
	return column;
}

/*
 * Of a text of several lines nft shows the first, whichever it is about; and of a long line in a file the
 * beginning, as @t of what it got.
 */
static struct text shown_line(const struct report *rep, const struct line *line, const struct text *t)
{
	const struct buf *typed = &rep->source.typed;

	if (rep->source.unit)
		return (struct text){ typed->p, strcspn(typed->p, "\n") };
	if (t->len >= LINE_SHOWN && t->len < line->typed_len)
		return (struct text){ line->typed, t->len };
	return (struct text){ line->typed, line->typed_len };
}

/* One error of @n lines, of which number @at is the line it is about. */
static void put_error(struct report *rep, const struct text *t, size_t n, const struct head *h,
		      size_t at)
{
	bool carets = at + 1 < n && text_is_carets(&t[at + 1]);
	size_t i, column = column_of(h, carets ? &t[at + 1] : NULL);
	struct buf listed = { 0 };
	struct text shown;
	struct line line;

	rep->column = column;
	find_line(rep, h, &t[at], column, &line, &listed);
	shown = shown_line(rep, &line, &t[at]);
	narrow(&line, &t[0], column);
	put_head(rep, &t[0], h, &line, column);
	for (i = 1; i < at; i++)
		put_more(rep, &t[i], &line, column);
	buf_add(rep->out, shown.p, shown.len);
	buf_add(rep->out, "\n", 1);
	if (carets)
		put_carets(rep, &t[at + 1], &line, &shown);
	for (i = at + 1 + carets; i < n; i++)
		put_line(rep, &t[i], true);
	edits_free(&line.edits);
	buf_free(&listed);
}

/* Is it about a line that is not shown, or not as far as to its carrier? */
static bool is_out_of_sight(struct report *rep, const struct text *t, size_t n, const struct head *h)
{
	if (n < 3 || !text_is_carets(&t[n - 1]))
		return false;
	if (h->name.p)
		return t[n - 2].len >= LINE_SHOWN;
	return rep->r->buffer && source_get(&rep->source, rep->r, NULL, 0) && rep->source.unit;
}

/* Why we refused what stands in some line at @column, from 0, in what nft got. */
static const char *why_at(const struct source *s, size_t column)
{
	size_t i;

	for (i = 0; i < s->edits.count; i++) {
		const struct edit *e = &s->edits.e[i];
		const char *nl = memrchr(s->carried.p, '\n', e->out);

		if (e->why && e->out - (nl ? nl + 1 - s->carried.p : 0) == column)
			return e->why;
	}
	return NULL;
}

/* Of a command of several lines nft shows the first, with the carets of the one it is about. */
static bool put_first_line(struct report *rep, const struct text *t, size_t n, const struct head *h)
{
	const char *caret = n > 2 ? memchr(t[n - 1].p, '^', t[n - 1].len) : NULL, *why;
	struct text rest = { t->p + h->message, t->len - h->message };
	const struct buf *typed = &rep->source.typed;

	if (h->name.p || !caret || !memmem(rest.p, rest.len, REFUSED_WORD, strlen(REFUSED_WORD)) ||
	    !source_get(&rep->source, rep->r, NULL, 0) || !typed->len ||
	    !memchr(typed->p, '\n', typed->len))
		return false;
	why = why_at(&rep->source, caret - t[n - 1].p);
	if (!why)
		return false;
	buf_add(rep->out, t->p, h->message);
	buf_str(rep->out, why);
	buf_add(rep->out, "\n", 1);
	put_line(rep, &t[n - 2], true);
	put_line(rep, &t[n - 1], true);
	return true;
}

/* The lines from one head to the next. */
static void put_record(struct report *rep, const struct text *t, size_t n)
{
	struct head h;
	size_t i;

	if (n && head_parse(&t[0], &h)) {
		if (is_out_of_sight(rep, t, n, &h)) {
			put_error(rep, t, n, &h, n - 2);
			return;
		}
		for (i = 1; i < n; i++) {
			if (!has_mark(&t[i]))
				continue;
			put_error(rep, t, n, &h, i);
			return;
		}
		if (put_first_line(rep, t, n, &h))
			return;
	}
	for (i = 0; i < n; i++)
		put_line(rep, &t[i], true);
}

/**
 * errors_print - mend what nft wrote of errors
 * @r: the run that they are of
 * @text: what nft wrote, of @len bytes
 * @out: where what people see goes
 */
void errors_print(const struct run *r, const char *text, size_t len, struct buf *out)
{
	struct report rep = { .r = r, .out = out };
	size_t n = text_split(text, len, NULL), from = 0, i;
	struct text *t = n ? reallocarray(NULL, n, sizeof(*t)) : NULL;
	struct head h;

	if (!t) {
		uncarry(text, len, out, NULL);
		return;
	}
	text_split(text, len, t);
	for (i = 1; i <= n; i++) {
		if (i < n && !head_parse(&t[i], &h))
			continue;
		put_record(&rep, &t[from], i - from);
		from = i;
	}
	/* Every line got an end; the last one perhaps had none. */
	if (text[len - 1] != '\n' && out->len && !out->failed)
		out->p[--out->len] = 0;
	source_free(&rep.source);
	free(t);
}
