// SPDX-License-Identifier: GPL-2.0-only
/* Which busy host needs something first: a binary heap that knows its members' places. */
#include "due.h"

#include <stdlib.h>

static void place(struct due *due, struct member *m, size_t i)
{
	due->all[i] = m;
	m->place = i;
}

static void rise(struct due *due, struct member *m)
{
	size_t i = m->place, up;

	for (; i; i = up) {
		up = (i - 1) / 2;
		if (due->all[up]->due <= m->due)
			break;
		place(due, due->all[up], i);
	}
	place(due, m, i);
}

static void sink(struct due *due, struct member *m)
{
	size_t i = m->place, down;

	for (;; i = down) {
		down = 2 * i + 1;
		if (down >= due->n)
			break;
		if (down + 1 < due->n && due->all[down + 1]->due < due->all[down]->due)
			down++;
		if (m->due <= due->all[down]->due)
			break;
		place(due, due->all[down], i);
	}
	place(due, m, i);
}

/**
 * due_begin - nobody is due
 * @due: filled in
 * @room: how many there may be at once
 *
 * Return: 0, or -ENOMEM.
 */
int due_begin(struct due *due, size_t room)
{
	due->n = 0;
	due->all = calloc(room, sizeof(*due->all));
	return due->all ? 0 : -ENOMEM;
}

/**
 * due_add - a host is busy
 * @due: has room
 * @m: the host
 * @when: CLOCK_BOOTTIME, ns
 */
void due_add(struct due *due, struct member *m, s64 when)
{
	m->due = when;
	m->place = due->n++;
	rise(due, m);
}

/**
 * due_move - a host is due at another time
 * @due: holds it
 * @m: the host
 * @when: CLOCK_BOOTTIME, ns
 */
void due_move(struct due *due, struct member *m, s64 when)
{
	m->due = when;
	rise(due, m);
	sink(due, m);
}

/**
 * due_remove - a host is not busy any more
 * @due: holds it
 * @m: the host
 */
void due_remove(struct due *due, struct member *m)
{
	struct member *last = due->all[--due->n];

	if (last == m)
		return;
	place(due, last, m->place);
	rise(due, last);
	sink(due, last);
}

/**
 * due_end - free what due_begin() got
 * @due: or one that was never begun, zeroed
 */
void due_end(struct due *due)
{
	free(due->all);
	due->all = NULL;
}
