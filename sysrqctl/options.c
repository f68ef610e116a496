// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command lines. Not getopt_long(): that takes any unique beginning of an
 * option for the option, so that each new one changes what old scripts mean.
 */
#include "options.h"

#include <stdarg.h>
#include <string.h>

static void complain(const struct command *cmd, const char *fmt, va_list ap)
{
	fprintf(stderr, "sysrqctl%s%s: ", cmd ? " " : "", cmd ? cmd->name : "");
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

/**
 * usage_error - say what is wrong with the command line, and where help is
 * @cmd: NULL if it is not known
 * @fmt: one line, without end
 *
 * Return: EXIT_USAGE.
 */
int usage_error(const struct command *cmd, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(cmd, fmt, ap);
	va_end(ap);
	fprintf(stderr, "Try 'sysrqctl %s%s--help'.\n", cmd ? cmd->name : "",
		cmd ? " " : "");
	return EXIT_USAGE;
}

/**
 * local_error - say what went wrong on this machine
 * @cmd: NULL if it is not known
 * @fmt: one line, without end
 *
 * Return: EXIT_USAGE.
 */
int local_error(const struct command *cmd, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(cmd, fmt, ap);
	va_end(ap);
	return EXIT_USAGE;
}

/**
 * options_begin - read a command line from its start
 * @o: filled in
 * @cmd: whose
 * @argc: of @argv
 * @argv: what follows the command's name; is reordered
 */
void options_begin(struct options *o, const struct command *cmd, int argc, char **argv)
{
	memset(o, 0, sizeof(*o));
	o->cmd = cmd;
	o->argc = argc;
	o->argv = argv;
}

static int take(struct options *o, const char *arg, const char **value)
{
	const struct option_row *row;
	size_t len = strcspn(arg, "=");
	int i;

	for (i = 0, row = o->cmd->options; row->name; i++, row++)
		if (strlen(row->name) == len && !memcmp(row->name, arg, len))
			break;
	if (!row->name) {
		usage_error(o->cmd, "unknown option --%.*s", (int)len, arg);
		return OPTIONS_BAD;
	}
	*value = arg[len] ? arg + len + 1 : NULL;
	if (*value && !row->arg) {
		usage_error(o->cmd, "--%s takes no argument", row->name);
		return OPTIONS_BAD;
	}
	if (row->arg && !*value) {
		if (o->pos == o->argc) {
			usage_error(o->cmd, "--%s needs %s", row->name, row->arg);
			return OPTIONS_BAD;
		}
		*value = o->argv[o->pos++];
	}
	return i;
}

/**
 * options_next - the next option
 * @o: the command line
 * @value: its argument, or NULL
 *
 * Return: its index in the command's table, or OPTIONS_*. At OPTIONS_END the
 * operands are o->argv[0..o->operands - 1].
 */
int options_next(struct options *o, const char **value)
{
	char *arg;

	*value = NULL;
	while (o->pos < o->argc) {
		arg = o->argv[o->pos++];
		if (o->only || arg[0] != '-' || !arg[1]) {
			o->argv[o->operands++] = arg;
		} else if (!strcmp(arg, "--")) {
			o->only = 1;
		} else if (!strcmp(arg, "--help") || !strcmp(arg, "-h")) {
			options_help(o->cmd, stdout);
			return OPTIONS_HELP;
		} else if (arg[1] != '-') {
			usage_error(o->cmd, "unknown option %s", arg);
			return OPTIONS_BAD;
		} else {
			return take(o, arg + 2, value);
		}
	}
	return OPTIONS_END;
}

/**
 * options_none - read a command line that may only ask for help
 * @cmd: the command, which has no options
 * @argc: of @argv
 * @argv: what follows the command's name
 *
 * Return: -1 to go on, or the exit status.
 */
int options_none(const struct command *cmd, int argc, char **argv)
{
	const char *value;
	struct options o;
	int opt;

	options_begin(&o, cmd, argc, argv);
	opt = options_next(&o, &value);
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	return o.operands ? usage_error(cmd, "takes no '%s'", o.argv[0]) : -1;
}

/**
 * options_help - what a command does and takes
 * @cmd: the command
 * @out: where to
 */
void options_help(const struct command *cmd, FILE *out)
{
	const struct option_row *row = cmd->options;
	int width;

	fprintf(out, "Usage: sysrqctl %s%s%s%s\n\n%s.\n\nOptions:\n", cmd->name,
		row->name ? " [OPTION...]" : "", cmd->usage[0] ? " " : "", cmd->usage,
		cmd->summary);
	for (; row->name; row++) {
		width = fprintf(out, "  --%s%s%s", row->name, row->arg ? " " : "",
				row->arg ? row->arg : "");
		fprintf(out, "%*s%s\n", width < 22 ? 22 - width : 1, "", row->help);
	}
	fprintf(out, "  --help              Say this\n");
}
