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

static void print_json(const struct keys_state *keys)
{
	json_t *a = keys_json(keys);

	json_dumpf(a, stdout, JSON_INDENT(2));
	json_decref(a);
	putchar('\n');
}

static void print_each(const struct keys_state *keys)
{
	size_t i;

	for (i = 0; i < keys->n; i++) {
		if (i)
			putchar('\n');
		key_print(&keys->key[i]);
	}
}

/* All, or those @n of @names. */
static int get_keys(const struct command *cmd, struct genl *g, struct keys_state *keys,
		    char **names, int n)
{
	char what[64];
	int i, err;

	if (!n) {
		err = keys_state_get(g, keys);
		return err ? module_error(cmd, g, err, "cannot list keys") : EXIT_OK;
	}
	for (i = 0; i < n; i++) {
		err = keys_state_add(g, keys, names[i]);
		if (!err)
			continue;
		snprintf(what, sizeof(what), "key %s", names[i]);
		return module_error(cmd, g, err, what);
	}
	return EXIT_OK;
}

static int list_keys(const struct command *cmd, bool json, char **names, int n)
{
	struct keys_state keys = { 0 };
	struct genl g;
	int status;

	status = module_open(cmd, &g, false);
	if (!status)
		status = get_keys(cmd, &g, &keys, names, n);
	if (!status && json)
		print_json(&keys);
	else if (!status && n)
		print_each(&keys);
	else if (!status)
		keys_table(&keys);
	keys_state_free(&keys);
	genl_close(&g);
	return status;
}

int key_list_main(const struct command *cmd, int argc, char **argv)
{
	bool json = false;
	const char *value;
	struct options o;
	int opt, i;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0)
		json = true;
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	for (i = 0; i < o.operands; i++)
		if (!nft_sysrq_wire_name(o.argv[i]))
			return usage_error(cmd, "NAME '%.64s': not 1 to %d of A-Z a-z 0-9 . _ -, "
					   "the first not -", o.argv[i], NFT_SYSRQ_NAME_LEN - 1);
	return list_keys(cmd, json, o.argv, o.operands);
}
