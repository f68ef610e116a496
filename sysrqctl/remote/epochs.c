// SPDX-License-Identifier: GPL-2.0-only
/* What earlier answers have told of hosts: look-up, estimates, what is kept. */
#include "epochs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "duration.h"

/*
 * By how much the clocks of two machines drift apart, at most: quartz alone
 * does 20 ppm and more, but the boot clocks of synchronised machines do far
 * less. Where that is wrong by a lot, a copy is stale: either its stamp leads
 * by more than 5 s, or, with the 10 s at the most that are taken off, lags by
 * more than the key's tolerance. It does not run, and the answer, where one
 * comes back, tells the right time.
 */
#define DRIFT_PPM	20
#define DRIFT_MAX	(10 * NS_PER_S)

/**
 * epochs_begin - nothing remembered yet
 * @e: filled in
 * @path: of the file; empty: there is none
 * @boot_id: of this machine, or "-"
 * @right: this machine's clock is synchronised
 */
void epochs_begin(struct epochs *e, const char *path, const char *boot_id, bool right)
{
	memset(e, 0, sizeof(*e));
	snprintf(e->path, sizeof(e->path), "%s", path);
	snprintf(e->boot_id, sizeof(e->boot_id), "%s", boot_id);
	e->right = right;
}

/**
 * epochs_warn - remember the first thing that went wrong
 * @e: where
 * @fmt: one line, without end
 */
void epochs_warn(struct epochs *e, const char *fmt, ...)
{
	va_list ap;

	if (e->warning[0])
		return;
	va_start(ap, fmt);
	vsnprintf(e->warning, sizeof(e->warning), fmt, ap);
	va_end(ap);
}

/**
 * epochs_add - one entry more
 * @list: grows
 * @entry: copied; its names must stay
 *
 * Return: 0, or -ENOMEM.
 */
int epochs_add(struct epoch_list *list, const struct epoch *entry)
{
	struct epoch *grown;
	size_t room;

	if (list->n == list->room) {
		room = list->room ? 2 * list->room : 64;
		grown = realloc(list->e, room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		list->e = grown;
		list->room = room;
	}
	list->e[list->n++] = *entry;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct epoch *x = a, *y = b;
	int order;

	if (x->key_id != y->key_id)
		return x->key_id < y->key_id ? -1 : 1;
	order = strcasecmp(x->host, y->host);
	return order ? order : strcmp(x->port, y->port);
}

/* What was told later goes first. */
static int compare_age(const void *a, const void *b)
{
	const struct epoch *x = a, *y = b;
	int order = compare(a, b);

	if (order)
		return order;
	return x->told.at.real > y->told.at.real ? -1 : x->told.at.real < y->told.at.real;
}

/**
 * epochs_sort - by key, name and port, each once: the latest
 * @list: the entries
 */
void epochs_sort(struct epoch_list *list)
{
	size_t i, n = 0;

	if (list->n)
		qsort(list->e, list->n, sizeof(*list->e), compare_age);
	for (i = 0; i < list->n; i++)
		if (!n || compare(&list->e[n - 1], &list->e[i]))
			list->e[n++] = list->e[i];
	list->n = n;
}

static struct epoch *search(const struct epoch_list *list, const struct epoch *key)
{
	if (!list->n)
		return NULL;
	return bsearch(key, list->e, list->n, sizeof(*list->e), compare);
}

/**
 * epochs_find - what is remembered of a host
 * @e: loaded
 * @key_id: of the key
 * @host: as it was typed; capitals do not matter
 * @port: decimal
 *
 * Return: it, or NULL.
 */
const struct epoch *epochs_find(const struct epochs *e, u32 key_id, const char *host,
				const char *port)
{
	struct epoch key = { .key_id = key_id, .host = host, .port = port };

	return search(&e->known, &key);
}

/**
 * epochs_learn - a host has answered
 * @e: takes note
 * @key_id: of the key
 * @host: as it was typed; must stay until epochs_end()
 * @port: decimal; likewise
 * @told: by the host
 * @gone: it restarts at once: there is nothing to remember any more
 *
 * Return: 0, or -ENOMEM.
 */
int epochs_learn(struct epochs *e, u32 key_id, const char *host, const char *port,
		 const struct exchange_learned *told, bool gone)
{
	struct epoch entry = {
		.key_id = key_id, .host = host, .port = port, .told = *told,
		.right = e->right, .gone = gone,
	};

	/* No uptime or date of this world: not worth it. */
	if (told->boot < 0 || told->boot > EPOCHS_BOOT_MAX || told->at.real < 0 ||
	    told->at.real > EPOCHS_REAL_MAX)
		return 0;
	memcpy(entry.boot_id, e->boot_id, sizeof(entry.boot_id));
	return epochs_add(&e->learned, &entry);
}

/**
 * epochs_ahead - the host's CLOCK_BOOTTIME less ours, as it must be by now
 * @e: where @entry is from
 * @entry: of the host
 * @insist: trust wall clocks that are not synchronised
 * @now: this machine's clocks
 * @ahead: ns; rather too small than too large
 *
 * If this machine has restarted since, only its wall clock tells how long ago
 * the host was heard: then that must be right, and have been right.
 *
 * Return: false if it cannot be told.
 */
bool epochs_ahead(const struct epochs *e, const struct epoch *entry, bool insist,
		  const struct exchange_clock *now, s64 *ahead)
{
	s64 since, drift;

	if (!strcmp(e->boot_id, entry->boot_id) && strcmp(e->boot_id, "-"))
		since = now->boot - entry->told.at.boot;
	else if (insist || (e->right && entry->right))
		since = now->real - entry->told.at.real;
	else
		return false;
	if (since < 0)
		return false;
	drift = since / 1000000 * DRIFT_PPM;
	if (drift > DRIFT_MAX)
		drift = DRIFT_MAX;
	*ahead = entry->told.boot + since - drift - now->boot;
	return true;
}

/* Another sysrqctl may have heard of the host after us. */
static bool is_later(const struct epoch *known, const struct epoch *learned)
{
	return !strcmp(known->boot_id, learned->boot_id) &&
	       known->told.at.boot > learned->told.at.boot;
}

/* The oldest go last; what claims to be from the future is older still. */
static int compare_real(const void *a, const void *b, void *now_real)
{
	const struct epoch *x = a, *y = b;
	s64 now = *(s64 *)now_real;
	s64 s = x->told.at.real > now ? -1 : x->told.at.real;
	s64 t = y->told.at.real > now ? -1 : y->told.at.real;

	return s > t ? -1 : s < t;
}

/**
 * epochs_merge - what is learned goes into what is known
 * @e: loaded
 * @now_real: CLOCK_REALTIME, ns
 *
 * The oldest go, if they are too many.
 */
void epochs_merge(struct epochs *e, s64 now_real)
{
	struct epoch_list *known = &e->known;
	size_t i, n = 0, old = known->n;
	struct epoch *at;

	epochs_sort(&e->learned);
	for (i = 0; i < e->learned.n; i++) {
		at = search(&(struct epoch_list){ known->e, old, 0 }, &e->learned.e[i]);
		if (at && !is_later(at, &e->learned.e[i]))
			*at = e->learned.e[i];
		else if (!at && epochs_add(known, &e->learned.e[i]))
			epochs_warn(e, "no memory");
	}
	for (i = 0; i < known->n; i++)
		if (!known->e[i].gone)
			known->e[n++] = known->e[i];
	known->n = n;
	if (n > EPOCHS_MAX) {
		qsort_r(known->e, n, sizeof(*known->e), compare_real, &now_real);
		known->n = EPOCHS_MAX;
	}
	epochs_sort(known);
}

/**
 * epochs_end - free what is held
 * @e: the epochs
 */
void epochs_end(struct epochs *e)
{
	free(e->text);
	free(e->known.e);
	free(e->learned.e);
}
