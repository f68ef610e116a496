/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the two halves of an exchange. */
#ifndef SYSRQCTL_EXCHANGE_REPLY_H
#define SYSRQCTL_EXCHANGE_REPLY_H

#include "exchange.h"

u32 exchange_draw(void);
void exchange_wait(struct exchange *x, const struct exchange_clock *now);
void exchange_look(struct exchange *x, const struct exchange_clock *now);
void exchange_ask(struct exchange *x, const struct exchange_clock *now);

#endif /* SYSRQCTL_EXCHANGE_REPLY_H */
