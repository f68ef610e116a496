/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HMAC-SHA256 with prepared keys, SipHash-2-4, comparing and wiping, over
 * what each home offers:
 *
 * - kernels with prepared hmac_sha256 keys (COMPAT_HAVE_HMAC_SHA256);
 * - kernels with sha256_init/update/final only: the states after the inner
 *   and outer pad are kept; behind each comes one block, padded here;
 * - userspace: libsodium; the states are kept and copied.
 */
#ifndef NFT_SYSRQ_COMPAT_CRYPTO_H
#define NFT_SYSRQ_COMPAT_CRYPTO_H

#include "types.h"

#ifdef __KERNEL__

#include <crypto/sha2.h>
#ifdef COMPAT_HAVE_CRYPTO_UTILS
#include <crypto/utils.h>
#else
#include <crypto/algapi.h>
#endif
#include <linux/build_bug.h>
#include <linux/siphash.h>

struct compat_sip_key {
	siphash_key_t	key;
};

static inline u64 compat_le64(const u8 *p)
{
	__le64 v;

	memcpy(&v, p, sizeof(v));
	return le64_to_cpu(v);
}

static inline void compat_sip_prepare(struct compat_sip_key *k, const u8 key[16])
{
	k->key.key[0] = compat_le64(key);
	k->key.key[1] = compat_le64(key + 8);
}

static inline void compat_sip(const struct compat_sip_key *k, const u8 *data,
			      size_t len, u8 out[8])
{
	__le64 v = cpu_to_le64(siphash(data, len, &k->key));

	memcpy(out, &v, sizeof(v));
}

/*
 * As siphash(), of a length that is a constant, without its call and its loop:
 * most of what turning a forged datagram away costs is this.
 */
static __always_inline u64 compat_siphash(const u8 *data, size_t len, const siphash_key_t *key)
{
	u64 v0 = SIPHASH_CONST_0 ^ key->key[0], v1 = SIPHASH_CONST_1 ^ key->key[1];
	u64 v2 = SIPHASH_CONST_2 ^ key->key[0], v3 = SIPHASH_CONST_3 ^ key->key[1];
	u8 last[8] = { [7] = len };
	size_t i;
	u64 m;

	memcpy(last, data + len / 8 * 8, len % 8);
#pragma GCC unroll 16
	for (i = 0; i < len / 8 + 1; i++) {
		m = compat_le64(i < len / 8 ? data + 8 * i : last);
		v3 ^= m;
		SIPHASH_PERMUTATION(v0, v1, v2, v3);
		SIPHASH_PERMUTATION(v0, v1, v2, v3);
		v0 ^= m;
	}
	v2 ^= 0xff;
#pragma GCC unroll 4
	for (i = 0; i < 4; i++)
		SIPHASH_PERMUTATION(v0, v1, v2, v3);
	return v0 ^ v1 ^ v2 ^ v3;
}

/* Of two words, one comparison: it tells nothing by its time. */
static __always_inline bool compat_sip_holds(const struct compat_sip_key *k, const u8 *data,
					     size_t len, const u8 tag[8])
{
	return compat_siphash(data, len, &k->key) == compat_le64(tag);
}

static inline bool compat_equal(const u8 *a, const u8 *b, size_t len)
{
	return !crypto_memneq(a, b, len);
}

static inline void compat_wipe(void *p, size_t len)
{
	memzero_explicit(p, len);
}

#else /* userspace */

#include <sodium.h>

struct compat_sip_key {
	u8	key[crypto_shorthash_siphash24_KEYBYTES];
};

static inline void compat_sip_prepare(struct compat_sip_key *k, const u8 key[16])
{
	memcpy(k->key, key, sizeof(k->key));
}

static inline void compat_sip(const struct compat_sip_key *k, const u8 *data,
			      size_t len, u8 out[8])
{
	crypto_shorthash_siphash24(out, data, len, k->key);
}

static inline bool compat_equal(const u8 *a, const u8 *b, size_t len)
{
	return !sodium_memcmp(a, b, len);
}

static inline bool compat_sip_holds(const struct compat_sip_key *k, const u8 *data,
				    size_t len, const u8 tag[8])
{
	u8 right[8];

	compat_sip(k, data, len, right);
	return compat_equal(tag, right, sizeof(right));
}

static inline void compat_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}

#endif /* userspace */

#define COMPAT_HMAC_SHORT	55	/* what fits into a block with its padding */

#if defined(__KERNEL__) && defined(COMPAT_HAVE_HMAC_SHA256)

struct compat_hmac_key {
	struct hmac_sha256_key	key;
};

struct compat_hmac_ctx {
	struct hmac_sha256_ctx	ctx;
};

static inline void compat_hmac_prepare(struct compat_hmac_key *k, const u8 *raw,
				       size_t len)
{
	hmac_sha256_preparekey(&k->key, raw, len);
}

static inline void compat_hmac_begin(struct compat_hmac_ctx *c,
				     const struct compat_hmac_key *k)
{
	hmac_sha256_init(&c->ctx, &k->key);
}

static inline void compat_hmac_add(struct compat_hmac_ctx *c, const u8 *data,
				   size_t len)
{
	hmac_sha256_update(&c->ctx, data, len);
}

static inline void compat_hmac_end(struct compat_hmac_ctx *c, u8 out[32])
{
	hmac_sha256_final(&c->ctx, out);
}

#elif defined(__KERNEL__)

#define COMPAT_HMAC_BLOCK	64

struct compat_hmac_key {
	u32	inner[8];	/* after key ^ ipad */
	u32	outer[8];	/* after key ^ opad */
};

struct compat_hmac_ctx {
	struct sha256_state		sha;
	const struct compat_hmac_key	*key;
};

/* Behind the one block that made @state. */
static __always_inline void compat_sha256_from(struct sha256_state *sha, const u32 state[8])
{
	memcpy(sha->state, state, sizeof(sha->state));
	sha->count = COMPAT_HMAC_BLOCK;
}

/* The state after a block of @byte, with @len bytes of @raw xored into it. */
static inline void compat_hmac_pad(u32 state[8], const u8 *raw, size_t len, u8 byte)
{
	u8 pad[COMPAT_HMAC_BLOCK];
	struct sha256_state sha;
	size_t i;

	for (i = 0; i < sizeof(pad); i++)
		pad[i] = (i < len ? raw[i] : 0) ^ byte;
	sha256_init(&sha);
	sha256_update(&sha, pad, sizeof(pad));
	memcpy(state, sha.state, sizeof(sha.state));
	compat_wipe(pad, sizeof(pad));
	compat_wipe(&sha, sizeof(sha));
}

/* @len is at most a block: all keys here have 32 bytes. */
static inline void compat_hmac_prepare(struct compat_hmac_key *k, const u8 *raw,
				       size_t len)
{
	compat_hmac_pad(k->inner, raw, len, 0x36);
	compat_hmac_pad(k->outer, raw, len, 0x5c);
}

static inline void compat_hmac_begin(struct compat_hmac_ctx *c,
				     const struct compat_hmac_key *k)
{
	compat_sha256_from(&c->sha, k->inner);
	c->key = k;
}

static inline void compat_hmac_add(struct compat_hmac_ctx *c, const u8 *data,
				   size_t len)
{
	sha256_update(&c->sha, data, len);
}

static inline void compat_hmac_end(struct compat_hmac_ctx *c, u8 out[32])
{
	sha256_final(&c->sha, out);
	compat_sha256_from(&c->sha, c->key->outer);
	sha256_update(&c->sha, out, 32);
	sha256_final(&c->sha, out);
}

/*
 * The last block: @len bytes are there, the rest is padding (FIPS 180-4,
 * 5.1.1). It is hashed where it lies, and the digest stays in the state, which
 * spares the copies and the wiping of sha256_final().
 */
static __always_inline void compat_sha256_last(struct sha256_state *sha, const u32 state[8],
					       u8 block[COMPAT_HMAC_BLOCK], size_t len)
{
	__be64 bits = cpu_to_be64((COMPAT_HMAC_BLOCK + len) * 8);

	block[len] = 0x80;
	memset(block + len + 1, 0, COMPAT_HMAC_BLOCK - sizeof(bits) - len - 1);
	memcpy(block + COMPAT_HMAC_BLOCK - sizeof(bits), &bits, sizeof(bits));
	compat_sha256_from(sha, state);
	sha256_update(sha, block, COMPAT_HMAC_BLOCK);
}

/* Eight words: without a loop each is two or three instructions. */
static __always_inline void compat_sha256_digest(const struct sha256_state *sha, u8 out[32])
{
	__be32 word;
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++) {
		word = cpu_to_be32(sha->state[i]);
		memcpy(out + 4 * i, &word, sizeof(word));
	}
}

/* The HMAC of @len bytes, a constant of at most COMPAT_HMAC_SHORT, as a state: wipe it. */
static __always_inline void compat_hmac_state(struct sha256_state *sha,
					      const struct compat_hmac_key *k,
					      const u8 *data, size_t len)
{
	u8 block[COMPAT_HMAC_BLOCK] __uninitialized;

	BUILD_BUG_ON(!__builtin_constant_p(len) || len > COMPAT_HMAC_SHORT);
	memcpy(block, data, len);
	compat_sha256_last(sha, k->inner, block, len);
	compat_sha256_digest(sha, block);
	compat_sha256_last(sha, k->outer, block, 32);
}

#else /* userspace */

#define COMPAT_HMAC_BLOCK	64

struct compat_hmac_key {
	crypto_hash_sha256_state	inner;	/* after key ^ ipad */
	crypto_hash_sha256_state	outer;	/* after key ^ opad */
};

struct compat_hmac_ctx {
	crypto_hash_sha256_state			sha;
	const struct compat_hmac_key	*key;
};

/* @len is at most a block: all keys here have 32 bytes. */
static inline void compat_hmac_prepare(struct compat_hmac_key *k, const u8 *raw,
				       size_t len)
{
	u8 pad[COMPAT_HMAC_BLOCK];
	size_t i;

	for (i = 0; i < sizeof(pad); i++)
		pad[i] = (i < len ? raw[i] : 0) ^ 0x36;
	crypto_hash_sha256_init(&k->inner);
	crypto_hash_sha256_update(&k->inner, pad, sizeof(pad));
	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	crypto_hash_sha256_init(&k->outer);
	crypto_hash_sha256_update(&k->outer, pad, sizeof(pad));
	compat_wipe(pad, sizeof(pad));
}

static inline void compat_hmac_begin(struct compat_hmac_ctx *c,
				     const struct compat_hmac_key *k)
{
	c->sha = k->inner;
	c->key = k;
}

static inline void compat_hmac_add(struct compat_hmac_ctx *c, const u8 *data,
				   size_t len)
{
	crypto_hash_sha256_update(&c->sha, data, len);
}

static inline void compat_hmac_end(struct compat_hmac_ctx *c, u8 out[32])
{
	crypto_hash_sha256_final(&c->sha, out);
	c->sha = c->key->outer;
	crypto_hash_sha256_update(&c->sha, out, 32);
	crypto_hash_sha256_final(&c->sha, out);
}

#endif

/* The whole of it, for @len that is a constant of at most COMPAT_HMAC_SHORT. */
static __always_inline void compat_hmac(const struct compat_hmac_key *k, const u8 *data,
					size_t len, u8 out[32])
{
#if defined(__KERNEL__) && !defined(COMPAT_HAVE_HMAC_SHA256)
	struct sha256_state sha __uninitialized;

	compat_hmac_state(&sha, k, data, len);
	compat_sha256_digest(&sha, out);
	compat_wipe(sha.state, sizeof(sha.state));
#else
	struct compat_hmac_ctx c;

	compat_hmac_begin(&c, k);
	compat_hmac_add(&c, data, len);
	compat_hmac_end(&c, out);
#endif
}

/*
 * Is that the HMAC? In constant time, and the right tag of a forged datagram
 * does not stay on the stack.
 */
static __always_inline bool compat_hmac_holds(const struct compat_hmac_key *k, const u8 *data,
					      size_t len, const u8 tag[32])
{
#if defined(__KERNEL__) && !defined(COMPAT_HAVE_HMAC_SHA256)
	struct sha256_state sha __uninitialized;
	u32 differ = 0;
	__be32 word;
	int i;

	compat_hmac_state(&sha, k, data, len);
	/* As crypto_memneq() does, but with the words as they lie in the state. */
#pragma GCC unroll 8
	for (i = 0; i < 8; i++) {
		memcpy(&word, tag + 4 * i, sizeof(word));
		differ |= sha.state[i] ^ be32_to_cpu(word);
		OPTIMIZER_HIDE_VAR(differ);
	}
	compat_wipe(sha.state, sizeof(sha.state));
	return !differ;
#else
	u8 right[32];
	bool holds;

	compat_hmac(k, data, len, right);
	holds = compat_equal(right, tag, sizeof(right));
	compat_wipe(right, sizeof(right));
	return holds;
#endif
}

#endif /* NFT_SYSRQ_COMPAT_CRYPTO_H */
