/* SPDX-License-Identifier: GPL-2.0-only */
/* Names to addresses, many at once. */
#ifndef SYSRQCTL_LOOKUP_H
#define SYSRQCTL_LOOKUP_H

#include <stddef.h>

#include "address.h"
#include "hosts.h"

/* That may be asked and not yet taken back. */
#define LOOKUPS_MAX	128

struct lookups;

struct lookups *lookups_begin(void);
int lookups_fd(const struct lookups *l);
int lookups_ask(struct lookups *l, const struct host *host, size_t id, s64 now);
bool lookups_next(struct lookups *l, s64 now, size_t *id, struct addresses *found, int *err);
void lookups_give_up(struct lookups *l);
void lookups_end(struct lookups *l);

#endif /* SYSRQCTL_LOOKUP_H */
