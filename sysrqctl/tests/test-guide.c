// SPDX-License-Identifier: GPL-2.0-only
/* The guide's table of letters says what the tool says of them. */
#include "test-run.h"
#include "test.h"
#include "words.h"

static char guide[65536];

/* What kernel.sysrq must have for @letter: as the table has it. */
static void needs(uint8_t letter, char *buf, size_t len)
{
	uint32_t bit;

	if (words_mask_allows(4, letter) && words_mask_allows(2, letter)) {
		snprintf(buf, len, "any but 0");
		return;
	}
	for (bit = 2; bit <= 256; bit *= 2)
		if (words_mask_allows(bit, letter))
			break;
	snprintf(buf, len, "%u", bit > 256 ? 1 : bit);
}

int main(int argc, char **argv)
{
	unsigned int rows = 0, known = 0;
	char text[128], mask[16];
	const char *p;
	int letter;

	check(argc == 2);
	read_file(argv[1], guide, sizeof(guide));
	check_has(guide, "\n| 0 to 9 | log level | 2 |\n");
	for (letter = 'A'; letter <= 'z'; letter++) {
		if (!strcmp(words_letter(letter), "unknown"))
			continue;
		known++;
		needs(letter, mask, sizeof(mask));
		snprintf(text, sizeof(text), "\n| %c | %s | %s |\n", letter, words_letter(letter), mask);
		check_has(guide, text);
	}
	for (p = guide; (p = strstr(p, "\n| ")); p++)
		rows += p[4] == ' ' && p[5] == '|';
	check(known > 20 && rows == known);
	return 0;
}
