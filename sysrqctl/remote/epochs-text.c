// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of remembered epochs, as text: a line that says what it is, then
 * one an entry. Nothing in it is secret; but it is read as if an enemy had
 * written it.
 */
#include "epochs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADER		"sysrqctl epochs v1"
#define FIELDS		10
#define MS_MAX		(1LL << 52)

static int number(const char *text, s64 min, s64 max, s64 *value)
{
	const char *digits = text + (*text == '-');
	size_t len = strlen(digits);

	if (!len || len > 19 || strspn(digits, "0123456789") != len)
		return -EINVAL;
	errno = 0;
	*value = strtoll(text, NULL, 10);
	return errno || *value < min || *value > max ? -EINVAL : 0;
}

static int hex(const char *text, size_t digits, u64 *value)
{
	if (strlen(text) != digits || strspn(text, "0123456789abcdef") != digits)
		return -EINVAL;
	*value = strtoull(text, NULL, 16);
	return 0;
}

/* A host as it may be typed. */
static bool is_host(const char *text)
{
	size_t len = strlen(text);

	if (!len || len > 255)
		return false;
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Fields between single blanks. Return: how many, FIELDS + 1 if too many. */
static int split(char *line, char *field[FIELDS])
{
	int n = 0;

	while (line) {
		if (n == FIELDS)
			return FIELDS + 1;
		field[n++] = strsep(&line, " ");
	}
	return n;
}

/* KEY-ID HOST PORT EPOCH BOOT-NS OUR-REAL-NS OUR-BOOT-NS BOOT-ID CLOCK LEAD-MS */
static int parse_line(char *line, struct epoch *e)
{
	char *f[FIELDS];
	u64 key_id, epoch;
	s64 port;

	memset(e, 0, sizeof(*e));
	if (split(line, f) != FIELDS || hex(f[0], 8, &key_id) || !is_host(f[1]) ||
	    number(f[2], 1, 65535, &port) || f[2][0] == '0' || hex(f[3], 16, &epoch) || !epoch ||
	    number(f[4], 0, EPOCHS_BOOT_MAX, &e->told.boot) ||
	    number(f[5], 0, EPOCHS_REAL_MAX, &e->told.at.real) ||
	    number(f[6], 0, EPOCHS_BOOT_MAX, &e->told.at.boot) ||
	    number(f[9], -MS_MAX, MS_MAX, &e->told.lead_ms))
		return -EINVAL;
	if (!f[7][0] || strlen(f[7]) >= BOOT_ID_LEN ||
	    f[7][strspn(f[7], "0123456789abcdef-")])
		return -EINVAL;
	if (strcmp(f[8], "right") && strcmp(f[8], "wrong"))
		return -EINVAL;
	e->key_id = key_id;
	e->host = f[1];
	e->port = f[2];
	e->told.epoch = cpu_to_be64(epoch);
	strcpy(e->boot_id, f[7]);
	e->right = f[8][0] == 'r';
	return 0;
}

/**
 * epochs_parse - what the file says
 * @e: @text is set and is cut to pieces; @known is filled
 *
 * A line that makes no sense is passed over, and said; a file that begins
 * with another line is not ours.
 */
void epochs_parse(struct epochs *e)
{
	char *next = e->text, *line;
	struct epoch entry;
	unsigned int number_of = 1;

	line = strsep(&next, "\n");
	if (strcmp(line, HEADER)) {
		e->foreign = true;
		epochs_warn(e, "%s:1: not '%s'", e->path, HEADER);
		return;
	}
	while (next && *next) {
		line = strsep(&next, "\n");
		number_of++;
		if (e->known.n == EPOCHS_MAX) {
			epochs_warn(e, "%s:%u: more than %d entries", e->path, number_of,
				    EPOCHS_MAX);
			break;
		}
		if (parse_line(line, &entry))
			epochs_warn(e, "%s:%u: makes no sense, and is passed over", e->path,
				    number_of);
		else if (epochs_add(&e->known, &entry))
			epochs_warn(e, "no memory");
	}
	epochs_sort(&e->known);
}

/**
 * epochs_print - an entry as it stands in the file; the line that says what it is
 * @entry: NULL: that line
 * @out: where to
 *
 * Return: negative on an error.
 */
int epochs_print(const struct epoch *entry, FILE *out)
{
	const struct exchange_learned *t;

	if (!entry)
		return fprintf(out, HEADER "\n");
	t = &entry->told;
	return fprintf(out, "%08x %s %s %016llx %lld %lld %lld %s %s %lld\n", entry->key_id,
		       entry->host, entry->port, (unsigned long long)be64_to_cpu(t->epoch),
		       (long long)t->boot, (long long)t->at.real, (long long)t->at.boot,
		       entry->boot_id, entry->right ? "right" : "wrong",
		       (long long)t->lead_ms);
}
