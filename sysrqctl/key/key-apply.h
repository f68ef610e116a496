/* SPDX-License-Identifier: GPL-2.0-only */
/* A directory of keys to the kernel: all or none. */
#ifndef SYSRQCTL_KEY_APPLY_H
#define SYSRQCTL_KEY_APPLY_H

#include "command.h"
#include "key-dir.h"

/**
 * struct key_counts - what was done
 * @made: keys that were not there
 * @replaced: keys with new material
 * @changed: keys with other settings
 * @same: keys that were so already
 * @deleted: keys that were there and not in the directory
 * @unsynced: of @made, those that take no blind requests as the clock is not
 *	synchronised
 */
struct key_counts {
	unsigned int	made;
	unsigned int	replaced;
	unsigned int	changed;
	unsigned int	same;
	unsigned int	deleted;
	unsigned int	unsynced;
};

int key_apply(const struct command *cmd, struct genl *g, const struct key_dir *dir, bool only,
	      struct key_counts *counts);

bool key_item_is_set(const struct key_item *item, const struct key_state *key);

#endif /* SYSRQCTL_KEY_APPLY_H */
