// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole command lines of sysrqctl: words that end with a zero byte, and behind 0xff its standard input. The
 * files k, h and c are there, but no kernel and no network. A status that is documented comes back; what is
 * wrong is said; and the key is told to nobody.
 */
#include <ctype.h>
#include <sodium.h>
#include <strings.h>

#include "world.h"

#define WORDS	32

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	must(sodium_init() >= 0);
	return 0;
}

/* What was not typed is not to be said to a terminal. */
static void must_be_text(const char *text)
{
	for (; *text; text++)
		must((unsigned char)*text >= 0x80 || isprint((unsigned char)*text) || *text == '\n' ||
		     *text == '\t');
}

static bool is_text(const char *word)
{
	for (; *word; word++)
		if (!isprint((unsigned char)*word))
			return false;
	return true;
}

/* libFuzzer has a look at what is compared, and may type the key; the tool makes capitals small where it may. */
static bool has_key(const uint8_t *data, size_t size)
{
	size_t i;

	for (i = 0; i + 16 <= size; i++)
		if (!strncasecmp((const char *)data + i, WORLD_KEY, 16))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, 0xff, size);
	size_t len = end ? (size_t)(end - data) : size, at;
	char *words = malloc(len + 1), *argv[WORDS + 2] = { (char *)"sysrqctl" };
	int argc = 1, status;
	bool text = true;

	memcpy(words, data, len);
	words[len] = '\0';
	for (at = 0; at < len && argc <= WORDS; at += strlen(words + at) + 1) {
		argv[argc++] = words + at;
		text &= is_text(words + at);
	}
	world.in = end ? (struct in){ end + 1, size - len - 1 } : (struct in){ 0 };
	status = world_run(argc, argv);
	must(status >= 0 && status <= 3);
	if (status == 2)
		must(!strncmp(world.err, "sysrqctl", 8) && world.err[world.err_len - 1] == '\n');
	if (text) {
		must_be_text(world.err);
		must_be_text(world.out);
	}
	if (!has_key(data, size))
		must(!strstr(world.out, WORLD_KEY) && !strstr(world.err, WORLD_KEY));
	free(words);
	return 0;
}
