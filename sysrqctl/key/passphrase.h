/* SPDX-License-Identifier: GPL-2.0-only */
/* Passphrases from who types them. */
#ifndef SYSRQCTL_PASSPHRASE_H
#define SYSRQCTL_PASSPHRASE_H

#include <stddef.h>

int passphrase_line(int fd, char *buf, size_t size, char *why, size_t len);
int passphrase_ask(const char *prompt, char *buf, size_t size, char *why, size_t len);

#endif /* SYSRQCTL_PASSPHRASE_H */
