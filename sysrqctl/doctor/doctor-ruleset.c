// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor: where a file for nft, with what it includes, has the statement sysrq. That is told to
 * people; whether nft takes the file, nft is asked.
 */
#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

#define DEPTH		16	/* of includes, as nft's own */
#define FILES		256	/* of all */
#define INCLUDES	"/etc"	/* where nft looks for a name without folder */

struct scan {
	const struct doctor	*d;
	struct ruleset_lines	*lines;
	unsigned int		files;
};

static int scan_file(struct scan *s, const char *file, unsigned int depth);

/* Words behind which sysrq is a name. */
static bool names(const char *word)
{
	static const char * const before[] = {
		"table", "chain", "set", "map", "flowtable", "counter", "quota", "limit", "define",
		"jump", "goto", "inet", "ip", "ip6", "arp", "bridge", "netdev", "name", "comment",
		"iif", "oif", "iifname", "oifname", "key",
	};
	size_t i;

	for (i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (!strcmp(before[i], word))
			return true;
	return false;
}

static void note(struct scan *s, const char *file, unsigned int line, bool alone)
{
	struct ruleset_lines *l = s->lines;

	if (l->n < RULESET_LINES) {
		snprintf(l->at[l->n].file, sizeof(l->at[0].file), "%s", file);
		l->at[l->n].line = line;
		l->at[l->n].alone = alone;
	}
	l->n++;
}

static void scan_glob(struct scan *s, const char *pattern, unsigned int depth)
{
	char path[DOCTOR_PATH_LEN], full[DOCTOR_PATH_LEN];
	size_t len = strlen(pattern), i;
	glob_t g;
	int n;

	n = snprintf(path, sizeof(path), "%s%s%s", *pattern == '/' ? "" : INCLUDES "/", pattern,
		     len && pattern[len - 1] == '/' ? "*" : "");
	if (n >= (int)sizeof(path) || doctor_path(s->d, path, full) || glob(full, 0, NULL, &g))
		return;
	for (i = 0; i < g.gl_pathc; i++)
		scan_file(s, g.gl_pathv[i] + strlen(s->d->root), depth + 1);
	globfree(&g);
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '/' || c == '\\' || c == '$' ||
	       c == '@' || c == '-';
}

/* A string begins at @p. Return: behind it. */
static const char *scan_string(struct scan *s, const char *p, const char *before, unsigned int depth)
{
	const char *end = strchrnul(p + 1, '"');
	char name[DOCTOR_PATH_LEN];

	if (!strcmp(before, "include") && end - p - 1 < (long)sizeof(name)) {
		memcpy(name, p + 1, end - p - 1);
		name[end - p - 1] = '\0';
		scan_glob(s, name, depth);
	}
	return *end ? end + 1 : end;
}

static void scan_text(struct scan *s, const char *text, const char *file, unsigned int depth)
{
	char before[16] = "", word[16];
	const char *p = text;
	unsigned int line = 1;
	size_t len;

	while (*p) {
		len = 0;
		if (*p == '#') {
			p += strcspn(p, "\n");
		} else if (*p == '"') {
			p = scan_string(s, p, before, depth);
			before[0] = '\0';
		} else if (in_word(*p)) {
			while (in_word(p[len]))
				len++;
			snprintf(word, sizeof(word), "%.*s", (int)len, p);
			if (!strcmp(word, "sysrq") && !names(before) &&
			    p[len + strspn(p + len, " \t")] != '=')
				note(s, file, line, doctor_line_alone(text, p));
			strcpy(before, word);
			p += len;
		} else {
			if (*p == '\n')
				line++;
			if (!isblank((unsigned char)*p))
				before[0] = '\0';
			p++;
		}
	}
}

static int scan_file(struct scan *s, const char *file, unsigned int depth)
{
	char *text;
	int err;

	if (depth > DEPTH || s->files++ >= FILES)
		return -ELOOP;
	err = doctor_read(s->d, file, &text);
	if (err)
		return err;
	scan_text(s, text, file, depth);
	free(text);
	return 0;
}

/**
 * doctor_ruleset - find the statement in a file for nft, and in what it includes
 * @d: the doctor
 * @file: its path
 * @lines: filled in
 *
 * Return: 0, or a negative errno of reading the file itself.
 */
int doctor_ruleset(const struct doctor *d, const char *file, struct ruleset_lines *lines)
{
	struct scan s = { .d = d, .lines = lines };

	memset(lines, 0, sizeof(*lines));
	return scan_file(&s, file, 0);
}
