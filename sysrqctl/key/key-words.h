/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys of this host, for people and for programs. */
#ifndef SYSRQCTL_KEY_WORDS_H
#define SYSRQCTL_KEY_WORDS_H

#include <jansson.h>

#include "host-state.h"

/* What a key allows if nobody says: all but g, n and x. */
#define KEY_LETTERS_USUAL	"0123456789abcdefhijklmopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

const char *key_letters(const char *letters);
void keys_table(const struct keys_state *keys);
void key_print(const struct key_state *key);
json_t *keys_json(const struct keys_state *keys);

#endif /* SYSRQCTL_KEY_WORDS_H */
