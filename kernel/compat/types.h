/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few names of the kernel that the core (wire, mac, window) uses, for
 * both of its homes.
 */
#ifndef NFT_SYSRQ_COMPAT_TYPES_H
#define NFT_SYSRQ_COMPAT_TYPES_H

#ifdef __KERNEL__

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#define compat_div_u64(dividend, divisor)	div_u64(dividend, divisor)

/* Not in every release of 6.1 and 6.6; without it a buffer is cleared, no more. */
#ifndef __uninitialized
#define __uninitialized
#endif

#else /* userspace */

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define cpu_to_be16(x)	htobe16(x)
#define cpu_to_be32(x)	htobe32(x)
#define cpu_to_be64(x)	htobe64(x)
#define be16_to_cpu(x)	be16toh(x)
#define be32_to_cpu(x)	be32toh(x)
#define be64_to_cpu(x)	be64toh(x)

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))

#define compat_div_u64(dividend, divisor)	((u64)(dividend) / (divisor))

#endif

#endif /* NFT_SYSRQ_COMPAT_TYPES_H */
