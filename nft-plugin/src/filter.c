// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "carrier.h"
#include "filter.h"
#include "uncarry.h"

struct filter {
	FILE		*file;	/* what nft writes to */
	FILE		*to;
	bool		whole;
	struct buf	pending;
};

/* nft flushes at each piece that it prints; so what is written here goes on at once. */
static bool pass(struct filter *f, size_t len)
{
	struct buf out = { 0 };
	bool ok;

	uncarry(f->pending.p, len, &out, NULL);
	ok = buf_ok(&out) && fwrite(out.p, 1, out.len, f->to) == out.len && !fflush(f->to);
	buf_drop(&f->pending, len);
	buf_free(&out);
	return ok;
}

/*
 * Most that nft prints has neither a carrier nor the beginning of one, and comes in small pieces. For each
 * of those memmem() would first prepare a table, which costs more than all else.
 */
static bool is_plain(const char *data, size_t len)
{
	const char *mark = carrier_mark();
	const size_t mark_len = strlen(mark);

	return uncarry_settled(data, len) == len &&
	       (len < mark_len || !memmem(data, len, mark, mark_len));
}

static ssize_t filter_write(void *cookie, const char *data, size_t len)
{
	struct filter *f = cookie;
	size_t settled;

	if (!f->whole && !f->pending.len && is_plain(data, len))
		return fwrite(data, 1, len, f->to) == len && !fflush(f->to) ? (ssize_t)len : 0;
	buf_add(&f->pending, data, len);
	if (!buf_ok(&f->pending)) {
		errno = ENOMEM;
		return 0;
	}
	if (f->whole)
		return len;
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
	free(f);
	return ok;
}
