/* SPDX-License-Identifier: GPL-2.0-only */
/* Names to addresses, many at once. */
#ifndef SYSRQCTL_LOOKUP_H
#define SYSRQCTL_LOOKUP_H

#include <netdb.h>
#include <sys/types.h>

#include "hosts.h"

struct lookups;

struct lookups *lookups_start(const struct host *hosts, size_t n);
int lookups_fd(const struct lookups *l);
ssize_t lookups_next(struct lookups *l, struct addrinfo **found, int *err);
void lookups_end(struct lookups *l);

#endif /* SYSRQCTL_LOOKUP_H */
