// SPDX-License-Identifier: GPL-2.0-only
/* All hosts of a request together: progress while it is out, and the last line. */
#include "summary.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "duration.h"
#include "member.h"
#include "report.h"

#define PROGRESS_NS	(200 * NS_PER_MS)
/* Named in words, of each kind. */
#define NAMED		5

/* Not shown at all for what is done in less. */
#define QUICK_NS	(500 * NS_PER_MS)

static s64 boot_now(void)
{
	struct exchange_clock now;

	clocks_read(&now);
	return now.boot;
}

/**
 * summary_begin - nothing is done
 * @s: filled in
 * @type: of the request
 * @hosts: stay
 *
 * Return: 0, or -ENOMEM.
 */
int summary_begin(struct summary *s, enum nft_sysrq_type type, const struct hosts *hosts)
{
	memset(s, 0, sizeof(*s));
	s->type = type;
	s->hosts = hosts;
	s->start = boot_now();
	s->tty = isatty(STDERR_FILENO);
	s->kinds = calloc(hosts->n, 1);
	return s->kinds ? 0 : -ENOMEM;
}

/**
 * summary_add - a host is done
 * @s: the summary
 * @m: the host; its line is printed next
 */
void summary_add(struct summary *s, const struct member *m)
{
	int status = report_status(m);
	enum summary_kind kind = status == EXIT_OK ? SUMMARY_OK :
				 status == EXIT_REFUSED ? SUMMARY_REFUSED : SUMMARY_NO_ANSWER;

	s->kinds[m->host - s->hosts->all] = 1 + kind;
	s->n[kind]++;
	summary_clear(s);
}

static size_t count_done(const struct summary *s)
{
	return s->n[SUMMARY_OK] + s->n[SUMMARY_REFUSED] + s->n[SUMMARY_NO_ANSWER];
}

static const char *ok_word(const struct summary *s)
{
	return s->type == NFT_SYSRQ_RUN ? "accepted" :
	       s->type == NFT_SYSRQ_CANCEL ? "cancelled" : "answered";
}

/**
 * summary_progress - show on a terminal how far it is
 * @s: the summary
 * @busy: hosts that are being waited for
 *
 * Does nothing if it was shown a moment ago.
 */
void summary_progress(struct summary *s, size_t busy)
{
	s64 now = s->tty ? boot_now() : 0;

	if (!s->tty || now - s->start < QUICK_NS || now - s->shown < PROGRESS_NS)
		return;
	fprintf(stderr, "\r\033[K%zu of %zu %s done: %zu %s, %zu refused, %zu no answer; "
		"waiting for %zu, %lld s", count_done(s), s->hosts->n,
		s->hosts->n == 1 ? "host" : "hosts", s->n[SUMMARY_OK], ok_word(s),
		s->n[SUMMARY_REFUSED], s->n[SUMMARY_NO_ANSWER], busy,
		(long long)((now - s->start) / NS_PER_S));
	s->shown = now;
}

/**
 * summary_clear - the progress goes, as something else is to be printed
 * @s: the summary
 */
void summary_clear(struct summary *s)
{
	if (s->shown)
		fputs("\r\033[K", stderr);
	s->shown = 0;
}

static bool is_kind(const struct summary *s, size_t i, enum summary_kind kind)
{
	return s->kinds[i] == 1 + kind;
}

static void name_some(const struct summary *s, enum summary_kind kind, FILE *out)
{
	const char *comma = " (";
	size_t i, n = 0;

	for (i = 0; i < s->hosts->n && n < NAMED; i++) {
		if (!is_kind(s, i, kind))
			continue;
		fprintf(out, "%s%s", comma, s->hosts->all[i].name);
		comma = ", ";
		n++;
	}
	if (s->n[kind] > n)
		fprintf(out, " and %zu more", s->n[kind] - n);
	fputc(')', out);
}

/**
 * summary_words - one line on all hosts; where it is not one host's own
 * @s: all hosts are done
 * @out: where to
 *
 * Return: 0.
 */
int summary_words(struct summary *s, FILE *out)
{
	fprintf(out, "%zu %s: %zu %s", s->hosts->n, s->hosts->n == 1 ? "host" : "hosts",
		s->n[SUMMARY_OK], ok_word(s));
	if (s->n[SUMMARY_REFUSED]) {
		fprintf(out, ", %zu refused", s->n[SUMMARY_REFUSED]);
		name_some(s, SUMMARY_REFUSED, out);
	}
	if (s->n[SUMMARY_NO_ANSWER]) {
		fprintf(out, ", %zu no answer", s->n[SUMMARY_NO_ANSWER]);
		name_some(s, SUMMARY_NO_ANSWER, out);
	}
	fputc('\n', out);
	return 0;
}

static json_t *names(const struct summary *s, enum summary_kind kind)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < s->hosts->n; i++)
		if (is_kind(s, i, kind))
			json_array_append_new(array, json_string(s->hosts->all[i].name));
	return array;
}

/**
 * summary_json - likewise, as a JSON object on a line, which names all hosts
 * @s: all hosts are done
 * @out: where to
 *
 * Return: 0, or -1 if there was no memory.
 */
int summary_json(struct summary *s, FILE *out)
{
	json_t *o = json_pack("{s:{s:I, s:I, s:I, s:I, s:f, s:o, s:o}}", "summary",
			      "hosts", (json_int_t)s->hosts->n,
			      "ok", (json_int_t)s->n[SUMMARY_OK],
			      "refused", (json_int_t)s->n[SUMMARY_REFUSED],
			      "no_answer", (json_int_t)s->n[SUMMARY_NO_ANSWER],
			      "seconds", (boot_now() - s->start) / 1e9,
			      "refused_hosts", names(s, SUMMARY_REFUSED),
			      "no_answer_hosts", names(s, SUMMARY_NO_ANSWER));
	int err;

	if (!o)
		return -1;
	err = json_dumpf(o, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
	json_decref(o);
	fputc('\n', out);
	return err;
}

/**
 * summary_status - the exit status
 * @s: all hosts are done
 *
 * Return: EXIT_*. Where one host refuses and another gives no answer, the
 * latter: what is not known weighs more than what is.
 */
int summary_status(const struct summary *s)
{
	return s->n[SUMMARY_NO_ANSWER] ? EXIT_NO_ANSWER :
	       s->n[SUMMARY_REFUSED] ? EXIT_REFUSED : EXIT_OK;
}

/**
 * summary_end - free what summary_begin() got
 * @s: or one that was never begun, zeroed
 */
void summary_end(struct summary *s)
{
	free(s->kinds);
}
