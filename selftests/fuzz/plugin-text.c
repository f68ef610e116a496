// SPDX-License-Identifier: GPL-2.0-only
/*
 * What people type, as carry() takes it, and what nft writes, as uncarry() does. The first byte tells
 * where the text stands, the second in which pieces it comes back.
 */
#include "plugin.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	carrier_init();
	return 0;
}

static size_t lines(const struct buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->len; i++)
		n += b->p[i] == '\n';
	return n;
}

/* With the edits undone it is what was typed; edits are in order and within lines. */
static void check_edits(const char *typed, size_t len, const struct buf *carried,
			const struct edits *edits)
{
	struct buf again = { 0 };
	size_t i, at = 0;

	for (i = 0; i < edits->count; i++) {
		const struct edit *e = &edits->e[i];

		must(e->out >= at && e->out + e->out_len <= carried->len && e->in + e->in_len <= len);
		must(!memchr(typed + e->in, '\n', e->in_len));
		buf_add(&again, carried->p + at, e->out - at);
		buf_add(&again, typed + e->in, e->in_len);
		at = e->out + e->out_len;
	}
	buf_add(&again, carried->p + at, carried->len - at);
	must(buf_ok(&again) && again.len == len && !memcmp(again.p, typed, len));
	buf_free(&again);
}

/* Whether it comes in one piece or two, what is seen is the same, and no mark is in it. */
static void check_back(const struct buf *carried, size_t cut)
{
	struct buf whole = { 0 }, pieces = { 0 };
	size_t settled;

	uncarry(carried->p, carried->len, &whole, NULL);
	must(!has_mark(&whole));
	cut = carried->len ? cut % carried->len : 0;
	settled = cut ? uncarry_settled(carried->p, cut) : 0;
	must(settled <= cut);
	uncarry(carried->p, settled, &pieces, NULL);
	uncarry(carried->p + settled, carried->len - settled, &pieces, NULL);
	must(buf_ok(&whole) && buf_ok(&pieces) && whole.len == pieces.len &&
	     !memcmp(whole.p, pieces.p, whole.len));
	buf_free(&whole);
	buf_free(&pieces);
}

/* Damaged carriers: nothing is read beyond the text. */
static void check_damaged(const uint8_t *data, size_t size, size_t cut)
{
	struct buf text = { 0 }, out = { 0 };
	char *exact;

	put_marked(&text, data, size);
	exact = malloc(text.len + 1);
	memcpy(exact, text.p, text.len);
	exact = realloc(exact, text.len ? text.len : 1);
	uncarry(exact, text.len, &out, NULL);
	uncarry_settled(exact, text.len ? cut % text.len : 0);
	buf_free(&out);
	buf_free(&text);
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf carried = { 0 }, typed = { 0 };
	struct edits edits = { 0 };
	struct carry_how how;
	size_t cut, found;

	if (size < 2)
		return 0;
	how = (struct carry_how){ .block = data[0] % 5, .apart = data[0] & 128 };
	cut = data[1] * 7;
	check_damaged(data + 2, size - 2, cut);
	buf_add(&typed, data + 2, size - 2);
	/* Such input is refused before; libFuzzer sees the mark where it is compared. */
	if (has_mark(&typed)) {
		buf_free(&typed);
		return 0;
	}
	if (data[0] & 64)
		how.unit = carry_unit(typed.p, typed.len, how);
	found = carry(typed.p, typed.len, how, &carried, &edits);
	must(buf_ok(&carried) && !edits.failed);
	must(!found == !has_mark(&carried) && (found || !edits.count));
	must(!found || carry_wanted(typed.p, typed.len));
	must(lines(&carried) == lines(&typed));
	check_edits(typed.p, typed.len, &carried, &edits);
	check_back(&carried, cut);
	buf_free(&carried);
	buf_free(&typed);
	edits_free(&edits);
	return 0;
}
