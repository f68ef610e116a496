/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of all hosts: each file read once, all in locked memory. */
#ifndef SYSRQCTL_KEYRING_H
#define SYSRQCTL_KEYRING_H

#include "keyfile.h"

#define KEYRING_CHUNK	64

/**
 * struct host_key - one host's, derived from its fleet's; in locked memory
 * @material: the key itself
 * @secrets: derived from it
 * @next: that is free
 */
struct host_key {
	u8			material[NFT_SYSRQ_KEY_LEN];
	struct nft_sysrq_secrets secrets;
	struct host_key		*next;
};

/**
 * struct keyring - keys by the files that they come from
 * @tree: of struct ring_entry, by path
 * @chunks: locked memory, each of KEYRING_CHUNK keys
 * @n: how many keys
 * @slots: locked memory, each of KEYRING_CHUNK hosts' keys
 * @nslots: how many of @slots
 * @free: hosts' keys that nobody has
 */
struct keyring {
	void		*tree;
	struct keyfile	**chunks;
	size_t		n;
	struct host_key	**slots;
	size_t		nslots;
	struct host_key	*free;
};

const struct keyfile *keyring_get(struct keyring *ring, const char *path, char *why,
				  size_t len);
struct host_key *keyring_derive(struct keyring *ring, const struct keyfile *fleet,
				const char *identity);
void keyring_release(struct keyring *ring, struct host_key *key);
void keyring_free(struct keyring *ring);

#endif /* SYSRQCTL_KEYRING_H */
