/* SPDX-License-Identifier: GPL-2.0-only */
/* What a kernel's netconsole sends: from datagrams to lines. Not a byte of it is to be trusted. */
#ifndef SYSRQCTL_NETCONSOLE_H
#define SYSRQCTL_NETCONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "wire.h"

#define NETCONSOLE_LINE	2048	/* bytes; what is longer is cut into several */
#define NETCONSOLE_BODY	16384	/* of an extended message, all of its fragments together */

/**
 * struct netconsole_line - a line of a kernel's log
 * @text: any bytes but line feed
 * @len: how many, 0..NETCONSOLE_LINE
 * @extended: the fields below are told; in the basic format @text has what there is
 * @level: 0..7
 * @seq: number of the message that the line is of
 * @us: since boot
 */
struct netconsole_line {
	const char	*text;
	size_t		len;
	bool		extended;
	unsigned int	level;
	u64		seq;
	u64		us;
};

/**
 * struct netconsole_parts - an extended message that comes in fragments
 * @head: of the line
 * @total: bytes of the message; 0: there is none
 * @have: how many of them have come
 * @body: of the message
 * @map: which bytes have come, a bit each
 */
struct netconsole_parts {
	struct netconsole_line	head;
	size_t			total;
	size_t			have;
	char			body[NETCONSOLE_BODY];
	u8			map[NETCONSOLE_BODY / 8];
};

/**
 * struct netconsole - what has come from one host; zeroed at first
 * @line: called for each line
 * @arg: for it
 * @used: bytes in @part
 * @part: of a line in the basic format, of which more is to come
 * @parts: of a message in the extended format
 */
struct netconsole {
	void			(*line)(const struct netconsole_line *l, void *arg);
	void			*arg;
	size_t			used;
	char			part[NETCONSOLE_LINE];
	struct netconsole_parts	parts;
};

void netconsole_take(struct netconsole *n, const char *data, size_t len);
void netconsole_flush(struct netconsole *n);

#endif /* SYSRQCTL_NETCONSOLE_H */
