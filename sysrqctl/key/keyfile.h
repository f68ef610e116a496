/* SPDX-License-Identifier: GPL-2.0-only */
/* Key files: what they look like, and who may read them. */
#ifndef SYSRQCTL_KEYFILE_H
#define SYSRQCTL_KEYFILE_H

#include "key-settings.h"
#include "mac.h"
#include "wire.h"

#define KEYFILE_MAX	4096	/* bytes */
#define KEYFILE_CREDENTIAL	"credential:"	/* and the name of one, in place of a path */

/**
 * struct keyfile - a key; always in locked memory
 * @material: the key itself
 * @secrets: derived from it
 * @fleet: it is a fleet's: hosts' keys are derived from it, and no host has it
 * @name: of the key, from the file or its name; "" if neither says
 * @realm: what a fleet's key is derived for; "" if the file does not say
 * @settings: of a host's key, as far as the file says them
 */
struct keyfile {
	u8			material[NFT_SYSRQ_KEY_LEN];
	struct nft_sysrq_secrets secrets;
	bool			fleet;
	char			name[NFT_SYSRQ_NAME_LEN];
	char			realm[NFT_SYSRQ_IDENTITY_LEN];
	struct key_settings	settings;
};

struct keyfile *keyfile_read(const char *file, char *why, size_t len);
struct keyfile *keyfile_read_next(struct keyfile *key, const char *file, char *why, size_t len);
struct keyfile *keyfile_read_default(char *why, size_t len);
struct keyfile *keyfile_read_any(const char *file, char *why, size_t len);
struct keyfile *keyfile_generate(void);
struct keyfile *keyfile_make(const u8 material[NFT_SYSRQ_KEY_LEN]);
void keyfile_free(struct keyfile *key);

void keyfile_derive_host(const struct keyfile *fleet, const char *identity,
			 u8 out[NFT_SYSRQ_KEY_LEN]);

int keyfile_parse(struct keyfile *key, char *text, size_t size, const char *file,
		  char *why, size_t len);
size_t keyfile_format(const struct keyfile *key, char *text, size_t size);

#endif /* SYSRQCTL_KEYFILE_H */
