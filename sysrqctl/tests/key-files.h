/* SPDX-License-Identifier: GPL-2.0-only */
/* Key files for tests that read directories of them. */
#ifndef TEST_KEY_FILES_H
#define TEST_KEY_FILES_H

#include <unistd.h>

#include "keyfile.h"
#include "test-run.h"
#include "test.h"

/* A key file of 32 times @byte, with @more lines. */
static inline void put_key_file(const char *folder, const char *name, u8 byte, const char *more,
				unsigned int mode)
{
	char file[192], text[KEYFILE_MAX];
	u8 material[NFT_SYSRQ_KEY_LEN];
	struct keyfile *key;
	size_t n;

	memset(material, byte, sizeof(material));
	key = keyfile_make(material);
	n = keyfile_format(key, text, sizeof(text));
	snprintf(text + n, sizeof(text) - n, "%s", more);
	keyfile_free(key);
	snprintf(file, sizeof(file), "%s/%s", folder, name);
	write_file(file, text, mode);
}

static inline void remove_key_file(const char *folder, const char *name)
{
	char file[192];

	snprintf(file, sizeof(file), "%s/%s", folder, name);
	check(!unlink(file));
}

#endif /* TEST_KEY_FILES_H */
