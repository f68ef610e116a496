// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose turn it is. Hosts known by address have theirs at once; names are
 * looked up a few ahead, and have theirs as they are found.
 */
#include "turn.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

/**
 * turns_begin - nobody has had a turn
 * @t: filled in
 * @hosts: stay
 * @n: how many
 *
 * Return: 0, or a negative errno.
 */
int turns_begin(struct turns *t, const struct host *hosts, size_t n)
{
	size_t i;

	memset(t, 0, sizeof(*t));
	t->hosts = hosts;
	t->n = n;
	for (i = 0; i < n && hosts[i].direct; i++)
		;
	if (i == n)
		return 0;
	t->lookups = lookups_begin();
	return t->lookups ? 0 : -errno;
}

/* Return: one could not be asked for; that is its turn. */
static bool ask_ahead(struct turns *t, struct turn *turn, s64 now)
{
	const struct host *host;
	int err;

	while (t->named < t->n && t->asked < LOOKUPS_MAX) {
		host = &t->hosts[t->named++];
		if (host->direct)
			continue;
		err = lookups_ask(t->lookups, host, t->named - 1, now);
		if (err) {
			turn->i = t->named - 1;
			turn->err = -err;
			return true;
		}
		t->asked++;
	}
	return false;
}

static void find_direct(const struct host *host, struct turn *turn)
{
	unsigned int i;
	int err;

	if (!host->naddresses)
		turn->eai = addresses_find(&turn->found, host->name, host->port, true);
	for (i = 0; i < host->naddresses && turn->found.n < EXCHANGE_ADDRS; i++) {
		err = addresses_find(&turn->found, host->addresses[i], host->port, true);
		if (err)
			turn->eai = err;
	}
	if (turn->found.n)
		turn->eai = 0;
}

/**
 * turns_next - the next host that has its turn
 * @t: the turns
 * @turn: filled in
 * @now: CLOCK_BOOTTIME, ns
 *
 * Return: there is one now; else perhaps later, if names are being looked up.
 */
bool turns_next(struct turns *t, struct turn *turn, s64 now)
{
	memset(turn, 0, sizeof(*turn));
	if (t->lookups) {
		if (ask_ahead(t, turn, now))
			return true;
		if (t->asked &&
		    lookups_next(t->lookups, now, &turn->i, &turn->found, &turn->eai)) {
			t->asked--;
			return true;
		}
	}
	while (t->direct < t->n && !t->hosts[t->direct].direct)
		t->direct++;
	if (t->direct == t->n)
		return false;
	turn->i = t->direct++;
	find_direct(&t->hosts[turn->i], turn);
	return true;
}

/**
 * turns_give_up - wait for no name any more
 * @t: the turns
 */
void turns_give_up(struct turns *t)
{
	if (t->lookups)
		lookups_give_up(t->lookups);
}

/**
 * turns_end - be done with it
 * @t: the turns
 */
void turns_end(struct turns *t)
{
	lookups_end(t->lookups);
}
