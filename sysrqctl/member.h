/* SPDX-License-Identifier: GPL-2.0-only */
/* The sockets of one host. */
#ifndef SYSRQCTL_MEMBER_H
#define SYSRQCTL_MEMBER_H

#include "fleet.h"

unsigned int member_open(struct member *m);
unsigned int member_close(struct member *m);
void member_send(struct member *m, const struct exchange_clock *now);
void member_receive(struct member *m, unsigned int addr, const struct exchange_clock *now);

#endif /* SYSRQCTL_MEMBER_H */
