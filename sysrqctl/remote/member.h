/* SPDX-License-Identifier: GPL-2.0-only */
/* One host: its channels, and what goes through them. */
#ifndef SYSRQCTL_MEMBER_H
#define SYSRQCTL_MEMBER_H

#include "fleet.h"

bool member_is_scarce(int err);
int member_open(struct member *m, const struct addresses *found, bool all);
void member_close(struct member *m);
void member_send(struct member *m, const struct exchange_clock *now);
void member_receive(struct member *m, unsigned int addr);
void clocks_read(struct exchange_clock *now);

#endif /* SYSRQCTL_MEMBER_H */
