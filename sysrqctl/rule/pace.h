/* SPDX-License-Identifier: GPL-2.0-only */
/* How often something that others undo may be done again. */
#ifndef SYSRQCTL_PACE_H
#define SYSRQCTL_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_MIN_MS	10
#define PACE_MAX_MS	5000

/**
 * struct pace - the first time at once, then ever more seldom, until there is peace
 * @last_ms: when it was done last
 * @pause_ms: until it may be done again; 0: it never was
 */
struct pace {
	int64_t	last_ms;
	int64_t	pause_ms;
};

int64_t pace_left(const struct pace *p, int64_t now_ms);
bool pace_done(struct pace *p, int64_t now_ms);

#endif /* SYSRQCTL_PACE_H */
