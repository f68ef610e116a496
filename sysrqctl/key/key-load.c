// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl key load */
#include <stdio.h>

#include "command.h"
#include "key-apply.h"
#include "module.h"
#include "options.h"

#define DEFAULT_DIR	"/etc/sysrq/keys.d"

enum {
	OPT_ONLY,
};

const struct option_row key_load_options[] = {
	[OPT_ONLY] = { "only", NULL, "Delete keys that are not in the directory" },
	{ }
};

static void print_counts(const struct key_dir *dir, const struct key_counts *c)
{
	printf("%zu keys: %u new, %u replaced, %u with other settings, %u as before", dir->n,
	       c->made, c->replaced, c->changed, c->same);
	if (c->deleted)
		printf("; %u others deleted", c->deleted);
	if (dir->expired)
		printf("; %u expired ones passed over", dir->expired);
	putchar('\n');
	if (c->unsynced)
		fprintf(stderr, "%u new keys take no requests sent blind, as this host's clock is "
			"not synchronised; 'wall-clock: yes' in a key file insists\n",
			c->unsynced);
}

static int load(const struct command *cmd, const char *path, bool only)
{
	struct key_counts counts;
	struct key_dir dir;
	struct genl g;
	char why[4608];
	unsigned int i;
	int status;

	if (key_dir_read(&dir, path, why, sizeof(why))) {
		status = local_error(cmd, "%s", why);
		goto out;
	}
	for (i = 0; i < dir.expired; i++)
		fprintf(stderr, "%s: has expired, and is passed over\n", dir.past[i]);
	status = module_open(cmd, &g, true);
	if (!status)
		status = key_apply(cmd, &g, &dir, only, &counts);
	if (!status)
		print_counts(&dir, &counts);
	genl_close(&g);
out:
	key_dir_free(&dir);
	return status;
}

int key_load_main(const struct command *cmd, int argc, char **argv)
{
	const char *value;
	struct options o;
	bool only = false;
	int opt;

	options_begin(&o, cmd, argc, argv);
	while ((opt = options_next(&o, &value)) >= 0)
		only = true;
	if (opt != OPTIONS_END)
		return opt == OPTIONS_HELP ? EXIT_OK : EXIT_USAGE;
	if (o.operands > 1)
		return usage_error(cmd, "needs one DIR, not %d", o.operands);
	return load(cmd, o.operands ? o.argv[0] : DEFAULT_DIR, only);
}
