/* SPDX-License-Identifier: GPL-2.0-only */
/* Command lines: long options from a table, operands in between. */
#ifndef SYSRQCTL_OPTIONS_H
#define SYSRQCTL_OPTIONS_H

#include <stdio.h>

#include "command.h"

/* What options_next() returns besides an index into the table. */
enum {
	OPTIONS_END	= -1,
	OPTIONS_BAD	= -2,	/* said why */
	OPTIONS_HELP	= -3,	/* printed the help */
};

/**
 * struct options - a command line that is being read
 * @cmd: whose
 * @argc: entries of @argv
 * @argv: operands are moved to its front as they are met
 * @pos: next entry
 * @operands: how many operands stand at the front of @argv
 * @only: "--" was met: nothing but operands follow
 */
struct options {
	const struct command *cmd;
	int	argc;
	char	**argv;
	int	pos;
	int	operands;
	int	only;
};

void options_begin(struct options *o, const struct command *cmd, int argc, char **argv);
int options_next(struct options *o, const char **value);

int options_none(const struct command *cmd, int argc, char **argv);

void options_help(const struct command *cmd, FILE *out);

int usage_error(const struct command *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int local_error(const struct command *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* SYSRQCTL_OPTIONS_H */
