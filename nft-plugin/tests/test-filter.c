// SPDX-License-Identifier: GPL-2.0-only
/* What nft lists, on its way to whom it writes to: in whatever pieces, at once, and in little memory. */
#include <stdlib.h>

#include "carrier.h"
#include "filter.h"
#include "tap.h"
#include "uncarry.h"

static struct buf carried;	/* a rule with a carrier, and its line's end */
static const char listed[] = "\t\tudp dport 9 sysrq key \"ops\" drop\n";

static unsigned int lost;	/* times that a filter says that something is */

struct sink {
	FILE	*file;
	char	*text;
	size_t	len;
	struct filter *f;
};

static void sink_open(struct sink *s, bool whole)
{
	memset(s, 0, sizeof(*s));
	s->file = open_memstream(&s->text, &s->len);
	s->f = filter_new(whole);
	filter_to(s->f, s->file);
}

/* As nft prints: each piece is flushed. */
static void put(struct sink *s, const char *piece, size_t len)
{
	fwrite(piece, 1, len, filter_file(s->f));
	fflush(filter_file(s->f));
}

/* Ends as a run does; returns how much was still kept. */
static size_t sink_close(struct sink *s)
{
	struct buf rest, out = { 0 };
	size_t kept;

	lost += !filter_end(s->f, &rest);
	kept = rest.len;
	uncarry(rest.p, rest.len, &out, NULL);
	fwrite(out.p, 1, out.len, s->file);
	fclose(s->file);
	buf_free(&out);
	buf_free(&rest);
	return kept;
}

/* In two pieces, cut anywhere: seen at the line's end, neither before nor only at the run's. */
static void test_lines(void)
{
	size_t cut, early = 0, late = 0, wrong = 0;
	struct sink s;

	for (cut = 0; cut < carried.len; cut++) {
		sink_open(&s, false);
		put(&s, carried.p, cut);
		early += s.len != 0;
		put(&s, carried.p + cut, carried.len - cut);
		late += s.len != strlen(listed);
		sink_close(&s);
		wrong += strcmp(s.text, listed) != 0;
		free(s.text);
	}
	ok(!early && !late, "a line goes on with its end");
	ok(!wrong, "whatever the pieces, with the statement in it");
}

static void test_several(void)
{
	struct sink s;

	sink_open(&s, false);
	put(&s, "a {\n\tb\n", 7);
	same(s.text, "a {\n\tb\n", "lines go on together");
	put(&s, "c\nd", 3);
	same(s.text, "a {\n\tb\nc\n", "but for the beginning of the next");
	ok(sink_close(&s) == 1, "which is kept until the end");
	same(s.text, "a {\n\tb\nc\nd", "and then written");
	free(s.text);
}

/* JSON is one line, however long; carriers at any distance from where it is cut. */
static void test_long(void)
{
	enum { TIMES = 20000 };
	const size_t stmt_len = carried.len - 1, want_len = strlen(listed) - 1;
	size_t i, most = 0, written = 0, bad = 0;
	struct sink s;

	sink_open(&s, false);
	for (i = 0; i < TIMES; i++) {
		put(&s, carried.p, stmt_len);
		written += want_len;
		if (written > s.len && written - s.len > most)
			most = written - s.len;
	}
	ok(most < 8192, "of a long line little is kept");
	sink_close(&s);
	for (i = 0; i < TIMES && (i + 1) * want_len <= s.len; i++)
		bad += memcmp(s.text + i * want_len, listed, want_len) != 0;
	ok(i == TIMES && s.len == TIMES * want_len && !bad, "and all of it comes out");
	free(s.text);
}

/* Of errors nothing passes before the end. */
static void test_whole(void)
{
	struct sink s;

	sink_open(&s, true);
	put(&s, carried.p, carried.len);
	ok(!s.len, "errors wait for their end");
	ok(sink_close(&s) == carried.len, "all of them");
	same(s.text, listed, "and then come");
	free(s.text);
}

static void test_refused(void)
{
	struct filter *f = filter_new(false);
	FILE *full = fopen("/dev/full", "w");
	struct buf rest;

	setvbuf(full, NULL, _IONBF, 0);
	filter_to(f, full);
	fputs("a line\n", filter_file(f));
	ok(fflush(filter_file(f)) == EOF, "what cannot be written is told");
	filter_end(f, &rest);
	buf_free(&rest);
	fclose(full);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	carrier_init();
	buf_str(&carried, "\t\tudp dport 9 " CARRIER_HEAD);
	carrier_put(&carried, "ops", 3, false);
	buf_str(&carried, "\" drop\n");
	test_lines();
	test_several();
	test_long();
	test_whole();
	ok(!lost, "nothing is lost");
	test_refused();
	buf_free(&carried);
	return tap_end();
}
