/* SPDX-License-Identifier: GPL-2.0-only */
/* What is wrong with something, for who will say it. */
#ifndef SYSRQCTL_WHY_H
#define SYSRQCTL_WHY_H

#include <stddef.h>

int refuse(char *why, size_t len, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* SYSRQCTL_WHY_H */
