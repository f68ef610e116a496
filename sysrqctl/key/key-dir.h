/* SPDX-License-Identifier: GPL-2.0-only */
/* A directory of key files. */
#ifndef SYSRQCTL_KEY_DIR_H
#define SYSRQCTL_KEY_DIR_H

#include "key-settings.h"

/**
 * struct key_item - one key file's
 * @path: of the file
 * @name: of the key
 * @id: of the key
 * @set: all that is to be told of it, but the wall clock and the identity, where
 *	the file does not say; overlap only if it does
 * @material: in locked memory of the directory
 */
struct key_item {
	char			*path;
	char			name[NFT_SYSRQ_NAME_LEN];
	u32			id;
	struct key_settings	set;
	const u8		*material;
};

/**
 * struct key_dir - all key files of a directory, by path
 * @item: the keys
 * @n: how many
 * @fd: the directory, locked against another who loads it
 * @past: paths of files passed over, as their keys have expired
 * @expired: how many
 */
struct key_dir {
	struct key_item	*item;
	size_t		n;
	int		fd;
	char		**past;
	unsigned int	expired;
	/* private: */
	u8		(*materials)[NFT_SYSRQ_KEY_LEN];
	size_t		room;
};

int key_dir_read(struct key_dir *dir, const char *path, char *why, size_t len);
int key_dir_add_credentials(struct key_dir *dir, char *why, size_t len);
void key_dir_free(struct key_dir *dir);

#endif /* SYSRQCTL_KEY_DIR_H */
