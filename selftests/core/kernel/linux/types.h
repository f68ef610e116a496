/* SPDX-License-Identifier: GPL-2.0-only */
/* Stand-in, see kernel.h: what userspace has, and the kernel's own names. */
#ifndef STAND_IN_TYPES_H
#define STAND_IN_TYPES_H

#include_next <linux/types.h>
#include <stdint.h>

/* As compat/types.h has them, which may be on its way here. */
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#include "kernel.h"

#endif /* STAND_IN_TYPES_H */
