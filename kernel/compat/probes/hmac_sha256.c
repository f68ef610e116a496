// SPDX-License-Identifier: GPL-2.0-only
/* Are there prepared keys for hmac_sha256? */
#include <crypto/sha2.h>

void probe(struct hmac_sha256_key *key, struct hmac_sha256_ctx *ctx, u8 *p);
void probe(struct hmac_sha256_key *key, struct hmac_sha256_ctx *ctx, u8 *p)
{
	hmac_sha256_preparekey(key, p, 32);
	hmac_sha256_init(ctx, key);
	hmac_sha256_update(ctx, p, 32);
	hmac_sha256_final(ctx, p);
}
