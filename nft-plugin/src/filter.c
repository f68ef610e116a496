// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "carrier.h"
#include "filter.h"
#include "uncarry.h"

#define LINE_HELD	4096	/* of a longer line the beginning goes on before its end */

struct filter {
	FILE		*file;	/* what nft writes to */
	FILE		*to;
	bool		whole;
	struct buf	pending;
	struct buf	out;
};

/* nft flushes each piece that it prints; so what is written here goes on at once. */
static bool pass(struct filter *f, size_t len)
{
	const char *mark = carrier_mark(), *text = f->pending.p;
	bool ok;

	if (memmem(text, len, mark, strlen(mark))) {
		f->out.len = 0;
		uncarry(text, len, &f->out, NULL);
		ok = buf_ok(&f->out) && fwrite(f->out.p, 1, f->out.len, f->to) == f->out.len;
	} else {
		ok = fwrite(text, 1, len, f->to) == len;
	}
	buf_drop(&f->pending, len);
	return ok && !fflush(f->to);
}

/*
 * Lines go on whole. nft prints them in a dozen pieces, and to look for carriers in each would cost more
 * than to print it; no carrier goes on in the next line.
 */
static ssize_t filter_write(void *cookie, const char *data, size_t len)
{
	struct filter *f = cookie;
	const char *nl = f->whole ? NULL : memrchr(data, '\n', len);
	size_t settled = nl ? f->pending.len + (nl - data) + 1 : 0;

	buf_add(&f->pending, data, len);
	if (f->pending.failed) {
		errno = ENOMEM;
		return 0;
	}
	if (!f->whole && f->pending.len - settled >= LINE_HELD)
		settled = uncarry_settled(f->pending.p, f->pending.len);
	return !settled || pass(f, settled) ? (ssize_t)len : 0;
}

struct filter *filter_new(bool whole)
{
	const cookie_io_functions_t io = { .write = filter_write };
	struct filter *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->whole = whole;
	f->file = fopencookie(f, "w", io);
	if (!f->file) {
		free(f);
		return NULL;
	}
	return f;
}

FILE *filter_file(struct filter *f)
{
	return f->file;
}

void filter_to(struct filter *f, FILE *to)
{
	f->to = to;
}

/* Ends the stream and frees it; what has not passed yet goes to @rest. False: something is lost. */
bool filter_end(struct filter *f, struct buf *rest)
{
	bool ok = !fclose(f->file);

	*rest = f->pending;
	ok = buf_ok(rest) && ok;
	buf_free(&f->out);
	free(f);
	return ok;
}
