// SPDX-License-Identifier: GPL-2.0-only
/*
 * A request never verifies as a reply, nor a reply as a request; nor either
 * under another key.
 *
 * Through the real mac.c and HMAC of compat/crypto.h, over a SHA-256 that is a
 * function without collisions: each message, byte for byte, has a digest of its
 * own, and nothing else is known of it. (Of SipHash nothing is known at all, so
 * the admission tag proves nothing here.)
 */
#include "cbmc.h"
#include "mac.c"

#define MESSAGES	32	/* different ones that are hashed */
#define LONGEST		(64 + NFT_SYSRQ_MAC_OFFSET)

static struct {
	u8	text[LONGEST];
	u32	len;
} states[MESSAGES], hashed[MESSAGES];
static u32 nstates, nhashed;

int crypto_hash_sha256_init(crypto_hash_sha256_state *state)
{
	show(nstates < MESSAGES, "there is room");
	states[nstates].len = 0;
	state->message = nstates++;
	return 0;
}

/* A state that was copied goes on as a message of its own. */
int crypto_hash_sha256_update(crypto_hash_sha256_state *state, const unsigned char *in,
			      unsigned long long len)
{
	u32 i, from = state->message;

	show(nstates < MESSAGES && states[from].len + len <= LONGEST, "there is room");
	states[nstates] = states[from];
	for (i = 0; i < len; i++)
		states[nstates].text[states[from].len + i] = in[i];
	states[nstates].len += len;
	state->message = nstates++;
	return 0;
}

static bool same(u32 a, u32 b)
{
	bool same = states[a].len == hashed[b].len;
	u32 i;

	for (i = 0; i < LONGEST; i++)
		same &= i >= states[a].len || states[a].text[i] == hashed[b].text[i];
	return same;
}

/* The digest is the number of the message, and zeroes: another one for each. */
int crypto_hash_sha256_final(crypto_hash_sha256_state *state, unsigned char *out)
{
	u32 i, number = nhashed;

	for (i = 0; i < nhashed; i++)
		if (same(state->message, i))
			number = i;
	if (number == nhashed) {
		show(nhashed < MESSAGES, "there is room");
		hashed[nhashed++] = states[state->message];
	}
	memset(out, 0, NFT_SYSRQ_MAC_LEN);
	out[0] = number + 1;
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
	struct nft_sysrq_secrets s;
	struct nft_sysrq_dgram d = nondet_dgram();
	u8 key[NFT_SYSRQ_KEY_LEN];

	/* Any: but no digest of those above. */
	memset(key, 0xa5, sizeof(key));
	nft_sysrq_mac_derive(&s, key);
	nft_sysrq_mac_seal(&s, nondet_bool() ? NFT_SYSRQ_DIR_REQUEST : NFT_SYSRQ_DIR_REPLY, &d);
	show(nft_sysrq_mac_holds(&s, NFT_SYSRQ_DIR_REQUEST, &d) !=
	     nft_sysrq_mac_holds(&s, NFT_SYSRQ_DIR_REPLY, &d), "it holds in one direction");
}
