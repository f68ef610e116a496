// SPDX-License-Identifier: GPL-2.0-only
/* Are timers deleted by timer_delete()? */
#include <linux/timer.h>

int probe(struct timer_list *t);
int probe(struct timer_list *t)
{
	return timer_delete(t) + timer_delete_sync(t);
}
