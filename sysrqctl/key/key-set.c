// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl key set */
#include <stdio.h>

#include "command.h"
#include "key-put.h"
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
	OPT_OVERLAP,
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
	[OPT_OVERLAP] = { "overlap", "DUR", "How long what is replaced stays good; 0 wipes it" },
	{ }
};

/* The options that are settings of a key. */
static const struct {
	enum key_setting	setting;
	const char		*value;
} settings[] = {
	[OPT_ALLOW] = { KEY_ALLOW, NULL },
	[OPT_TOLERANCE] = { KEY_TOLERANCE, NULL },
	[OPT_WALL] = { KEY_WALL, "yes" },
	[OPT_NO_WALL] = { KEY_WALL, "no" },
	[OPT_EXPIRES] = { KEY_EXPIRES, NULL },
	[OPT_IDENTITY] = { KEY_IDENTITY, NULL },
	[OPT_WINDOW] = { KEY_WINDOW, NULL },
	[OPT_OVERLAP] = { KEY_OVERLAP, NULL },
};

/**
 * struct order - what is to be told to the kernel
 * @name: of the key
 * @file: with its material; NULL: settings only
 * @set: what the command line says
 */
struct order {
	const char		*name;
	const char		*file;
	struct key_settings	set;
};

static int take(const struct command *cmd, struct order *o, int opt, const char *value)
{
	enum key_setting setting;
	const char *why;

	if (opt == OPT_FILE) {
		o->file = value;
		return 0;
	}
	setting = settings[opt].setting;
	if (setting == KEY_WALL) {
		if (key_settings_has(&o->set, KEY_WALL) &&
		    o->set.wall != (opt == OPT_WALL))
			return usage_error(cmd, "--wall-clock and --no-wall-clock exclude "
					   "each other");
		value = settings[opt].value;
	}
	why = key_setting_take(&o->set, setting, value, true);
	return why ? usage_error(cmd, "--%s '%.64s': %s", cmd->options[opt].name, value, why) :
		     0;
}

static int check(const struct command *cmd, const struct order *o)
{
	if (!nft_sysrq_wire_name(o->name))
		return usage_error(cmd, "NAME '%.64s': not 1 to %d of A-Z a-z 0-9 . _ -, "
				   "the first not -", o->name, NFT_SYSRQ_NAME_LEN - 1);
	if (!o->file && !o->set.given)
		return usage_error(cmd, "nothing to set: --file makes a key, "
				   "others change settings");
	if (!o->file && key_settings_has(&o->set, KEY_IDENTITY))
		return usage_error(cmd, "--identity goes only with --file");
	if (!o->file && key_settings_has(&o->set, KEY_WINDOW))
		return usage_error(cmd, "--window goes only with --file");
	return 0;
}

/* The name or the material is there; if it is not the name, SET says -ENOENT. */
static int replace_key(struct genl *g, const struct order *o, const struct key_settings *set,
		       const u8 *material)
{
	char why[sizeof(g->why)];
	int err;

	memcpy(why, g->why, sizeof(why));
	err = key_put(g, NFT_SYSRQ_CMD_KEY_SET, o->name, material, set);
	if (err != -ENOENT)
		return err;
	memcpy(g->why, why, sizeof(why));
	return -EEXIST;
}

static int set_key(const struct command *cmd, const struct order *o,
		   const struct keyfile *key)
{
	struct key_settings set = { 0 };
	bool new = key;
	struct genl g;
	char what[64];
	int err, status;

	if (key)
		set = key->settings;
	key_settings_merge(&set, &o->set);
	status = module_open(cmd, &g, key);
	if (status)
		goto out;
	err = key ? key_put_new(&g, o->name, key->material, &set) :
		    key_put(&g, NFT_SYSRQ_CMD_KEY_SET, o->name, NULL, &set);
	if (err == -EEXIST && key) {
		new = false;
		err = replace_key(&g, o, &set, key->material);
	}
	if (err) {
		snprintf(what, sizeof(what), "key %s", o->name);
		status = module_error(cmd, &g, err, what);
	} else if (new && !key_settings_has(&set, KEY_WALL) && !key_wall_default()) {
		fprintf(stderr, "key %s: no requests sent blind, as this host's clock is not "
			"synchronised; once it is: sysrqctl key set %s --wall-clock\n", o->name,
			o->name);
	}
out:
	genl_close(&g);
	return status;
}

static int read_and_set(const struct command *cmd, const struct order *o)
{
	struct keyfile *key;
	char why[4608];
	int status;

	if (!o->file)
		return set_key(cmd, o, NULL);
	key = keyfile_read(o->file, why, sizeof(why));
	if (!key)
		return local_error(cmd, "%s", why);
	status = set_key(cmd, o, key);
	keyfile_free(key);
	return status;
}

int key_set_main(const struct command *cmd, int argc, char **argv)
{
	struct order order = { 0 };
	const char *value;
	struct options o;
	int opt, status;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0) {
		status = take(cmd, &order, opt, value);
		if (status)
			return status;
	}
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands != 1)
		return usage_error(cmd, "needs one NAME, not %d", o.operands);
	order.name = o.argv[0];
	status = check(cmd, &order);
	return status ? status : read_and_set(cmd, &order);
}
