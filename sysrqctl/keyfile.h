/* SPDX-License-Identifier: GPL-2.0-only */
/* Key files: what they look like, and who may read them. */
#ifndef SYSRQCTL_KEYFILE_H
#define SYSRQCTL_KEYFILE_H

#include "mac.h"
#include "wire.h"

#define KEYFILE_MAX	4096	/* bytes */

/**
 * struct keyfile - a key; always in locked memory
 * @material: the key itself
 * @secrets: derived from it
 * @name: of the key, from the file or its name; "" if neither says
 */
struct keyfile {
	u8			material[NFT_SYSRQ_KEY_LEN];
	struct nft_sysrq_secrets secrets;
	char			name[NFT_SYSRQ_NAME_LEN];
};

struct keyfile *keyfile_read(const char *file, char *why, size_t len);
struct keyfile *keyfile_read_default(char *why, size_t len);
struct keyfile *keyfile_generate(void);
void keyfile_free(struct keyfile *key);

int keyfile_parse(struct keyfile *key, char *text, size_t size, const char *file,
		  char *why, size_t len);
size_t keyfile_format(const struct keyfile *key, char *text, size_t size);

#endif /* SYSRQCTL_KEYFILE_H */
