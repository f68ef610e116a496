// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "run.h"
#include "seams.h"
#include "uncarry.h"

/* Of libnftables' interface; its header is not needed otherwise. */
#define NFT_DEBUG_SCANNER	0x1
#define NFT_DEBUG_PARSER	0x2
#define NFT_DEBUG_EVALUATION	0x4

static __thread struct run *current;

struct run *run_current(void)
{
	return current;
}

static struct filter *install(struct run *r, FILE *(*set)(struct nft_ctx *, FILE *), bool whole,
			      FILE **to)
{
	struct filter *f = filter_new(whole);

	if (!f) {
		fputs("nft-sysrq: out of memory\n", stderr);
		r->failed = true;
		return NULL;
	}
	*to = set(r->ctx, filter_file(f));
	filter_to(f, *to);
	return f;
}

/* From now on carriers may be in what nft lists. */
void run_filter_output(struct run *r)
{
	if (!r->out)
		r->out = install(r, seams()->set_output, false, &r->out_to);
}

/* And in what it says of errors. */
void run_filter_all(struct run *r)
{
	run_filter_output(r);
	if (!r->err)
		r->err = install(r, seams()->set_error, true, &r->err_to);
}

/* An error of ours, among nft's. */
void run_fail(struct run *r, const char *fmt, ...)
{
	va_list ap;
	FILE *f;

	run_filter_all(r);
	r->failed = true;
	f = r->err ? filter_file(r->err) : stderr;
	va_start(ap, fmt);
	fputs("Error: ", f);
	vfprintf(f, fmt, ap);
	fputs("\n", f);
	va_end(ap);
}

/* libnftables refuses a stream with an error; yet it must not keep one that is about to go. */
static void restore(struct run *r, FILE *(*set)(struct nft_ctx *, FILE *), FILE *to)
{
	if (!set(r->ctx, to)) {
		clearerr(to);
		set(r->ctx, to);
	}
}

static void end_output(struct run *r)
{
	struct buf rest, out = { 0 };

	if (!r->out)
		return;
	restore(r, seams()->set_output, r->out_to);
	if (!filter_end(r->out, &rest))
		r->failed = true;
	uncarry(rest.p, rest.len, &out, NULL);
	if (out.len && (fwrite(out.p, 1, out.len, r->out_to) != out.len || fflush(r->out_to)))
		r->failed = true;
	buf_free(&out);
	buf_free(&rest);
}

static void end_errors(struct run *r)
{
	struct buf rest, out = { 0 };

	if (!r->err)
		return;
	restore(r, seams()->set_error, r->err_to);
	if (!filter_end(r->err, &rest))
		r->failed = true;
	errors_print(r, rest.p, rest.len, &out);
	if (out.len)
		fwrite(out.p, 1, out.len, r->err_to);
	buf_free(&out);
	buf_free(&rest);
}

static void begin(struct run *r)
{
	r->outer = current;
	current = r;
}

static int end(struct run *r, int rc)
{
	/* While errors are put into words, files may be read again. */
	end_output(r);
	end_errors(r);
	current = r->outer;
	buf_free(&r->stdin_typed);
	buf_free(&r->stdin_carried);
	return r->failed && !rc ? -1 : rc;
}

SEAM int nft_run_cmd_from_buffer(struct nft_ctx *ctx, const char *typed);
SEAM int nft_run_cmd_from_filename(struct nft_ctx *ctx, const char *filename);

int nft_run_cmd_from_buffer(struct nft_ctx *ctx, const char *typed)
{
	struct run r = { .ctx = ctx, .buffer = typed };
	const struct seams *s = seams();
	struct buf carried = { 0 };
	int rc = -1;

	if (!seams_good())
		return s->run_buffer ? s->run_buffer(ctx, typed) : -1;
	begin(&r);
	switch (run_carry(&r, typed, strlen(typed), BLOCK_TOP, &carried)) {
	case CARRY_NOTHING:
		rc = s->run_buffer(ctx, typed);
		break;
	case CARRY_DONE:
		rc = s->run_buffer(ctx, carried.p);
		break;
	case CARRY_FAILED:
		break;
	}
	rc = end(&r, rc);
	buf_free(&carried);
	return rc;
}

int nft_run_cmd_from_filename(struct nft_ctx *ctx, const char *filename)
{
	struct run r = { .ctx = ctx, .filename = filename };
	const struct seams *s = seams();

	if (!seams_good())
		return s->run_filename ? s->run_filename(ctx, filename) : -1;
	r.apart = s->get_optimize(ctx);
	r.stdin_wanted = !strcmp(filename, "-") || !strcmp(filename, "/dev/stdin");
	begin(&r);
	return end(&r, s->run_filename(ctx, filename));
}

/* Those write tokens and expressions one by one, and partly to standard error. */
static void note_debug(struct run *r)
{
	const unsigned int shown = NFT_DEBUG_SCANNER | NFT_DEBUG_PARSER |
				   (r->apart ? NFT_DEBUG_EVALUATION : 0);

	if (!r->noted && seams()->get_debug(r->ctx) & shown)
		fputs("nft-sysrq: --debug=scanner, parser, and with -o eval, show what nft reads "
		      "in place of sysrq\n", stderr);
	r->noted = true;
}

/* Puts carriers into commands; all ways in lead through here. */
enum run_carried run_carry(struct run *r, const char *typed, size_t len, enum block block,
			   struct buf *carried)
{
	struct carry_how how = { .block = block, .apart = r->apart };

	if (!carry_wanted(typed, len))
		return CARRY_NOTHING;
	if (memmem(typed, len, carrier_mark(), strlen(carrier_mark()))) {
		run_fail(r, "the text '%s' is reserved", carrier_mark());
		return CARRY_FAILED;
	}
	if (typed == r->buffer)
		how.unit = carry_unit(typed, len, how);
	if (!carry(typed, len, how, carried, NULL))
		return CARRY_NOTHING;
	if (!buf_ok(carried)) {
		run_fail(r, "out of memory");
		return CARRY_FAILED;
	}
	note_debug(r);
	run_filter_all(r);
	return CARRY_DONE;
}
