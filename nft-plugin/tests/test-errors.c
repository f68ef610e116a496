// SPDX-License-Identifier: GPL-2.0-only
/* What nft says of carriers, put into terms of what was typed. */
#include <stdlib.h>
#include <unistd.h>

#include "errors.h"
#include "input.h"
#include "seams.h"
#include "tap.h"

static const struct seams table = { .fopen = fopen };

const struct seams *seams(void)
{
	return &table;
}

enum block input_block(const struct run *r, const char *path)
{
	(void)r;
	(void)path;
	return BLOCK_TOP;
}

/* Columns from @first to @last of nft's line, as nft prints them. */
static void add_error(struct buf *b, const char *where, size_t first, size_t last,
		      const struct buf *line, const char *expected)
{
	char head[64];
	size_t i;

	if (where) {
		snprintf(head, sizeof(head), "%s:1:%zu-%zu: ", where, first, last);
		buf_str(b, head);
	}
	buf_str(b, "Error: no\n");
	if (expected) {
		buf_str(b, "expected any of: ");
		buf_str(b, expected);
		buf_str(b, "\n");
	}
	buf_add(b, line->p, line->len);
	buf_str(b, "\n");
	for (i = 1; i <= last; i++)
		buf_str(b, i >= first ? "^" : i <= line->len && line->p[i - 1] == '\t' ? "\t" : " ");
	buf_str(b, "\n");
}

/* An error about @word of what nft got; @typed in the buffer or in a file. */
static void check(const char *typed, const char *word, const char *file, const char *want,
		  const char *what)
{
	struct buf carried = { 0 }, text = { 0 }, out = { 0 };
	struct run r = { .buffer = file ? NULL : typed };
	size_t first;

	carry(typed, strlen(typed), (struct carry_how){ .block = BLOCK_TOP }, &carried, NULL);
	first = strstr(carried.p, word) - carried.p + 1;
	add_error(&text, file, first, first + strlen(word) - 1, &carried, NULL);
	errors_print(&r, text.p, text.len, &out);
	same(out.p, want, what);
	buf_free(&carried);
	buf_free(&text);
	buf_free(&out);
}

static void test_file(void)
{
	static const char typed[] = "add rule t c sysrq key ops nope";
	char path[] = "/tmp/nft-sysrq-XXXXXX", want[256];
	int fd = mkstemp(path);

	ok(fd >= 0 && write(fd, typed, sizeof(typed) - 1) == sizeof(typed) - 1, "file made");
	close(fd);
	snprintf(want, sizeof(want), "%s:1:28-31: Error: no\n%s\n%s\n", path, typed,
		 "                           ^^^^");
	check(typed, "nope", path, want, "columns and carets in a file");
	unlink(path);
	check(typed, "nope", "/no/such", "/no/such:1:30-33: Error: no\n"
	      "add rule t c sysrq key \"ops\" nope\n"
	      "                             ^^^^\n", "the file is gone: as it would be listed");
}

/* nft's words for the carrier are never seen; --debug=eval tells in the form of errors. */
static void test_words(void)
{
	static const char typed[] = "add rule t c sysrq key ops drop";
	static const char *const heads[][2] = {
		{ "Error: syntax error, unexpected log", "Error: syntax error, unexpected sysrq" },
		{ "Error: syntax error, unexpected log, expecting string",
		  "Error: syntax error, unexpected sysrq, expecting string" },
		{ "Evaluate log", "Evaluate sysrq" },
	};
	struct buf carried = { 0 }, text, out, want;
	struct run r = { .buffer = typed };
	size_t i;

	carry(typed, strlen(typed), (struct carry_how){ .block = BLOCK_TOP }, &carried, NULL);
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		memset(&text, 0, sizeof(text));
		memset(&out, 0, sizeof(out));
		memset(&want, 0, sizeof(want));
		buf_str(&text, heads[i][0]);
		buf_str(&text, "\n");
		buf_str(&text, carried.p);
		buf_str(&text, "\n             ^^^^\n");
		buf_str(&want, heads[i][1]);
		buf_str(&want, "\nadd rule t c sysrq key ops drop\n             ^^^^^^^^^^^^^\n");
		errors_print(&r, text.p, text.len, &out);
		same(out.p, want.p, "the statement's own name");
		buf_free(&text);
		buf_free(&out);
		buf_free(&want);
	}
	buf_free(&carried);
}

/* As an undefined variable is blamed elsewhere. */
static void test_variable(void)
{
	static const char typed[] = "add rule t c sysrq key $ops silent drop";
	struct run r = { .buffer = typed };
	struct buf carried = { 0 }, text = { 0 }, out = { 0 };

	carry(typed, strlen(typed), (struct carry_how){ .block = BLOCK_TOP }, &carried, NULL);
	buf_str(&text, "Error: unknown identifier 'ops'\n");
	buf_str(&text, carried.p);
	buf_str(&text, "\n             ^^^^^^^^^^^^^^^^^^^\n");
	errors_print(&r, text.p, text.len, &out);
	same(out.p, "Error: unknown identifier 'ops'\nadd rule t c sysrq key $ops silent drop\n"
		    "                        ^^^\n", "a variable that there is not");
	buf_free(&carried);
	buf_free(&text);
	buf_free(&out);
}

/* What nft expected at @word of what it got, and what is said of it. */
static void expect(const char *typed, const char *word, const char *expected, const char *want,
		   const char *what)
{
	struct buf carried = { 0 }, text = { 0 }, out = { 0 };
	struct run r = { .buffer = typed };
	size_t first;
	char *from, *to;

	carry(typed, strlen(typed), (struct carry_how){ .block = BLOCK_TOP }, &carried, NULL);
	first = strstr(carried.p, word) - carried.p + 1;
	add_error(&text, NULL, first, first + strlen(word) - 1, &carried, expected);
	errors_print(&r, text.p, text.len, &out);
	from = strchr(out.p, '\n') + 1;
	to = strstr(from, "add rule");
	*to = 0;
	same(from, want, what);
	buf_free(&carried);
	buf_free(&text);
	buf_free(&out);
}

static void test_expected(void)
{
	expect("add rule t c sysrq ==", "==", "newline, log, prefix, level, limit",
	       "expected any of: newline, log, sysrq, key, silent, limit\n",
	       "expected behind the statement");
	expect("add rule t c sysrq key ops ==", "==", "prefix, log", "expected any of: silent, log, sysrq\n",
	       "behind a key");
	expect("add rule t c sysrq silent ==", "==", "prefix", "expected any of: \n", "nothing is left");
	expect("add rule t c sysrq log ==", "==", "prefix, group", "expected any of: prefix, group\n",
	       "log's own options");
	expect("add rule t c sysrq key drop", ")", "log, prefix", "",
	       "where we refuse, what nft expected does not matter");
}

/* Of several lines nft shows the first, with the carets of another. */
static void many(const char *typed, const char *word, const char *want, const char *what)
{
	struct carry_how how = { .block = BLOCK_TOP };
	struct buf carried = { 0 }, first = { 0 }, text = { 0 }, out = { 0 };
	struct run r = { .buffer = typed };
	const char *at, *from;

	how.unit = carry_unit(typed, strlen(typed), how);
	carry(typed, strlen(typed), how, &carried, NULL);
	buf_add(&first, carried.p, strcspn(carried.p, "\n"));
	at = strstr(carried.p, word);
	for (from = at; from > carried.p && from[-1] != '\n'; from--)
		;
	add_error(&text, NULL, at - from + 1, at - from + strlen(word), &first, NULL);
	errors_print(&r, text.p, text.len, &out);
	same(out.p, want, what);
	buf_free(&carried);
	buf_free(&first);
	buf_free(&text);
	buf_free(&out);
}

static void test_many(void)
{
	static const char typed[] = "flush\truleset; one\nadd rule t c sysrq two\n"
				    "\tadd rule t c   sysrq key ops three sysrq drop four\n"
				    "add rule t c sysrq key drop\nadd table five\nsysrq";
	struct buf b = { 0 };
	unsigned int i;

	many(typed, "one", "Error: no\nflush\truleset; one\n     \t         ^^^\n", "many lines: the first");
	many(typed, "two", "Error: no\nflush\truleset; one\n     \t             ^^^\n",
	     "many lines: the second");
	many(typed, "three", "Error: no\nflush\truleset; one\n     \t                        ^^^^^\n",
	     "many lines: with a tab and more blanks");
	many(typed, "four", "Error: no\nflush\truleset; one\n     \t                                         ^^^^\n",
	     "many lines: behind two statements");
	many(typed, ")", "Error: sysrq key: a name is missing, or is a keyword and must stand in quotes\n"
	     "flush\truleset; one\n     \t                 ^^^^\n", "many lines: refused");
	many(typed, "five", "Error: no\nflush\truleset; one\n     \t    ^^^^\n", "many lines: without a statement");
	ok(!carry_unit("sysrq\n", 6, (struct carry_how){ .block = BLOCK_CHAIN }), "a line needs no unit");
	for (i = 0; i < 1000; i++)
		buf_str(&b, "add rule t c sysrq\n");
	ok(buf_ok(&b) && !carry_unit(b.p, b.len, (struct carry_how){ .block = BLOCK_TOP }),
	   "nor have too many one");
	buf_free(&b);
}

static void test_damaged(void)
{
	static const char *const texts[] = { "", "\n", "Error: ", "Error: x\n\n^", "a:b:1-: Error: ",
					     "a:1:99999999999-2: Error: x\ny\n^\n" };
	struct run r = { .buffer = "sysrq" };
	struct buf out;
	size_t i, bad = 0;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		memset(&out, 0, sizeof(out));
		errors_print(&r, texts[i], strlen(texts[i]), &out);
		bad += strcmp(out.p ? out.p : "", texts[i]) != 0;
		buf_free(&out);
	}
	ok(!bad, "other text stays as it is");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	carrier_init();
	check("add rule t c sysrq nope", "nope", NULL,
	      "Error: no\nadd rule t c sysrq nope\n                   ^^^^\n",
	      "caret behind a statement");
	check("add rule\tt c   sysrq   key ops silent", CARRIER_HEAD, NULL,
	      "Error: no\nadd rule\tt c   sysrq   key ops silent\n"
	      "        \t      ^^^^^^^^^^^^^^^^^^^^^^\n", "carets under a statement, with a tab");
	check("add rule t c sysrq key drop", ")", NULL,
	      "Error: sysrq key: a name is missing, or is a keyword and must stand in quotes\n"
	      "add rule t c sysrq key drop\n                       ^^^^\n",
	      "our own words for what we refuse");
	test_file();
	test_words();
	test_variable();
	test_expected();
	test_many();
	test_damaged();
	return tap_end();
}
