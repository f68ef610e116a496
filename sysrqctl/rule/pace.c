// SPDX-License-Identifier: GPL-2.0-only
/* How often something that others undo may be done again. */
#include "pace.h"

/**
 * pace_left - how long until it may be done
 * @p: all zeroes before the first time
 * @now_ms: by a clock that never goes back
 *
 * Return: ms; 0: now.
 */
int64_t pace_left(const struct pace *p, int64_t now_ms)
{
	int64_t left = p->pause_ms ? p->last_ms + p->pause_ms - now_ms : 0;

	return left > 0 ? left : 0;
}

/**
 * pace_done - it was done
 * @p: the pace
 * @now_ms: by the same clock
 *
 * Return: whether this is a fight: from now on it is done every PACE_MAX_MS at most, and was not before.
 */
bool pace_done(struct pace *p, int64_t now_ms)
{
	bool peace = !p->pause_ms || now_ms - p->last_ms > 2 * PACE_MAX_MS;
	int64_t before = p->pause_ms;

	p->last_ms = now_ms;
	p->pause_ms = peace ? PACE_MIN_MS : before * 2;
	if (p->pause_ms < PACE_MAX_MS)
		return false;
	p->pause_ms = PACE_MAX_MS;
	return before < PACE_MAX_MS;
}
