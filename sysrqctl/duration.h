/* SPDX-License-Identifier: GPL-2.0-only */
/* Durations and points in time, as people write and read them. */
#ifndef SYSRQCTL_DURATION_H
#define SYSRQCTL_DURATION_H

#include <stddef.h>
#include <stdint.h>

#define NS_PER_MS	1000000LL
#define NS_PER_S	1000000000LL

/* Longest duration that is understood: ten years. */
#define DURATION_MAX_MS	(3650LL * 86400 * 1000)

int duration_parse(const char *text, int64_t *ms);
void duration_print(int64_t ms, char *buf, size_t len);

int when_parse(const char *text, int64_t now_s, uint64_t *when_s);
void when_print(int64_t when_s, char *buf, size_t len);
void when_print_clock(int64_t when_s, int64_t now_s, char *buf, size_t len);

#endif /* SYSRQCTL_DURATION_H */
