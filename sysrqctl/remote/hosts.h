/* SPDX-License-Identifier: GPL-2.0-only */
/* Hosts as they are named on a command line or in a file. */
#ifndef SYSRQCTL_HOSTS_H
#define SYSRQCTL_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

#define HOSTS_MAX	16384
#define HOST_LEN	256	/* of a name, with NUL */
#define HOST_NAMES	2	/* that a host may have in wall-clock mode */

/**
 * struct host - one host
 * @name: name or address as it was typed, without port and brackets
 * @same: what it is known again by, however it is written: small letters, no final dot; of
 *	an address, its usual digits
 * @port: decimal
 * @line: of the hosts file; 0: it is from the command line
 * @literal: @name is an address
 * @direct: nothing needs to be looked up
 * @identities: lower-case names that it may have in wall-clock mode
 * @nidentities: how many
 * @addresses: names or addresses to send to instead of @name
 * @naddresses: 0: send to @name
 */
struct host {
	char		name[HOST_LEN];
	char		same[HOST_LEN];
	char		port[6];
	unsigned int	line;
	bool		literal;
	bool		direct;
	char		identities[HOST_NAMES][HOST_LEN];
	unsigned int	nidentities;
	char * const	*addresses;
	unsigned int	naddresses;
};

/**
 * struct hosts - of a command
 * @all: the hosts
 * @n: how many
 * @room: for how many @all has room
 * @file: what those are called that have a line; NULL without
 */
struct hosts {
	struct host	*all;
	size_t		n;
	size_t		room;
	const char	*file;
};

int host_parse(char *text, struct host *host, char *why, size_t len);
int host_set_identity(struct host *host, const char *identity);
bool host_is_literal(const char *name);
int port_parse(const char *text, char port[6]);

struct host *hosts_room(struct hosts *h, char *why, size_t len);
int hosts_add(struct hosts *h, const char *text, char *why, size_t len);
int hosts_read(struct hosts *h, const char *path, char *why, size_t len);
int hosts_check_twice(const struct hosts *h, char *why, size_t len);
void hosts_free(struct hosts *h);

#endif /* SYSRQCTL_HOSTS_H */
