/* SPDX-License-Identifier: GPL-2.0-only */
/* Hosts as they are named on a command line. */
#ifndef SYSRQCTL_HOSTS_H
#define SYSRQCTL_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

#define HOSTS_MAX	4096
#define HOST_LEN	256	/* of a name, with NUL */
#define HOST_NAMES	2	/* that a host may have in wall-clock mode */

/**
 * struct host - one host
 * @name: name or address as it was typed, without port and brackets
 * @port: decimal
 * @literal: @name is an address
 * @identities: lower-case names that it may have in wall-clock mode
 * @nidentities: how many
 */
struct host {
	char		name[HOST_LEN];
	char		port[6];
	bool		literal;
	char		identities[HOST_NAMES][HOST_LEN];
	unsigned int	nidentities;
};

int hosts_parse(const char *text, const char *port, struct host **hosts, size_t *n,
		char *why, size_t len);
int host_set_identity(struct host *host, const char *identity);
int port_parse(const char *text, char port[6]);

#endif /* SYSRQCTL_HOSTS_H */
