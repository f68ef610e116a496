/* SPDX-License-Identifier: GPL-2.0-only */
/* send --console: what the hosts that were asked print, as their netconsole sends it here. */
#ifndef SYSRQCTL_CONSOLE_H
#define SYSRQCTL_CONSOLE_H

#include <jansson.h>

#include "command.h"
#include "fleet.h"
#include "netconsole.h"
#include "summary.h"

#define CONSOLE_PORT	"6666"	/* where netconsole sends, unless it is told otherwise */
#define CONSOLE_WAIT_MS	3000	/* of silence, unless said otherwise */
#define CONSOLE_HOSTS	64	/* at most: one socket takes what all of them send */

/* At most so often as long as the silence, after the last command is due. */
#define CONSOLE_WAITS	20

/* Of all hosts together, of which each has an equal part. */
#define CONSOLE_LINES	200000
#define CONSOLE_BYTES	(32 * 1024 * 1024)

/**
 * struct console_host - of one host
 * @console: whose it is
 * @host: the host
 * @addrs: where its datagrams may come from
 * @in: what has come
 * @lines: told
 * @bytes: in them
 * @more: there were more than are taken
 * @awaited: it may have run something
 * @report: for programs: what became of the request, to which the lines are added
 * @told: for programs: the lines
 */
struct console_host {
	struct console		*console;
	const struct host	*host;
	struct addresses	addrs;
	struct netconsole	in;
	size_t			lines;
	size_t			bytes;
	bool			more;
	bool			awaited;
	json_t			*report;
	json_t			*told;
};

/**
 * struct console - of all hosts of a request
 * @at: where it listens
 * @fd: the socket; -1: none
 * @wait: how long a silence ends it, ns
 * @json: for programs
 * @summary: on a terminal, steps aside for a line
 * @hosts: the hosts, in the order of the fleet's
 * @n: how many
 * @due: when the last command is, CLOCK_BOOTTIME, ns; 0: none is
 * @heard: when the last line came, likewise
 * @others: datagrams from elsewhere
 * @other: where the first of them came from
 * @lost: datagrams that this machine had no room for
 */
struct console {
	struct address		at;
	int			fd;
	s64			wait;
	bool			json;
	struct summary		*summary;
	struct console_host	*hosts;
	size_t			n;
	s64			due;
	s64			heard;
	u64			others;
	struct address		other;
	u32			lost;
};

int console_parse(const char *text, struct address *at);
int console_begin(struct console *c, const struct hosts *hosts);
void console_know(struct console *c, size_t i, const struct member *m);
void console_done(struct console *c, size_t i, const struct member *m);
void console_report(struct console *c, size_t i, json_t *report);
void console_receive(struct console *c);
void console_listen(struct console *c);
void console_end(struct console *c);

/* console-tell.c */
void console_line(const struct netconsole_line *l, void *host);
char *console_text(const struct netconsole_line *l);
int console_json(struct console *c, FILE *out);
int console_error(const struct command *cmd, const struct console *c, int err);
void console_remarks(const struct console *c, FILE *err);
void console_until(const struct console *c, s64 now, FILE *err);

#endif /* SYSRQCTL_CONSOLE_H */
