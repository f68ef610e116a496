/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys to the kernel. */
#ifndef SYSRQCTL_KEY_PUT_H
#define SYSRQCTL_KEY_PUT_H

#include "genl.h"
#include "key-settings.h"

bool key_wall_default(void);
int key_put(struct genl *g, uint8_t op, const char *name, const u8 *material,
	    const struct key_settings *set);
int key_put_new(struct genl *g, const char *name, const u8 *material,
		const struct key_settings *set);
int key_remove(struct genl *g, const char *name);

#endif /* SYSRQCTL_KEY_PUT_H */
