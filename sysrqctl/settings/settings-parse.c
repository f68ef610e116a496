// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of settings files:
 *
 *	KEYWORD VALUE			for all hosts
 *	Host PATTERN [!]PATTERN...
 *	KEYWORD VALUE			for these, up to the next Host
 *
 * Each value is checked here, so that an error has its line.
 */
#include "settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fleet.h"
#include "remote.h"
#include "steps.h"
#include "transport.h"

#define LINE_LONGEST	1024
#define WHY		512

const char * const settings_keywords[SETTINGS] = {
	[SETTING_ADDRESS] = "Address",
	[SETTING_PORT] = "Port",
	[SETTING_KEY] = "Key",
	[SETTING_IDENTITY] = "Identity",
	[SETTING_TRANSPORT] = "Transport",
	[SETTING_TIMEOUT] = "Timeout",
	[SETTING_PARALLEL] = "Parallel",
	[SETTING_SEQUENCE] = "Sequence",
};

/* Where we are. */
struct reader {
	struct settings	*s;
	struct textfile	*f;
	char		*why;
	size_t		len;
};

#define refuse(r, ...)	textfile_refuse((r)->f, (r)->why, (r)->len, __VA_ARGS__)

/* Cut @text into words. Return: them, ending with NULL, to be freed; or NULL: no memory. */
static char **split(char *text, unsigned int *n)
{
	char **words = calloc(strlen(text) / 2 + 2, sizeof(*words)), *state;

	*n = 0;
	if (words)
		for (text = strtok_r(text, " ", &state); text; text = strtok_r(NULL, " ", &state))
			words[(*n)++] = text;
	return words;
}

static int read_address(struct reader *r, struct entry *e)
{
	struct host host;
	char why[WHY];
	unsigned int i;

	e->words = split(e->text, &e->nwords);
	if (!e->words)
		return refuse(r, "no memory");
	if (e->nwords > EXCHANGE_ADDRS)
		return refuse(r, "Address: more than %d", EXCHANGE_ADDRS);
	for (i = 0; i < e->nwords; i++) {
		char text[HOST_LEN + 1];

		snprintf(text, sizeof(text), "%s", e->words[i]);
		if (host_parse(text, &host, why, sizeof(why)))
			return refuse(r, "Address: %s", why);
		if (host.port[0] || strcmp(host.name, e->words[i]))
			return refuse(r, "Address '%s': a name or an address without port and "
				      "brackets; Port sets the port", e->words[i]);
	}
	return 0;
}

static int read_port(struct reader *r, struct entry *e)
{
	char port[6];

	if (port_parse(e->text, port))
		return refuse(r, "Port '%s': not one of 1 to 65535", e->text);
	/* Without leading zeros: what is remembered of hosts goes by it. */
	strcpy(e->text, port);
	return 0;
}

static int read_key(struct reader *r, struct entry *e)
{
	char path[4096];

	if (!strcmp(e->text, "-"))
		return refuse(r, "Key: a file cannot ask for standard input");
	return settings_key(e, "", path, sizeof(path)) ?
	       refuse(r, "Key '%s': too long, or has a %% that is neither %%h nor %%%%",
		      e->text) : 0;
}

static int read_identity(struct reader *r, struct entry *e)
{
	struct host host = { 0 };

	return strlen(e->text) >= NFT_SYSRQ_IDENTITY_LEN || host_set_identity(&host, e->text) ?
	       refuse(r, "Identity '%.64s': not 1 to %d characters of lower-case ASCII without "
		      "final dot", e->text, NFT_SYSRQ_IDENTITY_LEN - 1) : 0;
}

static int read_transport(struct reader *r, struct entry *e)
{
	return transport_find(e->text) ? 0 :
	       refuse(r, "Transport '%s': neither udp nor icmp", e->text);
}

static int read_timeout(struct reader *r, struct entry *e)
{
	char why[WHY];

	return remote_parse_timeout(e->text, &e->number, why, sizeof(why)) ?
	       refuse(r, "Timeout %s", why) : 0;
}

static int read_parallel(struct reader *r, struct entry *e)
{
	if (r->s->blocks[r->s->nblocks - 1].patterns)
		return refuse(r, "Parallel is not of a host: it must stand before the first Host");
	e->number = remote_parse_parallel(e->text);
	return e->number ? 0 : refuse(r, "Parallel '%s': not from 1 to %d", e->text,
				      FLEET_PARALLEL_MAX);
}

static int read_sequence(struct reader *r, struct entry *e)
{
	struct steps steps;
	char why[WHY];

	e->name = e->text;
	e->text += strcspn(e->text, " ");
	if (*e->text)
		*e->text++ = '\0';
	e->text += strspn(e->text, " ");
	if (!sequence_name(e->name))
		return refuse(r, "Sequence '%s': its name is not 2 to 31 of a-z 0-9 _ -", e->name);
	if (!*e->text)
		return refuse(r, "Sequence %s: needs COMMANDS", e->name);
	return steps_parse(&steps, 1, &e->text, NULL, why, sizeof(why)) ?
	       refuse(r, "Sequence %s: %s", e->name, why) : 0;
}

static int (* const readers[SETTINGS])(struct reader *r, struct entry *e) = {
	[SETTING_ADDRESS] = read_address,
	[SETTING_PORT] = read_port,
	[SETTING_KEY] = read_key,
	[SETTING_IDENTITY] = read_identity,
	[SETTING_TRANSPORT] = read_transport,
	[SETTING_TIMEOUT] = read_timeout,
	[SETTING_PARALLEL] = read_parallel,
	[SETTING_SEQUENCE] = read_sequence,
};

static struct block *add_block(struct reader *r)
{
	struct settings *s = r->s;
	struct block *b;

	if (!s->blocks)
		s->blocks = calloc(SETTINGS_BLOCKS, sizeof(*s->blocks));
	if (!s->blocks || s->nblocks == SETTINGS_BLOCKS)
		return NULL;
	b = &s->blocks[s->nblocks++];
	b->first = s->nentries;
	return b;
}

static int read_host(struct reader *r, char *value)
{
	struct block *b = add_block(r);
	unsigned int n;

	if (!b)
		return refuse(r, "more than %d times Host, or no memory", SETTINGS_BLOCKS - 2);
	b->patterns = split(value, &n);
	return b->patterns ? 0 : refuse(r, "no memory");
}

/* How many letters differ, are too many or too few; about. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int n = 0;

	for (; *a && *b; a++, b++) {
		if ((*a | 0x20) == (*b | 0x20))
			continue;
		n++;
		if (a[1] && (a[1] | 0x20) == (*b | 0x20))
			a++;
		else if (b[1] && (*a | 0x20) == (b[1] | 0x20))
			b++;
	}
	return n + strlen(a) + strlen(b);
}

static int refuse_keyword(struct reader *r, const char *word)
{
	const char *nearest = "Host";
	unsigned int best = distance(word, nearest), d;
	int i;

	for (i = 0; i < SETTINGS; i++) {
		d = distance(word, settings_keywords[i]);
		if (d < best) {
			best = d;
			nearest = settings_keywords[i];
		}
	}
	return refuse(r, "unknown keyword '%.32s'%s%s%s", word, best < 4 ? "; is it to be '" : "",
		      best < 4 ? nearest : "", best < 4 ? "'?" : "");
}

static int add_entry(struct reader *r, enum setting what, char *value)
{
	struct settings *s = r->s;
	struct entry *e;
	int err;

	if (!s->entries)
		s->entries = calloc(SETTINGS_ENTRIES, sizeof(*s->entries));
	if (!s->entries || s->nentries == SETTINGS_ENTRIES)
		return refuse(r, "more than %d settings, or no memory", SETTINGS_ENTRIES);
	e = &s->entries[s->nentries++];
	e->what = what;
	e->file = r->f->name;
	e->line = r->f->line;
	e->text = value;
	err = readers[what](r, e);
	s->blocks[s->nblocks - 1].n++;
	return err;
}

static int read_line(struct reader *r, char *line)
{
	char *value = line + strcspn(line, " ");
	int i;

	if (*value)
		*value++ = '\0';
	value += strspn(value, " ");
	if (!strcasecmp(line, "Host"))
		return *value ? read_host(r, value) : refuse(r, "Host: needs a pattern");
	for (i = 0; i < SETTINGS; i++)
		if (!strcasecmp(line, settings_keywords[i]))
			return *value ? add_entry(r, i, value) :
			       refuse(r, "%s: needs a value", settings_keywords[i]);
	return refuse_keyword(r, line);
}

/**
 * settings_parse - add what stands in a file
 * @s: gets more
 * @f: the file; its text stays while @s is used
 * @why: says what is wrong, and where, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int settings_parse(struct settings *s, struct textfile *f, char *why, size_t len)
{
	struct reader r = { .s = s, .f = f, .why = why, .len = len };
	char *line;
	int more;

	/* What stands before the first Host. */
	if (!add_block(&r))
		return refuse(&r, "more than %d times Host, or no memory", SETTINGS_BLOCKS - 2);
	while ((more = textfile_line(f, &line, LINE_LONGEST, why, len)) > 0)
		if (read_line(&r, line))
			return -EINVAL;
	return more;
}
