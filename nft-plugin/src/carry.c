// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include <libnftnl-sysrq/sysrq.h>

#include "carrier.h"
#include "carry.h"
#include "word.h"

struct carry {
	const char	*text;
	struct carry_how how;
	const char	*line;	/* somewhere in the last one that was edited */
	size_t		lines;	/* such lines, if there is a unit */
	size_t		done;	/* bytes of the text that are in out */
	struct buf	*out;
	struct edits	*edits;
	size_t		count;	/* statements */
};

/* The parts of a statement that are there. */
struct statement {
	struct token	sysrq;
	struct token	key;
	bool		variable;
	struct token	name;	/* of a variable without the $ */
	struct token	silent;
	struct token	bad;	/* stands behind what is good, and must be refused */
	const char	*why;
};

/* Quick: most input has nothing for us. */
bool carry_wanted(const char *text, size_t len)
{
	return memmem(text, len, "sysrq", 5);
}

void edits_add(struct edits *edits, const struct edit *e)
{
	size_t size = edits->size ? edits->size * 2 : 16;
	struct edit *p;

	if (edits->count == edits->size) {
		p = edits->failed ? NULL : reallocarray(edits->e, size, sizeof(*p));
		if (!p) {
			edits->failed = true;
			return;
		}
		edits->e = p;
		edits->size = size;
	}
	edits->e[edits->count++] = *e;
}

void edits_free(struct edits *edits)
{
	free(edits->e);
	memset(edits, 0, sizeof(*edits));
}

/* How far what is in the line from @from on is moved to the right. */
static size_t moved(struct carry *c, const char *from)
{
	if (!c->how.unit || (c->line && !memchr(c->line, '\n', from - c->line)))
		return 0;
	c->line = from;
	return c->how.unit * ++c->lines;
}

/* Replaces the text from @from to @to by what is in @with. */
static void edit(struct carry *c, const char *from, const char *to, struct buf *with,
		 const char *why)
{
	struct edit e = { .in = from - c->text, .in_len = to - from, .why = why };
	size_t blanks = moved(c, from);

	buf_add(c->out, c->text + c->done, e.in - c->done);
	e.out = c->out->len;
	e.out_len = blanks + (with ? with->len : 0);
	while (blanks--)
		buf_add(c->out, " ", 1);
	if (with && with->len)
		buf_add(c->out, with->p, with->len);
	c->done = to - c->text;
	if (c->edits)
		edits_add(c->edits, &e);
}

/* The end of the part of the statement that is on its first line; its other lines become empty. */
static void edit_lines(struct carry *c, const struct statement *st, struct buf *with)
{
	const struct token *part[] = { &st->sysrq, &st->key, &st->name, &st->silent };
	const char *from = st->sysrq.p, *to = from + st->sysrq.len;
	size_t i;

	for (i = 1; i < sizeof(part) / sizeof(part[0]); i++) {
		if (!part[i]->p)
			continue;
		if (memchr(to, '\n', part[i]->p - to)) {
			edit(c, from, to, with, NULL);
			with = NULL;
			from = part[i]->p - (part[i] == &st->name && st->variable);
		}
		to = part[i]->p + part[i]->len;
	}
	edit(c, from, to, with, NULL);
}

#define NO_NAME		"sysrq key: a name is missing"
#define KEYWORD		"sysrq key: a name is missing, or is a keyword and must stand in quotes"
#define BAD_VARIABLE	"sysrq key: the name of a variable may hold only A-Z a-z 0-9 _ here"

/* Why @t is no name; NULL if it is one. */
static const char *name_fault(const struct token *t)
{
	switch (t->type) {
	case TOKEN_QUOTED:
		return nftnl_sysrq_key_valid(t->p + 1, t->len - 2) ? NULL : KEY_NAME_FAULT;
	case TOKEN_WORD:
		if (word_traits(t) & IS_KEYWORD)
			return KEYWORD;
		return nftnl_sysrq_key_valid(t->p, t->len) ? NULL : KEY_NAME_FAULT;
	case TOKEN_PUNCT:
		return token_punct(t, ';') || token_punct(t, '}') ? NO_NAME : KEY_NAME_FAULT;
	case TOKEN_NEWLINE:
	case TOKEN_END:
		break;
	}
	return NO_NAME;
}

/* What nft, in a string, takes for the name of a variable ends before any other character. */
static const char *variable_fault(const struct token *t)
{
	size_t i;

	for (i = 0; i < t->len; i++)
		if (t->p[i] == '-' || t->p[i] == '.' || t->p[i] == '/' || t->p[i] == '*' ||
		    t->p[i] == '\\')
			return BAD_VARIABLE;
	return NULL;
}

/* @s stands behind `key`. */
static void parse_name(struct scan *s, struct statement *st)
{
	struct scan ahead = *s;
	struct token t = scan_next(&ahead);

	if (token_punct(&t, '$')) {
		const char *dollar = t.p;

		t = scan_next(&ahead);
		st->variable = t.type == TOKEN_WORD && t.p == dollar + 1;
	}
	st->why = st->variable ? variable_fault(&t) : name_fault(&t);
	if (!st->why) {
		st->name = t;
		*s = ahead;
	} else if (!strcmp(st->why, NO_NAME)) {
		/* What follows is not to blame. */
		st->bad = st->key;
	} else {
		st->bad = t;
		if (st->variable) {
			st->bad.p--;
			st->bad.len++;
		}
		st->variable = false;
		*s = ahead;
	}
}

/* What nft would take for an option of the carrier. */
static const char *log_option_fault(const struct token *t)
{
	static const char *const options[][2] = {
		{ "prefix", "syntax error, unexpected prefix" },
		{ "group", "syntax error, unexpected group" },
		{ "snaplen", "syntax error, unexpected snaplen" },
		{ "queue-threshold", "syntax error, unexpected queue-threshold" },
		{ "level", "syntax error, unexpected level" },
		{ "flags", "syntax error, unexpected flags" },
	};
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (token_is(t, options[i][0]))
			return options[i][1];
	return NULL;
}

/* @s stands behind the word sysrq, and behind the statement afterwards. */
static void parse_statement(struct scan *s, struct statement *st)
{
	struct scan ahead = *s;
	struct token t = scan_next(&ahead);

	if (token_is(&t, "key")) {
		st->key = t;
		*s = ahead;
		parse_name(s, st);
		if (st->why)
			return;
		ahead = *s;
		t = scan_next(&ahead);
	}
	if (token_is(&t, "silent")) {
		st->silent = t;
		*s = ahead;
		t = scan_next(&ahead);
	}
	st->why = log_option_fault(&t);
	if (st->why) {
		st->bad = t;
		*s = ahead;
	}
}

static void put_statement(struct buf *with, const struct statement *st, bool apart)
{
	struct token name = st->name;

	if (name.p && name.type == TOKEN_QUOTED) {
		name.p++;
		name.len -= 2;
	} else if (st->variable) {
		name.p--;
		name.len++;
	}
	buf_str(with, CARRIER_HEAD);
	carrier_put(with, name.p, name.p ? name.len : 0, st->silent.p);
	buf_str(with, "\"");
	if (!apart)
		return;
	buf_str(with, APART_HEAD);
	carrier_put_apart(with);
	buf_str(with, "\"");
}

static void refuse(struct carry *c, const struct token *t, const char *why)
{
	const char *nl = memchr(t->p, '\n', t->len);
	struct buf with = { 0 };

	/* Of a string that goes on in the next line the beginning is enough: lines stay lines. */
	buf_str(&with, REFUSED);
	if (!buf_ok(&with))
		c->out->failed = true;
	edit(c, t->p, nl ? nl : t->p + t->len, &with, why);
	buf_free(&with);
}

static void carry_statement(struct carry *c, const struct token *sysrq, struct scan *s)
{
	struct statement st = { .sysrq = *sysrq };
	struct buf with = { 0 };

	parse_statement(s, &st);
	put_statement(&with, &st, c->how.apart);
	if (!buf_ok(&with))
		c->out->failed = true;
	/* Two edits must not overlap. */
	if (st.bad.p && st.bad.p == st.key.p)
		st.key.p = NULL;
	edit_lines(c, &st, &with);
	if (st.bad.p)
		refuse(c, &st.bad, st.why);
	buf_free(&with);
	c->count++;
}

static bool has(const char *from, const char *to, char c)
{
	return memchr(from, c, to - from);
}

/*
 * Lines without the word that open, close and continue nothing: whatever they say, it has no bearing on
 * the lines behind them. @word is where the word stands next, or the end.
 */
static void skip_lines(struct scan *s, const char **word)
{
	const char *from, *nl;

	while ((nl = memchr(s->p, '\n', s->end - s->p))) {
		from = s->p;
		if (*word < from)
			*word = memmem(from, s->end - from, "sysrq", 5);
		if (!*word)
			*word = s->end;
		if (*word < nl || has(from, nl, '{') || has(from, nl, '}') ||
		    has(from, nl, '"') || has(from, nl, '\\'))
			return;
		s->p = nl + 1;
	}
}

/**
 * carry - put carriers in place of our statements
 * @text: what a person typed, of @len bytes
 * @how: where it stands, and for what
 * @out: where the text for nft goes; failed when memory is gone
 * @edits: where the replacements are noted, or NULL
 *
 * Returns how many statements there are.
 */
size_t carry(const char *text, size_t len, struct carry_how how, struct buf *out,
	     struct edits *edits)
{
	struct carry c = { .text = text, .how = how, .out = out, .edits = edits };
	const char *word = NULL;
	struct place place;
	struct token t;
	struct scan s;

	place_init(&place, how.block);
	scan_init(&s, text, len);
	while ((t = scan_next(&s)).type != TOKEN_END) {
		struct scan ahead = s;
		struct token next;

		if (token_is(&t, "sysrq") && place_statement(&place)) {
			next = scan_next(&ahead);
			if (!token_punct(&next, '{'))
				carry_statement(&c, &t, &s);
		}
		place_feed(&place, &t);
		if (t.type == TOKEN_NEWLINE && place_line(&place))
			skip_lines(&s, &word);
	}
	buf_add(out, text + c.done, len - c.done);
	return c.count;
}

#define MOVED_LINES	512			/* with a statement */
#define MOVED_MAX	((size_t)1 << 22)	/* bytes, all told */

static size_t longest_line(const struct buf *b)
{
	const char *p = b->p, *end = b->p + b->len, *nl;
	size_t longest = 0;

	for (; p < end; p = nl + 1) {
		nl = memchr(p, '\n', end - p);
		nl = nl ? nl : end;
		if ((size_t)(nl - p) > longest)
			longest = nl - p;
	}
	return longest;
}

/**
 * carry_unit - have columns tell lines
 * @text: what was typed, of @len bytes
 * @how: for carry()
 *
 * Of commands that nft has from memory, it tells an error's column, but not its line; and how far carriers
 * have moved a column differs from line to line. So from the first statement of a line on, all is moved on
 * by a multiple of a unit, which is more than a line is long: in the first line that has one by one unit, in
 * the second by two.
 *
 * Returns the unit; 0 where it is not needed, or would take too much.
 */
size_t carry_unit(const char *text, size_t len, struct carry_how how)
{
	const char *nl = memchr(text, '\n', len);
	struct edits edits = { 0 };
	struct buf out = { 0 };
	size_t unit = 0, n;

	if (!nl || nl + 1 == text + len)
		return 0;
	carry(text, len, how, &out, &edits);
	n = edits.count;
	if (n && n < MOVED_LINES && buf_ok(&out) && !edits.failed)
		unit = longest_line(&out) + 1;
	if (n && unit > MOVED_MAX / (n * (n + 1) / 2))
		unit = 0;
	edits_free(&edits);
	buf_free(&out);
	return unit;
}
