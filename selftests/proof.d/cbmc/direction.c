// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request never verifies as a reply, nor a reply as a request, nor either
 * under another key; whatever else its bytes are.
 *
 * Through the real mac.c and the real HMAC of compat/crypto.h, over a SHA-256
 * that is a function without collisions: each sequence of pieces has a digest
 * of its own, and nothing else is known of it. Which digest is which does not
 * matter, nor which keys these are, as long as they are two. (Of SipHash nothing
 * is known at all: the admission tag proves nothing here.)
 */
#include "cbmc.h"
#include "mac.c"

#define PIECES	64
#define LONGEST	64

/* A tree of all that was hashed: each piece, and what stands before it. */
static struct {
	u32	before;
	u32	len;
	u8	bytes[LONGEST];
} pieces[PIECES];
static u32 npieces = 1;

/*
 * By loops over indices: memcpy(), memcmp() and pointers into the tree make
 * CBMC forget that bytes are constants, and then all is anything.
 */
static bool is_piece(u32 p, u32 before, const u8 *in, u32 len)
{
	u32 i;

	if (pieces[p].before != before || pieces[p].len != len)
		return false;
	for (i = 0; i < len; i++)
		if (pieces[p].bytes[i] != in[i])
			return false;
	return true;
}

int crypto_hash_sha256_init(crypto_hash_sha256_state *state)
{
	state->message = 0;
	return 0;
}

int crypto_hash_sha256_update(crypto_hash_sha256_state *state, const unsigned char *in,
			      unsigned long long len)
{
	u32 i;

	show(len <= LONGEST && npieces < PIECES, "there is room");
	for (i = 1; i < npieces; i++)
		if (is_piece(i, state->message, in, len)) {
			state->message = i;
			return 0;
		}
	pieces[npieces].before = state->message;
	pieces[npieces].len = len;
	for (i = 0; i < len; i++)
		pieces[npieces].bytes[i] = in[i];
	state->message = npieces++;
	return 0;
}

int crypto_hash_sha256_final(crypto_hash_sha256_state *state, unsigned char *out)
{
	u32 i;

	for (i = 0; i < NFT_SYSRQ_MAC_LEN; i++)
		out[i] = 0;
	out[0] = state->message;
	return 0;
}

int crypto_shorthash_siphash24(unsigned char *out, const unsigned char *in,
			       unsigned long long len, const unsigned char *k)
{
	memset(out, 0, NFT_SYSRQ_ADM_LEN);
	return 0;
}

int sodium_memcmp(const void *a, const void *b, size_t len)
{
	return memcmp(a, b, len);
}

void sodium_memzero(void *p, size_t len)
{
}

int main(void)
{
	struct nft_sysrq_secrets one, other;
	struct nft_sysrq_dgram d = nondet_dgram();
	u8 key[NFT_SYSRQ_KEY_LEN];

	memset(key, 0xa5, sizeof(key));
	nft_sysrq_mac_derive(&one, key);
	memset(key, 0x5a, sizeof(key));
	nft_sysrq_mac_derive(&other, key);
	show(one.key_id != other.key_id, "digests are told apart");

	nft_sysrq_mac_seal(&one, SEALED, &d);
	show(!nft_sysrq_mac_holds(&one, !SEALED, &d), "not in the other direction");
	show(!nft_sysrq_mac_holds(&other, SEALED, &d), "nor under another key");
	show(!nft_sysrq_mac_holds(&other, !SEALED, &d), "nor both");
}
