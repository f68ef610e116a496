// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl key list */
#include <stdio.h>

#include "command.h"
#include "key-words.h"
#include "module.h"
#include "options.h"

enum {
	OPT_JSON,
};

const struct option_row key_list_options[] = {
	[OPT_JSON] = { "json", NULL, "One JSON array" },
	{ }
};

static void print_all(const struct keys_state *keys, bool json)
{
	json_t *a;
	size_t i;

	if (json) {
		a = keys_json(keys);
		json_dumpf(a, stdout, JSON_INDENT(2));
		json_decref(a);
		putchar('\n');
		return;
	}
	for (i = 0; i < keys->n; i++) {
		if (i)
			putchar('\n');
		key_print(&keys->key[i]);
	}
}

static int list_keys(const struct command *cmd, bool json)
{
	struct keys_state keys = { 0 };
	struct genl g;
	int err, status;

	status = module_open(cmd, &g, false);
	if (status)
		goto out;
	err = keys_state_get(&g, &keys);
	if (err)
		status = module_error(cmd, &g, err, "cannot list keys");
	else
		print_all(&keys, json);
	keys_state_free(&keys);
out:
	genl_close(&g);
	return status;
}

int key_list_main(const struct command *cmd, int argc, char **argv)
{
	bool json = false;
	const char *value;
	struct options o;
	int opt;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0)
		json = true;
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands)
		return usage_error(cmd, "takes no '%s'", o.argv[0]);
	return list_keys(cmd, json);
}
