// SPDX-License-Identifier: GPL-2.0-only
/*
 * nft 1.1.7 and later say with a syntax error what might have stood there. Where log may stand, so
 * may sysrq; and where the carrier's options might go on, our statement's do.
 */
#include <string.h>

#include "expected.h"

/* Does @p of @len bytes hold @word, on its own? */
static bool has_word(const char *p, size_t len, const char *word)
{
	size_t n = strlen(word), i;

	for (i = 0; i + n <= len; i++)
		if (!memcmp(p + i, word, n) && (!i || p[i - 1] == ' ' || p[i - 1] == '\t') &&
		    (i + n == len || p[i + n] == ' ' || p[i + n] == '\t'))
			return true;
	return false;
}

/* The statement that ends where @column begins. */
static const struct edit *edit_before(const struct line *line, size_t column)
{
	const struct edit *e, *found = NULL;
	size_t i, to = line_column(line, column, false);

	for (i = 0; i < line->edits.count; i++) {
		e = &line->edits.e[i];
		if (e->out + e->out_len <= column)
			found = e;
	}
	if (!found || to > line->typed_len)
		return NULL;
	for (i = found->in + found->in_len; i < to; i++)
		if (line->typed[i] != ' ' && line->typed[i] != '\t')
			return NULL;
	return found;
}

static bool is_log_option(const char *p, size_t len)
{
	static const char *const options[] = {
		"prefix", "group", "snaplen", "queue-threshold", "level",
	};
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strlen(options[i]) == len && !memcmp(options[i], p, len))
			return true;
	return false;
}

static void add(struct buf *out, size_t begin, const char *p, size_t len)
{
	if (out->len > begin)
		buf_str(out, ", ");
	buf_add(out, p, len);
}

/* In the place of log's options: those that the statement has not yet. */
static void add_options(const char *typed, const struct edit *e, struct buf *out, size_t begin)
{
	bool silent = has_word(typed + e->in, e->in_len, "silent");

	if (!silent && !has_word(typed + e->in, e->in_len, "key"))
		add(out, begin, "key", 3);
	if (!silent)
		add(out, begin, "silent", 6);
}

/**
 * expected_is - is it the line that says what was expected?
 * @text: a line of an error, of @len bytes
 */
bool expected_is(const char *text, size_t len)
{
	return len >= strlen(EXPECTED) && !memcmp(text, EXPECTED, strlen(EXPECTED));
}

/**
 * expected_print - print that line as a grammar with the statement would
 * @text: the line, of @len bytes
 * @line: what the error is about
 * @column: where, from 0, in what nft got
 * @out: where to
 */
void expected_print(const char *text, size_t len, const struct line *line, size_t column,
		    struct buf *out)
{
	const struct edit *before = edit_before(line, column);
	const char *p = text + strlen(EXPECTED), *end = text + len, *comma;
	size_t begin, n;
	bool told = false;

	buf_add(out, text, strlen(EXPECTED));
	begin = out->len;
	for (; p < end; p = comma + 2) {
		comma = memmem(p, end - p, ", ", 2);
		if (!comma)
			comma = end;
		n = comma - p;
		if (before && is_log_option(p, n)) {
			if (!told)
				add_options(line->typed, before, out, begin);
			told = true;
			continue;
		}
		add(out, begin, p, n);
		if (n == 3 && !memcmp(p, "log", 3))
			add(out, begin, "sysrq", 5);
	}
}
