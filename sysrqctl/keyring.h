/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of all hosts: each file read once, all in locked memory. */
#ifndef SYSRQCTL_KEYRING_H
#define SYSRQCTL_KEYRING_H

#include "keyfile.h"

#define KEYRING_CHUNK	64

/**
 * struct keyring - keys by the files that they come from
 * @tree: of struct ring_entry, by path
 * @chunks: locked memory, each of KEYRING_CHUNK keys
 * @n: how many keys
 */
struct keyring {
	void		*tree;
	struct keyfile	**chunks;
	size_t		n;
};

const struct keyfile *keyring_get(struct keyring *ring, const char *path, char *why,
				  size_t len);
void keyring_free(struct keyring *ring);

#endif /* SYSRQCTL_KEYRING_H */
