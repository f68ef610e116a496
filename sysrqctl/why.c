// SPDX-License-Identifier: GPL-2.0-only
/* What is wrong with something, for who will say it. */
#include "why.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

/**
 * refuse - write down why
 * @why: where to
 * @len: of @why
 * @fmt: one line, without end
 *
 * Return: -EINVAL.
 */
int refuse(char *why, size_t len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}
