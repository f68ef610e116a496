// SPDX-License-Identifier: GPL-2.0-only
/* The options that describe a rule, for all commands that make one. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <libnftnl-sysrq/sysrq.h>
#include <linux/netfilter.h>
#include <linux/nft_sysrq.h>

#include "options.h"
#include "rule.h"

#define NAME_LEN	255	/* of tables and chains, in the kernel's limit */

static int read_port(const char *value, struct rule_spec *spec)
{
	uint64_t port;

	if (rule_read_number(value, UINT16_MAX, &port))
		return -EINVAL;
	spec->port = port;
	return 0;
}

static int read_name(const char *value, const char **name)
{
	if (!value[0] || strlen(value) > NAME_LEN)
		return -EINVAL;
	*name = value;
	return 0;
}

static int read_key(const char *value, struct rule_spec *spec)
{
	if (!nftnl_sysrq_key_valid(value, strlen(value)))
		return -EINVAL;
	spec->key = value;
	return 0;
}

static int read_place(const char *value, enum rule_where where, struct rule_spec *spec)
{
	if (spec->where != RULE_LAST)
		return -EEXIST;
	if (value && rule_read_number(value, UINT64_MAX, &spec->handle))
		return -EINVAL;
	spec->where = where;
	return 0;
}

static int read_value(struct rule_spec *spec, const char *name, const char *value)
{
	if (!strcmp(name, "family"))
		return rule_read_family(value, &spec->family);
	if (!strcmp(name, "table"))
		return read_name(value, &spec->table);
	if (!strcmp(name, "chain"))
		return read_name(value, &spec->chain);
	if (!strcmp(name, "first"))
		return read_place(NULL, RULE_FIRST, spec);
	if (!strcmp(name, "before"))
		return read_place(value, RULE_BEFORE, spec);
	if (!strcmp(name, "after"))
		return read_place(value, RULE_AFTER, spec);
	if (!strcmp(name, "port"))
		return read_port(value, spec);
	if (!strcmp(name, "iface"))
		return rule_read_iface(value, spec);
	if (!strcmp(name, "from"))
		return rule_read_from(value, spec);
	if (!strcmp(name, "key"))
		return read_key(value, spec);
	spec->icmp |= !strcmp(name, "icmp");
	spec->silent |= !strcmp(name, "silent");
	spec->hold |= !strcmp(name, "hold");
	return 0;
}

/* What the value of an option must be. */
static const char *wanted(const char *name)
{
	static const struct {
		const char	*name;
		const char	*wanted;
	} words[] = {
		{ "family", "inet, ip, ip6 or netdev" },
		{ "table", "a name of 1 to 255 bytes" },
		{ "chain", "a name of 1 to 255 bytes" },
		{ "before", "a handle, from 1" },
		{ "after", "a handle, from 1" },
		{ "port", "1 to 65535" },
		{ "iface", "a name of 1 to 15 bytes" },
		{ "from", "an address, or ADDR/LEN with nothing beyond LEN" },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(name, words[i].name))
			return words[i].wanted;
	return "1 to 31 of A-Z a-z 0-9 . _ -, the first not -";
}

static int take(const struct command *cmd, struct rule_spec *spec, const char *name,
		const char *value)
{
	int err = read_value(spec, name, value);

	if (err == -EEXIST)
		return usage_error(cmd, "--first, --before and --after exclude each other");
	return err ? usage_error(cmd, "--%s '%.64s': not %s", name, value, wanted(name)) : EXIT_OK;
}

/**
 * rule_options - read a command line that describes a rule
 * @cmd: the command; all of its options describe one
 * @argc: of @argv
 * @argv: what follows the command's name
 * @o: has the operands then
 * @spec: gets what is said
 *
 * Return: -1 to go on, or the exit status.
 */
int rule_options(const struct command *cmd, int argc, char **argv, struct options *o,
		 struct rule_spec *spec)
{
	const char *value;
	int opt;

	options_begin(o, cmd, argc, argv);
	while ((opt = options_next(o, &value)) >= 0)
		if (take(cmd, spec, cmd->options[opt].name, value))
			return EXIT_USAGE;
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	return -1;
}

/* Does the whole make sense? EXIT_OK, or EXIT_USAGE: it has been said what does not. */
static int check(const struct command *cmd, const struct rule_spec *spec)
{
	bool one = spec->family == NFPROTO_IPV4 || spec->family == NFPROTO_IPV6;

	if (spec->icmp && spec->port)
		return usage_error(cmd, "--icmp and --port exclude each other");
	if (one && spec->from_family && spec->from_family != spec->family)
		return usage_error(cmd, "--from is no address of family %s",
				   rule_family(spec->family));
	return EXIT_OK;
}

/**
 * rule_make - a command that makes a rule, from its command line on
 * @cmd: the command
 * @argc: of @argv
 * @argv: what follows the command's name: options, no operands
 * @spec: what is so unless it is said otherwise
 * @make: makes it; returns the exit status
 *
 * Return: exit status.
 */
int rule_make(const struct command *cmd, int argc, char **argv, struct rule_spec *spec,
	      int (*make)(const struct command *cmd, const struct rule_spec *spec))
{
	struct options o;
	int status;

	status = rule_options(cmd, argc, argv, &o, spec);
	if (status >= 0)
		return status;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'", o.argv[0]);
	if (check(cmd, spec))
		return EXIT_USAGE;
	if (!spec->port)
		spec->port = NFT_SYSRQ_PORT;
	return make(cmd, spec);
}

/**
 * rule_error - say why nf_tables did not do something
 * @cmd: for the error
 * @n: the socket
 * @err: negative errno
 * @what: was to be done
 *
 * Return: EXIT_USAGE.
 */
int rule_error(const struct command *cmd, const struct nft *n, int err, const char *what)
{
	if (err == -EPERM)
		return local_error(cmd, "%s: not permitted; only root may, and in no user namespace",
				   what);
	if (err == -EOPNOTSUPP)
		return local_error(cmd, "%s: only in chains of type filter, at hook input, or ingress "
				   "of inet and netdev", what);
	if (err == -ENOENT)
		return local_error(cmd, "%s: no such table, chain or handle", what);
	return local_error(cmd, "%s: %s", what, n->why[0] ? n->why : strerror(-err));
}
