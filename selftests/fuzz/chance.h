/* SPDX-License-Identifier: GPL-2.0-only */
/* libsodium's random bytes, the same in each run: so that a finding can be found again. */
#ifndef NFT_SYSRQ_FUZZ_CHANCE_H
#define NFT_SYSRQ_FUZZ_CHANCE_H

#include <sodium.h>
#include <stdint.h>

static uint64_t chance_state;

static const char *chance_name(void)
{
	return "chance";
}

static uint32_t chance_random(void)
{
	chance_state = chance_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return chance_state >> 32;
}

static void chance_buf(void *const to, const size_t len)
{
	unsigned char *p = to;
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = chance_random();
}

/** chance_begin - from here on the same random bytes as ever */
static inline void chance_begin(void)
{
	static randombytes_implementation as = {
		.implementation_name = chance_name, .random = chance_random, .buf = chance_buf,
	};

	chance_state = 1;
	randombytes_set_implementation(&as);
}

#endif
