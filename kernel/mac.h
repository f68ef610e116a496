/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tags: what 32 bytes of key material are turned into, and the two tags of
 * a datagram.
 *
 * Core: the same file builds in the kernel and in userspace, over the
 * primitives of compat/crypto.h.
 */
#ifndef NFT_SYSRQ_MAC_H
#define NFT_SYSRQ_MAC_H

#include "compat/crypto.h"
#include "compat/types.h"
#include <linux/nft_sysrq.h>

/* Which way a datagram goes; each has keys of its own. */
enum nft_sysrq_dir {
	NFT_SYSRQ_DIR_REQUEST,
	NFT_SYSRQ_DIR_REPLY,
	NFT_SYSRQ_DIRS,
};

/**
 * struct nft_sysrq_secrets - derived from a key; the key itself is not kept
 * @mac: HMAC-SHA256 with inner and outer state computed
 * @admission: SipHash-2-4 keys
 * @key_id: public name of the key on the wire
 */
struct nft_sysrq_secrets {
	struct compat_hmac_key	mac[NFT_SYSRQ_DIRS];
	struct compat_sip_key	admission[NFT_SYSRQ_DIRS];
	__be32			key_id;
};

void nft_sysrq_mac_derive(struct nft_sysrq_secrets *s,
			  const u8 key[NFT_SYSRQ_KEY_LEN]);
__be64 nft_sysrq_mac_host_tag(const u8 key[NFT_SYSRQ_KEY_LEN],
			      const char *identity, size_t len);

/**
 * nft_sysrq_mac_admits - does the admission tag hold?
 * @s: of the key that the datagram names
 * @dir: which way it came
 * @d: the datagram
 *
 * Cheap, and decides nothing alone: it turns away who lacks the key. Inline,
 * as that is where a flood of forged ones ends.
 */
static inline bool nft_sysrq_mac_admits(const struct nft_sysrq_secrets *s,
					enum nft_sysrq_dir dir,
					const struct nft_sysrq_dgram *d)
{
	return compat_sip_holds(&s->admission[dir], (const u8 *)d, NFT_SYSRQ_ADM_OFFSET,
				d->admission);
}

/**
 * nft_sysrq_mac_holds - does the HMAC hold?
 * @s: of the key that the datagram names
 * @dir: which way it came
 * @d: the datagram
 */
static inline bool nft_sysrq_mac_holds(const struct nft_sysrq_secrets *s,
				       enum nft_sysrq_dir dir,
				       const struct nft_sysrq_dgram *d)
{
	return compat_hmac_holds(&s->mac[dir], (const u8 *)d, NFT_SYSRQ_MAC_OFFSET, d->mac);
}

void nft_sysrq_mac_seal(const struct nft_sysrq_secrets *s, enum nft_sysrq_dir dir,
			struct nft_sysrq_dgram *d);

#endif /* NFT_SYSRQ_MAC_H */
