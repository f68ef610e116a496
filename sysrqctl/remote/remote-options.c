// SPDX-License-Identifier: GPL-2.0-only
/* The options that send, probe and cancel share, and the way from them to a request. */
#include <stddef.h>

#include "console.h"
#include "duration.h"
#include "options.h"
#include "remote.h"

#define CONSOLE_WAIT_MIN_MS	100
#define CONSOLE_WAIT_MAX_MS	600000

static int set_text(struct remote *r, size_t offset, const char *value)
{
	*(const char **)((char *)r + offset) = value;
	return 0;
}

/* Hosts that would be left out without a word, should the last one count. */
static int set_once(struct remote *r, size_t offset, const char *value)
{
	if (*(const char **)((char *)r + offset))
		return usage_error(r->cmd, "--host and --hosts-file can be given once each: HOST,HOST "
				   "are several");
	return set_text(r, offset, value);
}

static int set_flag(struct remote *r, size_t offset, const char *value)
{
	(void)value;
	*(bool *)((char *)r + offset) = true;
	return 0;
}

static int set_port(struct remote *r, size_t offset, const char *value)
{
	(void)offset;
	return remote_port(r, value);
}

static int set_timeout(struct remote *r, size_t offset, const char *value)
{
	(void)offset;
	return remote_timeout(r, value);
}

static int set_after(struct remote *r, size_t offset, const char *value)
{
	(void)offset;
	return remote_after(r, value);
}

static int set_console(struct remote *r, size_t offset, const char *value)
{
	(void)offset;
	return console_parse(value, &r->console) ?
	       usage_error(r->cmd, "--console '%.64s': neither an address nor 'any', with or "
			   "without a port, as 192.0.2.10, 192.0.2.10:6667, [2001:db8::1]:6667",
			   value) : 0;
}

static int set_console_wait(struct remote *r, size_t offset, const char *value)
{
	(void)offset;
	if (duration_parse(value, &r->console_wait_ms) ||
	    r->console_wait_ms < CONSOLE_WAIT_MIN_MS || r->console_wait_ms > CONSOLE_WAIT_MAX_MS)
		return usage_error(r->cmd, "--console-wait '%.64s': not a duration from 100ms to "
				   "10m", value);
	return 0;
}

static int set_parallel(struct remote *r, size_t offset, const char *value)
{
	(void)offset;
	return remote_parallel(r, value);
}

/* What becomes of each row that a command may have; @offset is in struct remote. */
static const struct {
	const char	*name;
	int		(*set)(struct remote *r, size_t offset, const char *value);
	size_t		offset;
} setters[] = {
	{ "key", set_text, offsetof(struct remote, keyfile) },
	{ "port", set_port, 0 },
	{ "timeout", set_timeout, 0 },
	{ "after", set_after, 0 },
	{ "partial", set_flag, offsetof(struct remote, partial) },
	{ "json", set_flag, offsetof(struct remote, json) },
	{ "hosts-file", set_once, offsetof(struct remote, hosts_file) },
	{ "host", set_once, offsetof(struct remote, host) },
	{ "parallel", set_parallel, 0 },
	{ "config", set_text, offsetof(struct remote, config) },
	{ "icmp", set_flag, offsetof(struct remote, icmp) },
	{ "identity", set_text, offsetof(struct remote, identity) },
	{ "blind", set_flag, offsetof(struct remote, blind) },
	{ "wall-clock", set_flag, offsetof(struct remote, wall_clock) },
	{ "strict", set_flag, offsetof(struct remote, strict) },
	{ "console", set_console, 0 },
	{ "console-wait", set_console_wait, 0 },
};

/**
 * remote_option - take one option
 * @r: the request
 * @name: of the option, in the command's table
 * @value: its argument, or NULL
 *
 * Return: 0, or the exit status: it has been said what is wrong.
 */
int remote_option(struct remote *r, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < sizeof(setters) / sizeof(setters[0]); i++)
		if (!strcmp(setters[i].name, name))
			return setters[i].set(r, setters[i].offset, value);
	return usage_error(r->cmd, "unknown option --%s", name);
}

/**
 * remote_main - a command that asks other hosts for something
 * @cmd: the command; its options are those of REMOTE_OPTIONS and the like
 * @type: of the requests
 * @argc: of @argv
 * @argv: what follows the command's name
 *
 * Return: exit status.
 */
int remote_main(const struct command *cmd, enum nft_sysrq_type type, int argc, char **argv)
{
	const char *value;
	struct options o;
	struct remote r;
	int opt, status;

	remote_begin(&r, cmd, type);
	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0) {
		status = remote_option(&r, cmd->options[opt].name, value);
		if (status)
			return status;
	}
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	return remote_run(&r, o.operands, o.argv);
}
