// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tags. HMAC-SHA256: RFC 2104, FIPS 180-4. SipHash-2-4: Aumasson and
 * Bernstein, "SipHash: a fast short-input PRF" (2012).
 */
#include "mac.h"

/* HMAC(key, label + suffix) */
static void derive(const struct compat_hmac_key *key, const char *label,
		   const char *suffix, size_t len, u8 out[NFT_SYSRQ_MAC_LEN])
{
	struct compat_hmac_ctx ctx;

	compat_hmac_begin(&ctx, key);
	compat_hmac_add(&ctx, (const u8 *)label, strlen(label));
	compat_hmac_add(&ctx, (const u8 *)suffix, len);
	compat_hmac_end(&ctx, out);
	compat_wipe(&ctx, sizeof(ctx));
}

/**
 * nft_sysrq_mac_derive - secrets of a key
 * @s: filled in; wipe it when the key goes
 * @key: 32 bytes of key material, which the caller wipes
 */
void nft_sysrq_mac_derive(struct nft_sysrq_secrets *s,
			  const u8 key[NFT_SYSRQ_KEY_LEN])
{
	static const char * const mac_label[NFT_SYSRQ_DIRS] = {
		NFT_SYSRQ_LABEL_REQUEST_MAC, NFT_SYSRQ_LABEL_REPLY_MAC,
	};
	static const char * const adm_label[NFT_SYSRQ_DIRS] = {
		NFT_SYSRQ_LABEL_REQUEST_ADM, NFT_SYSRQ_LABEL_REPLY_ADM,
	};
	struct compat_hmac_key root;
	u8 out[NFT_SYSRQ_MAC_LEN];
	int dir;

	compat_hmac_prepare(&root, key, NFT_SYSRQ_KEY_LEN);
	for (dir = 0; dir < NFT_SYSRQ_DIRS; dir++) {
		derive(&root, mac_label[dir], "", 0, out);
		compat_hmac_prepare(&s->mac[dir], out, sizeof(out));
		derive(&root, adm_label[dir], "", 0, out);
		compat_sip_prepare(&s->admission[dir], out);
	}
	derive(&root, NFT_SYSRQ_LABEL_KEY_ID, "", 0, out);
	memcpy(&s->key_id, out, sizeof(s->key_id));

	compat_wipe(out, sizeof(out));
	compat_wipe(&root, sizeof(root));
}

/**
 * nft_sysrq_mac_host_tag - what binds wall-clock mode to one host
 * @key: 32 bytes of key material
 * @identity: the host's name: lower-case ASCII without final dot
 * @len: of @identity
 */
__be64 nft_sysrq_mac_host_tag(const u8 key[NFT_SYSRQ_KEY_LEN],
			      const char *identity, size_t len)
{
	struct compat_hmac_key root;
	u8 out[NFT_SYSRQ_MAC_LEN];
	__be64 tag;

	compat_hmac_prepare(&root, key, NFT_SYSRQ_KEY_LEN);
	derive(&root, NFT_SYSRQ_LABEL_HOST_TAG, identity, len, out);
	memcpy(&tag, out, sizeof(tag));

	compat_wipe(out, sizeof(out));
	compat_wipe(&root, sizeof(root));
	return tag;
}

/**
 * nft_sysrq_mac_seal - put both tags on a datagram
 * @s: of the key that it names
 * @dir: which way it goes
 * @d: complete but for its tags
 */
void nft_sysrq_mac_seal(const struct nft_sysrq_secrets *s, enum nft_sysrq_dir dir,
			struct nft_sysrq_dgram *d)
{
	compat_hmac(&s->mac[dir], (const u8 *)d, NFT_SYSRQ_MAC_OFFSET, d->mac);
	compat_sip(&s->admission[dir], (const u8 *)d, NFT_SYSRQ_ADM_OFFSET,
		   d->admission);
}
