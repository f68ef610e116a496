/* SPDX-License-Identifier: GPL-2.0-only */
/* What a service says to systemd, and what that has kept for it. */
#ifndef SYSRQCTL_NOTIFY_H
#define SYSRQCTL_NOTIFY_H

int notify_ready(void);
int notify_keep(int fd);
int notify_kept(void);

#endif /* SYSRQCTL_NOTIFY_H */
