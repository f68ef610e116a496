/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings of a key, as options and key files say them and as the kernel is told. */
#ifndef SYSRQCTL_KEY_SETTINGS_H
#define SYSRQCTL_KEY_SETTINGS_H

#include <libmnl/libmnl.h>

#include "host-state.h"
#include "wire.h"

enum key_setting {
	KEY_ALLOW,
	KEY_TOLERANCE,
	KEY_WALL,
	KEY_EXPIRES,
	KEY_IDENTITY,
	KEY_WINDOW,
	KEY_OVERLAP,
	KEY_SETTINGS
};

/**
 * struct key_settings - what is said of a key besides its material
 * @given: bit i: enum key_setting i is said
 * @wall: wall-clock mode is allowed
 * @tolerance_ms: how old a request may be
 * @window: requests remembered
 * @overlap_s: how long what is replaced stays good
 * @expires: s since 1970; 0: never
 * @letters: that the key allows
 * @identity: of the host
 */
struct key_settings {
	unsigned int	given;
	bool		wall;
	u32		tolerance_ms;
	u32		window;
	u32		overlap_s;
	u64		expires;
	char		letters[LETTERS_LEN];
	char		identity[NFT_SYSRQ_IDENTITY_LEN];
};

/* Is that setting said? */
static inline bool key_settings_has(const struct key_settings *s, enum key_setting which)
{
	return s->given & 1U << which;
}

const char *key_setting_take(struct key_settings *s, enum key_setting which,
			     const char *value, bool relative);
size_t key_setting_format(const struct key_settings *s, enum key_setting which, char *text,
			  size_t size);
void key_settings_merge(struct key_settings *s, const struct key_settings *over);
void key_settings_put(struct nlmsghdr *nlh, const struct key_settings *s);

#endif /* SYSRQCTL_KEY_SETTINGS_H */
