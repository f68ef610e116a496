// SPDX-License-Identifier: GPL-2.0-only
/* Keys of this host as a table for people: as wide as what is in it. */
#include <stdio.h>

#include "duration.h"
#include "key-words.h"

#define CELL	96

enum { NAME, ID, ALLOWS, AGE, EXPIRES, LAST_USE, ACCEPTED, REFUSED, COLUMNS };

static const char * const heads[COLUMNS] = {
	"NAME", "ID", "ALLOWS", "AGE", "EXPIRES", "LAST USE", "ACCEPTED", "REFUSED",
};

/* A duration in its largest unit alone. */
static void print_short(s64 s, const char *after, char cell[CELL])
{
	static const struct {
		s64		s;
		const char	*name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	size_t i = 0;

	while (s < units[i].s && units[i].s > 1)
		i++;
	snprintf(cell, CELL, "%lld %s%s", (long long)(s / units[i].s), units[i].name, after);
}

static void fill(const struct key_state *key, char cells[COLUMNS][CELL])
{
	char left[CELL];

	snprintf(cells[NAME], CELL, "%s", key->name);
	if (key->left >= 0) {
		print_short(key->left, " left", left);
		snprintf(cells[NAME], CELL, "%s (replaced, %.32s)", key->name, left);
	}
	snprintf(cells[ID], CELL, "%08x", key->id);
	snprintf(cells[ALLOWS], CELL, "%s", key_letters(key->letters));
	print_short(key->age, "", cells[AGE]);
	if (key->expired)
		snprintf(cells[EXPIRES], CELL, "has expired");
	else if (key->expires)
		when_print(key->expires, cells[EXPIRES], CELL);
	else
		snprintf(cells[EXPIRES], CELL, "never");
	/* To the minute is enough here. */
	if (!key->expired && key->expires && strlen(cells[EXPIRES]) == 19)
		cells[EXPIRES][16] = '\0';
	if (key->last_use < 0)
		snprintf(cells[LAST_USE], CELL, "never");
	else
		print_short(key->last_use, " ago", cells[LAST_USE]);
	snprintf(cells[ACCEPTED], CELL, "%llu", (unsigned long long)key->accepted);
	snprintf(cells[REFUSED], CELL, "%llu", (unsigned long long)key->refused);
}

static void widen(int width[COLUMNS], int column, const char *text)
{
	int len = strlen(text);

	if (len > width[column])
		width[column] = len;
}

static void print_row(const int width[COLUMNS], int column, const char *text)
{
	/* Counters stand to the right. */
	printf("%*s%s", column >= ACCEPTED ? width[column] : -width[column], text,
	       column == COLUMNS - 1 ? "\n" : "  ");
}

/**
 * keys_table - print keys, one a line
 * @keys: the keys
 */
void keys_table(const struct keys_state *keys)
{
	char cells[COLUMNS][CELL];
	int width[COLUMNS] = { 0 }, c;
	size_t i;

	for (c = 0; c < COLUMNS; c++)
		widen(width, c, heads[c]);
	for (i = 0; i < keys->n; i++) {
		fill(&keys->key[i], cells);
		for (c = 0; c < COLUMNS; c++)
			widen(width, c, cells[c]);
	}
	for (c = 0; keys->n && c < COLUMNS; c++)
		print_row(width, c, heads[c]);
	for (i = 0; i < keys->n; i++) {
		fill(&keys->key[i], cells);
		for (c = 0; c < COLUMNS; c++)
			print_row(width, c, cells[c]);
	}
}
