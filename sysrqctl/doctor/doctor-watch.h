/* SPDX-License-Identifier: GPL-2.0-only */
/* UDP, and who says that a datagram does not arrive. */
#ifndef SYSRQCTL_DOCTOR_WATCH_H
#define SYSRQCTL_DOCTOR_WATCH_H

#include "transport.h"

/**
 * struct watch_said - an ICMP error
 * @from: who sent it, as digits
 * @words: what it says
 * @host: it is the host itself that says it
 */
struct watch_said {
	char		from[ADDRESS_TEXT];
	const char	*words;
	bool		host;
};

extern const struct transport transport_watched;

const struct watch_said *watch_said(const struct address *to);

#endif /* SYSRQCTL_DOCTOR_WATCH_H */
