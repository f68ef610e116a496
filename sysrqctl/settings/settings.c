// SPDX-License-Identifier: GPL-2.0-only
/* Settings: what holds for a host. For each keyword, the first value that is found. */
#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pattern.h"
#include "wire.h"

/* A pattern that fits, and none with ! that does. */
static bool applies(const struct block *b, const char *name)
{
	bool any = false;
	char **p;

	if (!b->patterns)
		return true;
	for (p = b->patterns; *p; p++) {
		if ((*p)[0] == '!') {
			if (pattern_matches(*p + 1, name))
				return false;
		} else {
			any |= pattern_matches(*p, name);
		}
	}
	return any;
}

/**
 * settings_of - what is set for a host
 * @s: the settings
 * @name: of the host, as typed
 * @found: of each keyword the entry that counts, or NULL
 */
void settings_of(const struct settings *s, const char *name,
		 const struct entry *found[SETTINGS])
{
	const struct entry *e;
	size_t i, j;

	memset(found, 0, SETTINGS * sizeof(*found));
	for (i = 0; i < s->nblocks; i++) {
		if (!applies(&s->blocks[i], name))
			continue;
		for (j = 0; j < s->blocks[i].n; j++) {
			e = &s->entries[s->blocks[i].first + j];
			if (!found[e->what])
				found[e->what] = e;
		}
	}
}

static bool has_sequence(const struct sequence *sequences, size_t n, const char *name)
{
	while (n--)
		if (!strcmp(sequences[n].name, name))
			return true;
	return false;
}

/**
 * settings_sequences - the sequences that a host's user has
 * @s: stays while they are used
 * @name: of the host, as typed
 * @sequences: filled in; ends with an empty name
 *
 * Return: how many; more than SETTINGS_SEQUENCES are left out.
 */
size_t settings_sequences(const struct settings *s, const char *name,
			  struct sequence sequences[SETTINGS_SEQUENCES + 1])
{
	const struct entry *e;
	size_t i, j, n = 0;

	for (i = 0; i < s->nblocks; i++) {
		if (!applies(&s->blocks[i], name))
			continue;
		for (j = 0; j < s->blocks[i].n && n < SETTINGS_SEQUENCES; j++) {
			e = &s->entries[s->blocks[i].first + j];
			if (e->what != SETTING_SEQUENCE || has_sequence(sequences, n, e->name))
				continue;
			strcpy(sequences[n].name, e->name);
			sequences[n++].text = e->text;
		}
	}
	memset(&sequences[n], 0, sizeof(sequences[n]));
	return n;
}

static const char *home(void)
{
	const char *dir = getenv("HOME");
	struct passwd *pw;

	if (dir && dir[0] == '/')
		return dir;
	pw = getpwuid(geteuid());
	return pw ? pw->pw_dir : "/nonexistent";
}

/* %h is the host's name in small letters, %% is %. */
static int expand(const char *text, const char *host, FILE *out)
{
	const char *p;

	for (; *text; text++) {
		if (*text != '%') {
			fputc(*text, out);
			continue;
		}
		if (*++text == 'h')
			for (p = host; *p; p++)
				fputc(tolower((unsigned char)*p), out);
		else if (*text == '%')
			fputc('%', out);
		else
			return -EINVAL;
	}
	return 0;
}

/**
 * settings_key - where the key of a host lies
 * @e: of SETTING_KEY
 * @host: its name, as typed
 * @path: filled in
 * @size: of @path
 *
 * Return: 0, or -EINVAL: it is too long, or has a % that is neither %h nor %%.
 */
int settings_key(const struct entry *e, const char *host, char *path, size_t size)
{
	const char *text = e->text, *slash = strrchr(e->file, '/');
	FILE *out = fmemopen(path, size, "w");
	int err;

	if (!out)
		return -EINVAL;
	setbuf(out, NULL);
	if (!strncmp(text, "~/", 2)) {
		fputs(home(), out);
		text++;
	} else if (text[0] != '/' && strncmp(text, "credential:", 11) && slash) {
		fprintf(out, "%.*s", (int)(slash - e->file + 1), e->file);
	}
	err = expand(text, host, out);
	if (ferror(out) || ftell(out) >= (long)size)
		err = -EINVAL;
	fclose(out);
	return err;
}

/**
 * settings_apply - what is set for a host, to the host
 * @s: stays while @host is used
 * @host: its addresses, port and identity are set, as far as they were not typed
 * @port: where the host names none, or ""
 * @found: filled in, as by settings_of()
 *
 * Return: 0, or -EINVAL: the identity is none, which settings_parse() lets nobody set.
 */
int settings_apply(const struct settings *s, struct host *host, const char *port,
		   const struct entry *found[SETTINGS])
{
	const struct entry *e;
	unsigned int i;

	settings_of(s, host->name, found);
	e = found[SETTING_PORT];
	if (!host->port[0] && !port[0] && !e)
		snprintf(host->port, sizeof(host->port), "%d", NFT_SYSRQ_PORT);
	else if (!host->port[0])
		snprintf(host->port, sizeof(host->port), "%s", port[0] ? port : e->text);
	e = found[SETTING_ADDRESS];
	if (e) {
		host->addresses = e->words;
		host->naddresses = e->nwords;
		host->direct = true;
		for (i = 0; i < e->nwords; i++)
			host->direct &= host_is_literal(e->words[i]);
	}
	e = found[SETTING_IDENTITY];
	return e ? host_set_identity(host, e->text) : 0;
}
