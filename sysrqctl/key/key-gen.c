// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl key gen */
#include "command.h"
#include "key-out.h"
#include "options.h"

enum {
	OPT_NAME,
	OPT_FORCE,
};

const struct option_row key_gen_options[] = {
	[OPT_NAME] = { "name", "NAME", "Write this name into the key file" },
	[OPT_FORCE] = { "force", NULL, "Print it even on a terminal" },
	{ }
};

static int print_new(const struct command *cmd, const char *name)
{
	struct keyfile *key = keyfile_generate();
	int status;

	if (key && name)
		strcpy(key->name, name);
	status = key_out_print(cmd, key);
	keyfile_free(key);
	return status;
}

int key_gen_main(const struct command *cmd, int argc, char **argv)
{
	const char *name = NULL, *value;
	struct options o;
	bool force = false;
	int opt, status;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0) {
		if (opt == OPT_FORCE)
			force = true;
		else
			name = value;
	}
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'; it prints to standard output",
				   o.argv[0]);
	if (name && !nft_sysrq_wire_name(name))
		return usage_error(cmd, "--name '%s': not 1 to 31 of A-Z a-z 0-9 . _ -, "
				   "the first not -", name);
	status = key_out_check(cmd, force);
	return status ? status : print_new(cmd, name);
}
