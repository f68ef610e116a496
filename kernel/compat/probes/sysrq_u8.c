// SPDX-License-Identifier: GPL-2.0-only
/* Does a SysRq handler take its letter as u8? */
#include <linux/sysrq.h>

void handler(u8 key);
extern const struct sysrq_key_op probe;
const struct sysrq_key_op probe = { .handler = handler };
