/* SPDX-License-Identifier: GPL-2.0-only */
/* Key files to standard output. */
#ifndef SYSRQCTL_KEY_OUT_H
#define SYSRQCTL_KEY_OUT_H

#include "command.h"
#include "keyfile.h"

int key_out_check(const struct command *cmd, bool force);
int key_out_write(const struct command *cmd, const char *text, size_t len);
int key_out_print(const struct command *cmd, const struct keyfile *key);

#endif /* SYSRQCTL_KEY_OUT_H */
