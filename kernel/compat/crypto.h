/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HMAC-SHA256 with prepared keys, SipHash-2-4, comparing and wiping, over
 * what each home offers:
 *
 * - kernels with prepared hmac_sha256 keys (COMPAT_HAVE_HMAC_SHA256);
 * - kernels with sha256_init/update/final only: the states after the inner
 *   and outer pad are kept and copied;
 * - userspace: libsodium, the same way.
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

/* Of two words, one comparison: it tells nothing by its time. */
static inline bool compat_sip_holds(const struct compat_sip_key *k, const u8 *data,
				    size_t len, const u8 tag[8])
{
	return siphash(data, len, &k->key) == compat_le64(tag);
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

#else

#ifdef __KERNEL__
typedef struct sha256_state compat_sha256;
#define compat_sha256_init(s)		sha256_init(s)
#define compat_sha256_update(s, p, n)	sha256_update(s, p, n)
#define compat_sha256_final(s, out)	sha256_final(s, out)
#else
typedef crypto_hash_sha256_state compat_sha256;
#define compat_sha256_init(s)		crypto_hash_sha256_init(s)
#define compat_sha256_update(s, p, n)	crypto_hash_sha256_update(s, p, n)
#define compat_sha256_final(s, out)	crypto_hash_sha256_final(s, out)
#endif

#define COMPAT_HMAC_BLOCK	64

struct compat_hmac_key {
	compat_sha256	inner;	/* after key ^ ipad */
	compat_sha256	outer;	/* after key ^ opad */
};

struct compat_hmac_ctx {
	compat_sha256			sha;
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
	compat_sha256_init(&k->inner);
	compat_sha256_update(&k->inner, pad, sizeof(pad));
	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	compat_sha256_init(&k->outer);
	compat_sha256_update(&k->outer, pad, sizeof(pad));
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
	compat_sha256_update(&c->sha, data, len);
}

static inline void compat_hmac_end(struct compat_hmac_ctx *c, u8 out[32])
{
	compat_sha256_final(&c->sha, out);
	c->sha = c->key->outer;
	compat_sha256_update(&c->sha, out, 32);
	compat_sha256_final(&c->sha, out);
}

#endif

static inline void compat_hmac(const struct compat_hmac_key *k, const u8 *data,
			       size_t len, u8 out[32])
{
	struct compat_hmac_ctx c;

	compat_hmac_begin(&c, k);
	compat_hmac_add(&c, data, len);
	compat_hmac_end(&c, out);
}

#endif /* NFT_SYSRQ_COMPAT_CRYPTO_H */
