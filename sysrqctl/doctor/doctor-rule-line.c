// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor: is a line of a file for nft one rule, and nothing else? Only such a line can be put out of
 * use by itself: where the rule goes on in the next one, that would be a rule of its own, and drop
 * all, perhaps.
 */
#include <ctype.h>
#include <string.h>

#include "doctor.h"

/**
 * struct line - what a line has, but for comment and strings
 * @first: its first word
 * @ends: statements end in it
 * @torn: a brace is without its other one
 * @goes_on: in the next line
 */
struct line {
	char	first[16];
	bool	ends;
	bool	torn;
	bool	goes_on;
};

static void read_line(const char *p, struct line *l)
{
	size_t len = 0, open = 0;

	memset(l, 0, sizeof(*l));
	p += strspn(p, " \t");
	while (len < sizeof(l->first) - 1 && isalpha((unsigned char)p[len]))
		len++;
	memcpy(l->first, p, len);
	for (; *p && *p != '\n' && *p != '#'; p++) {
		if (*p == '"') {
			p += 1 + strcspn(p + 1, "\"\n");
			l->torn |= *p != '"';
		}
		if (!*p || *p == '\n')
			break;
		l->ends |= *p == ';';
		l->torn |= *p == '}' && !open;
		if (*p == '{')
			open++;
		else if (*p == '}' && open)
			open--;
		if (!isspace((unsigned char)*p))
			l->goes_on = *p == '\\';
	}
	l->torn |= open > 0;
}

/* Where the line of @p begins. */
static const char *start_of(const char *text, const char *p)
{
	while (p > text && p[-1] != '\n')
		p--;
	return p;
}

/**
 * doctor_line_alone - does a rule have its line for itself?
 * @text: the file
 * @p: where in it
 */
bool doctor_line_alone(const char *text, const char *p)
{
	static const char * const others[] = { "table", "chain", "define", "redefine", "include" };
	const char *line = start_of(text, p);
	struct line l;
	size_t i;

	if (line > text) {
		read_line(start_of(text, line - 1), &l);
		if (l.goes_on)
			return false;
	}
	read_line(line, &l);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(l.first, others[i]))
			return false;
	return !l.ends && !l.torn && !l.goes_on;
}
