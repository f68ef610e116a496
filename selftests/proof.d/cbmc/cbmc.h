/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every proof needs: values that may be anything, and what is assumed and
 * shown of them.
 */
#ifndef CBMC_H
#define CBMC_H

#include "compat/types.h"
#include <linux/nft_sysrq.h>

#include "window.h"

#define SECOND		1000000000LL
/* Clocks as they can be: up 36 years at most, and by the wall clock until 2116. */
#define BOOT_END	(1LL << 60)
#define REAL_END	(1LL << 62)
#define TOLERANCE_MIN	(NFT_SYSRQ_TOLERANCE_MIN * 1000000LL)
#define TOLERANCE_MAX	(NFT_SYSRQ_TOLERANCE_MAX * 1000000LL)

#define assume(what)		__CPROVER_assume(what)
#define show(what, why)		__CPROVER_assert(what, why)
#define implies(a, b)		(!(a) || (b))

_Bool nondet_bool(void);
u8 nondet_u8(void);
u16 nondet_u16(void);
u32 nondet_u32(void);
u64 nondet_u64(void);
s64 nondet_s64(void);
int nondet_int(void);
struct nft_sysrq_dgram nondet_dgram(void);

static inline s64 any_between(s64 low, s64 high)
{
	s64 v = nondet_s64();

	assume(v >= low && v <= high);
	return v;
}

static inline struct nft_sysrq_clock any_clock(void)
{
	struct nft_sysrq_clock now = {
		.boot = any_between(0, BOOT_END),
		.real = any_between(0, REAL_END),
	};

	return now;
}

#endif /* CBMC_H */
