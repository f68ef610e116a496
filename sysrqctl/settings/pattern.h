/* SPDX-License-Identifier: GPL-2.0-only */
/* Shell patterns on host names. */
#ifndef SYSRQCTL_PATTERN_H
#define SYSRQCTL_PATTERN_H

#include <stdbool.h>

bool pattern_matches(const char *pattern, const char *name);

#endif /* SYSRQCTL_PATTERN_H */
