// SPDX-License-Identifier: GPL-2.0-only
/* What nft writes of errors: behind the first zero byte; before it what was typed. */
#include "errors.h"
#include "input.h"
#include "plugin.h"
#include "seams.h"

/* Files are not read: errors name any. */
static FILE *no_file(const char *path, const char *mode)
{
	(void)path;
	(void)mode;
	return NULL;
}

static const struct seams table = { .fopen = no_file };

const struct seams *seams(void)
{
	return &table;
}

enum block input_block(const struct run *r, const char *path)
{
	(void)r;
	(void)path;
	return BLOCK_ANY;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	carrier_init();
	return 0;
}

/* In errors the byte 2 stands for what nft got for the whole of what was typed. */
static void put_text(struct buf *text, const struct buf *carried, const uint8_t *data, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (data[i] == 2)
			buf_add(text, carried->p, carried->len);
		else
			put_marked(text, data + i, 1);
	}
	must(buf_ok(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = memchr(data, 0, size);
	struct buf typed = { 0 }, carried = { 0 }, text = { 0 }, out = { 0 };
	struct carry_how how = { .block = BLOCK_TOP };
	struct run r = { 0 };

	if (!zero || size > 2048)
		return 0;
	buf_add(&typed, data, zero - data);
	must(buf_ok(&typed));
	/* Such input is refused before; libFuzzer sees the mark where it is compared. */
	if (has_mark(&typed)) {
		buf_free(&typed);
		return 0;
	}
	how.unit = carry_unit(typed.p, typed.len, how);
	carry(typed.p, typed.len, how, &carried, NULL);
	must(buf_ok(&carried));
	put_text(&text, &carried, zero + 1, data + size - zero - 1);
	r.buffer = typed.p;
	r.stdin_read = true;
	buf_add(&r.stdin_typed, typed.p, typed.len);
	errors_print(&r, text.p, text.len, &out);
	must(buf_ok(&out));
	/* Of a command of several lines nft shows the first one, so errors of others have no mark in them. */
	if (!has_mark(&text) && !(typed.len && memchr(typed.p, '\n', typed.len)))
		must(out.len == text.len && !memcmp(out.p, text.p, text.len));
	buf_free(&r.stdin_typed);
	buf_free(&typed);
	buf_free(&carried);
	buf_free(&text);
	buf_free(&out);
	return 0;
}
