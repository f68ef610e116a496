/* SPDX-License-Identifier: GPL-2.0-only */
/* The way from a command to the module of this host. */
#ifndef SYSRQCTL_MODULE_H
#define SYSRQCTL_MODULE_H

#include <stdbool.h>

#include "command.h"
#include "genl.h"

int module_open(const struct command *cmd, struct genl *g, bool load);
int module_error(const struct command *cmd, const struct genl *g, int err, const char *what);

#endif /* SYSRQCTL_MODULE_H */
