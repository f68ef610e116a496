// SPDX-License-Identifier: GPL-2.0-only
/*
 * What nft lists, through the filter, in any pieces: what comes out is what uncarry() makes of the whole.
 * The first byte seeds the lengths of the pieces; the byte 1 stands for the mark.
 */
#include "filter.h"
#include "plugin.h"

#define LONG	4096	/* a line that does not pass whole */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	carrier_init();
	return 0;
}

/* Repeated, so that lines get longer than what is kept of them. */
static void put_text(struct buf *text, const uint8_t *data, size_t size, size_t times)
{
	size_t i;

	for (i = 0; i < times; i++)
		put_marked(text, data, size);
}

/* As libnftnl lists it, for --debug: in short lines, and " ]" behind it. */
static bool has_unquoted(const struct buf *text)
{
	struct buf head = { 0 };
	bool has;

	buf_str(&head, CARRIER_PLAIN);
	buf_str(&head, carrier_mark());
	must(buf_ok(&head));
	has = memmem(text->p, text->len, head.p, head.len);
	buf_free(&head);
	return has;
}

static void write_pieces(FILE *file, const struct buf *text, unsigned int seed)
{
	size_t at, len;

	for (at = 0; at < text->len; at += len) {
		seed = seed * 1103515245 + 12345;
		len = 1 + (seed >> 16) % (seed & 0x800000 ? 600 : 8);
		if (len > text->len - at)
			len = text->len - at;
		must(fwrite(text->p + at, 1, len, file) == len && !fflush(file));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = { 0 }, whole = { 0 }, rest;
	struct filter *f;
	char *got = NULL;
	size_t len = 0;
	FILE *to;

	/* Variables stand in errors only, and those come whole. */
	if (!size || memchr(data, '$', size))
		return 0;
	put_text(&text, data + 1, size - 1, data[0] & 128 ? 20 : 1);
	must(buf_ok(&text));
	if (text.len >= LONG && has_unquoted(&text)) {
		buf_free(&text);
		return 0;
	}
	uncarry(text.p, text.len, &whole, NULL);

	to = open_memstream(&got, &len);
	f = filter_new(false);
	must(to && f);
	filter_to(f, to);
	write_pieces(filter_file(f), &text, data[0]);
	must(filter_end(f, &rest));
	buf_free(&text);
	uncarry(rest.p, rest.len, &text, NULL);
	fwrite(text.p, 1, text.len, to);
	must(!fclose(to) && buf_ok(&whole) && buf_ok(&text));
	must(len == whole.len && fuzz_same(got, whole.p, len));

	free(got);
	buf_free(&rest);
	buf_free(&text);
	buf_free(&whole);
	return 0;
}
