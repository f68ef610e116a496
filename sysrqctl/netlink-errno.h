/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors as netlink tells them. */
#ifndef SYSRQCTL_NETLINK_ERRNO_H
#define SYSRQCTL_NETLINK_ERRNO_H

#include <errno.h>

/**
 * netlink_errno - the errno of a message's error
 * @error: not 0
 *
 * Return: 1..4095; EBADMSG for what is no negative errno.
 */
static inline int netlink_errno(int error)
{
	return error < 0 && error >= -4095 ? -error : EBADMSG;
}

#endif /* SYSRQCTL_NETLINK_ERRNO_H */
