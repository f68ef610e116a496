// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl key set */
#include <stdlib.h>
#include <time.h>

#include "command.h"
#include "duration.h"
#include "fleet.h"
#include "keyfile.h"
#include "module.h"
#include "options.h"
#include "wire.h"

enum {
	OPT_FILE,
	OPT_ALLOW,
	OPT_TOLERANCE,
	OPT_WALL,
	OPT_NO_WALL,
	OPT_EXPIRES,
	OPT_IDENTITY,
	OPT_WINDOW,
};

const struct option_row key_set_options[] = {
	[OPT_FILE] = { "file", "FILE", "Key file; - is standard input, "
		       "credential:NAME one of systemd" },
	[OPT_ALLOW] = { "allow", "LETTERS", "Commands it allows (default all but g, n and x)" },
	[OPT_TOLERANCE] = { "tolerance", "DUR", "How old a request may be (default 60s)" },
	[OPT_WALL] = { "wall-clock", NULL, "Take requests sent blind (default if the clock is "
		       "synchronised)" },
	[OPT_NO_WALL] = { "no-wall-clock", NULL, "Take none" },
	[OPT_EXPIRES] = { "expires", "WHEN", "Until when it is good: +30d, 2027-01-31, never" },
	[OPT_IDENTITY] = { "identity", "HOST", "This host's name in requests sent blind "
			   "(default: its name)" },
	[OPT_WINDOW] = { "window", "N", "Requests remembered: a power of two, 16 to 4096 "
			 "(default 64)" },
	{ }
};

/**
 * struct settings - what is to be told to the kernel
 * @given: bit i: option i was given
 */
struct settings {
	const char	*name;
	const char	*file;
	const char	*letters;
	const char	*identity;
	u32		tolerance_ms;
	u64		expires;
	u32		window;
	bool		wall;
	unsigned int	given;
};

static bool given(const struct settings *s, int opt)
{
	return s->given & 1U << opt;
}

static int take_letters(const struct command *cmd, struct settings *s, const char *value)
{
	const char *p;

	for (p = value; *p; p++)
		if (!nft_sysrq_wire_letter(*p))
			return usage_error(cmd, "--allow '%s': not only 0-9, a-z and A-Z", value);
	if (p - value > 62)
		return usage_error(cmd, "--allow: more letters than there are");
	s->letters = value;
	return 0;
}

static int take_tolerance(const struct command *cmd, struct settings *s, const char *value)
{
	int64_t ms;
	int err = duration_parse(value, &ms);

	if (err == -EINVAL)
		return usage_error(cmd, "--tolerance '%s': not a duration like 30s or 5m", value);
	if (err || ms < NFT_SYSRQ_TOLERANCE_MIN || ms > NFT_SYSRQ_TOLERANCE_MAX)
		return usage_error(cmd, "--tolerance '%s': not from %us to %us", value,
				   NFT_SYSRQ_TOLERANCE_MIN / 1000, NFT_SYSRQ_TOLERANCE_MAX / 1000);
	s->tolerance_ms = ms;
	return 0;
}

static int take_expires(const struct command *cmd, struct settings *s, const char *value)
{
	switch (when_parse(value, time(NULL), &s->expires)) {
	case 0:
		return 0;
	case -ERANGE:
		return usage_error(cmd, "--expires '%s': is past, or too far away", value);
	default:
		return usage_error(cmd, "--expires '%s': not +30d, 2027-01-31, "
				   "'2027-01-31 12:00', @SECONDS or never", value);
	}
}

static int take_identity(const struct command *cmd, struct settings *s, const char *value)
{
	if (!nft_sysrq_wire_identity(value))
		return usage_error(cmd, "--identity '%.64s': not at most %d characters of "
				   "lower-case ASCII without final dot", value,
				   NFT_SYSRQ_IDENTITY_LEN - 1);
	s->identity = value;
	return 0;
}

static int take_window(const struct command *cmd, struct settings *s, const char *value)
{
	u32 n;

	for (n = NFT_SYSRQ_WINDOW_MIN; n <= NFT_SYSRQ_WINDOW_MAX; n *= 2) {
		char text[8];

		snprintf(text, sizeof(text), "%u", n);
		if (strcmp(text, value))
			continue;
		s->window = n;
		return 0;
	}
	return usage_error(cmd, "--window '%s': not a power of two from %d to %d", value,
			   NFT_SYSRQ_WINDOW_MIN, NFT_SYSRQ_WINDOW_MAX);
}

static int take(const struct command *cmd, struct settings *s, int opt, const char *value)
{
	s->given |= 1U << opt;
	switch (opt) {
	case OPT_FILE:
		s->file = value;
		return 0;
	case OPT_ALLOW:
		return take_letters(cmd, s, value);
	case OPT_TOLERANCE:
		return take_tolerance(cmd, s, value);
	case OPT_EXPIRES:
		return take_expires(cmd, s, value);
	case OPT_IDENTITY:
		return take_identity(cmd, s, value);
	case OPT_WINDOW:
		return take_window(cmd, s, value);
	default:
		s->wall = opt == OPT_WALL;
		return 0;
	}
}

static int check(const struct command *cmd, const struct settings *s)
{
	if (!nft_sysrq_wire_name(s->name))
		return usage_error(cmd, "NAME '%.64s': not 1 to %d of A-Z a-z 0-9 . _ -, "
				   "the first not -", s->name, NFT_SYSRQ_NAME_LEN - 1);
	if (given(s, OPT_WALL) && given(s, OPT_NO_WALL))
		return usage_error(cmd, "--wall-clock and --no-wall-clock exclude each other");
	if (!s->given)
		return usage_error(cmd, "nothing to set: --file makes a key, "
				   "others change settings");
	if (!s->file && given(s, OPT_IDENTITY))
		return usage_error(cmd, "--identity goes only with --file");
	if (!s->file && given(s, OPT_WINDOW))
		return usage_error(cmd, "--window goes only with --file");
	return 0;
}

static int talk(struct genl *g, uint8_t op, const struct settings *s,
		const struct keyfile *key)
{
	struct nlmsghdr *nlh = genl_begin(g, op, 0);

	mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_NAME, s->name);
	if (key)
		mnl_attr_put(nlh, NFT_SYSRQ_A_KEY_MATERIAL, sizeof(key->material),
			     key->material);
	if (s->identity)
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_IDENTITY, s->identity);
	if (s->letters)
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_LETTERS, s->letters);
	if (given(s, OPT_TOLERANCE))
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_TOLERANCE, s->tolerance_ms);
	if (given(s, OPT_WALL) || given(s, OPT_NO_WALL) || op == NFT_SYSRQ_CMD_KEY_NEW)
		mnl_attr_put_u8(nlh, NFT_SYSRQ_A_KEY_WALL, s->wall);
	if (given(s, OPT_EXPIRES))
		mnl_attr_put_u64(nlh, NFT_SYSRQ_A_KEY_EXPIRES, s->expires);
	if (given(s, OPT_WINDOW))
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_WINDOW, s->window);
	return genl_talk(g, NULL, NULL);
}

static int set_key(const struct command *cmd, const struct settings *s,
		   const struct keyfile *key)
{
	bool new = key;
	struct genl g;
	char what[64];
	int err, status;

	status = module_open(cmd, &g, key);
	if (status)
		goto out;
	err = talk(&g, new ? NFT_SYSRQ_CMD_KEY_NEW : NFT_SYSRQ_CMD_KEY_SET, s, key);
	/* The name or the material is there; if it is not the name, SET says -ENOENT. */
	if (err == -EEXIST && key) {
		char why[sizeof(g.why)];

		memcpy(why, g.why, sizeof(why));
		new = false;
		err = talk(&g, NFT_SYSRQ_CMD_KEY_SET, s, key);
		if (err == -ENOENT) {
			err = -EEXIST;
			memcpy(g.why, why, sizeof(why));
		}
	}
	if (err) {
		snprintf(what, sizeof(what), "key %s", s->name);
		status = module_error(cmd, &g, err, what);
	} else if (new && !s->wall && !given(s, OPT_NO_WALL)) {
		fprintf(stderr, "key %s: no requests sent blind, as this host's clock is not "
			"synchronised; once it is: sysrqctl key set %s --wall-clock\n", s->name,
			s->name);
	}
out:
	genl_close(&g);
	return status;
}

static int read_and_set(const struct command *cmd, const struct settings *s)
{
	struct keyfile *key;
	char why[4608];
	int status;

	if (!s->file)
		return set_key(cmd, s, NULL);
	key = keyfile_read(s->file, why, sizeof(why));
	if (!key)
		return local_error(cmd, "%s", why);
	status = set_key(cmd, s, key);
	keyfile_free(key);
	return status;
}

int key_set_main(const struct command *cmd, int argc, char **argv)
{
	struct settings s = { 0 };
	const char *value;
	struct options o;
	int opt, status;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0) {
		status = take(cmd, &s, opt, value);
		if (status)
			return status;
	}
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands != 1)
		return usage_error(cmd, "needs one NAME, not %d", o.operands);
	s.name = o.argv[0];
	/*
	 * Behind after a restart, a clock would let a blind request of before
	 * run once more: who does not keep it right has to insist.
	 */
	if (!given(&s, OPT_WALL) && !given(&s, OPT_NO_WALL))
		s.wall = clock_is_synchronised();
	status = check(cmd, &s);
	return status ? status : read_and_set(cmd, &s);
}
