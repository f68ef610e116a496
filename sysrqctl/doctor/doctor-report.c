// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings, as they are told: one begins with doctor_tell(), gets its commands by doctor_mend(),
 * and goes out when the next one begins.
 */
#include "doctor-report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define INDENT	"           "	/* before a command; what follows can be pasted */

static const char * const grades[DOCTOR_GRADES] = { "ok", "note", "warning", "problem" };

/*
 * Names of files, tables and the like are what somebody chose: they must not move a
 * terminal's cursor, nor end the line. What is not UTF-8 no JSON could hold.
 */
static void clean(char *text)
{
	json_t *probe;
	char *p;

	for (p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f ||
		    ((unsigned char)p[0] == 0xc2 && (unsigned char)p[1] >= 0x80 &&
		     (unsigned char)p[1] < 0xa0))
			*p = '?';
	probe = json_string(text);
	for (p = text; *p && !probe; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	json_decref(probe);
}

static char *format(struct doctor *d, const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0) {
		d->failed = true;
		return NULL;
	}
	clean(text);
	return text;
}

static void print_people(const struct doctor *d)
{
	json_t *command;
	size_t i;

	fprintf(d->out, "%-8s %s: %s\n", grades[d->grade], d->topic, d->message);
	json_array_foreach(d->mend, i, command)
		fprintf(d->out, INDENT "%s\n", json_string_value(command));
}

static int print_json(const struct doctor *d)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:O}", "grade", grades[d->grade],
			      "topic", d->topic, "message", d->message, "mend", d->mend);
	int err = o ? json_dumpf(o, d->out, JSON_COMPACT) : -1;

	json_decref(o);
	fputc('\n', d->out);
	return err;
}

/* The finding is whole: out with it. */
static void flush(struct doctor *d)
{
	if (!d->topic)
		return;
	if (!d->message || !d->mend)
		d->failed = true;
	else if (!d->json)
		print_people(d);
	else if (print_json(d))
		d->failed = true;
	free(d->message);
	json_decref(d->mend);
	d->topic = NULL;
	d->message = NULL;
	d->mend = NULL;
}

/**
 * doctor_tell - begin a finding
 * @d: the doctor
 * @grade: how bad it is
 * @topic: what it is about, a word; stays
 * @fmt: what is so, one line without end
 */
void doctor_tell(struct doctor *d, enum doctor_grade grade, const char *topic,
		 const char *fmt, ...)
{
	va_list ap;

	flush(d);
	va_start(ap, fmt);
	d->message = format(d, fmt, ap);
	va_end(ap);
	d->mend = json_array();
	d->grade = grade;
	d->topic = topic;
	d->count[grade]++;
}

/**
 * doctor_mend - a command that mends what was told last
 * @d: the doctor
 * @fmt: one line for a shell, without end; several are run in their order. What
 *	the administrator must choose stands in capitals
 */
void doctor_mend(struct doctor *d, const char *fmt, ...)
{
	char *command;
	va_list ap;

	va_start(ap, fmt);
	command = format(d, fmt, ap);
	va_end(ap);
	if (!command || json_array_append_new(d->mend, json_string(command)))
		d->failed = true;
	free(command);
}

/**
 * doctor_needs_root - tell that something could not be looked at
 * @d: the doctor, not as root
 * @topic: of the findings that are missing, a word
 * @what: could not be looked at
 */
void doctor_needs_root(struct doctor *d, const char *topic, const char *what)
{
	doctor_tell(d, DOCTOR_NOTE, topic, "only root may see %s", what);
	doctor_mend(d, "sudo sysrqctl doctor");
}

/**
 * doctor_end - tell the last finding
 * @d: the doctor
 */
void doctor_end(struct doctor *d)
{
	flush(d);
}
