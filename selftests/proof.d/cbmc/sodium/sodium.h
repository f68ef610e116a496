/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libsodium as proofs see it. SHA-256 is a function of which nothing is known
 * but that two messages never have one digest; of SipHash, nothing at all.
 */
#ifndef ABSTRACT_SODIUM_H
#define ABSTRACT_SODIUM_H

#include <stddef.h>
#include <stdint.h>

#define crypto_shorthash_siphash24_KEYBYTES	16

/* An index of the messages there are; what they hold is the proof's matter. */
typedef struct {
	uint32_t	message;
} crypto_hash_sha256_state;

int crypto_hash_sha256_init(crypto_hash_sha256_state *state);
int crypto_hash_sha256_update(crypto_hash_sha256_state *state, const unsigned char *in,
			      unsigned long long len);
int crypto_hash_sha256_final(crypto_hash_sha256_state *state, unsigned char *out);
int crypto_shorthash_siphash24(unsigned char *out, const unsigned char *in,
			       unsigned long long len, const unsigned char *k);
int sodium_memcmp(const void *a, const void *b, size_t len);
void sodium_memzero(void *p, size_t len);

#endif /* ABSTRACT_SODIUM_H */
