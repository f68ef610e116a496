// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl key load */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/*
 * The unit runs on hosts that have keys in the default directory, as credentials, in both, or not yet. But what is
 * not there cannot say that all other keys are to go.
 */
static int read_default(struct key_dir *dir, bool only, char *why, size_t len)
{
	int err = 0;

	memset(dir, 0, sizeof(*dir));
	if (only || !access(DEFAULT_DIR, F_OK) || errno != ENOENT)
		err = key_dir_read(dir, DEFAULT_DIR, why, len);
	return err ? err : key_dir_add_credentials(dir, why, len);
}

static int load(const struct command *cmd, const char *path, bool only)
{
	struct key_counts counts = { 0 };
	struct key_dir dir;
	struct genl g;
	char why[4608];
	unsigned int i;
	int status, err;

	err = path ? key_dir_read(&dir, path, why, sizeof(why)) :
	      read_default(&dir, only, why, sizeof(why));
	if (err) {
		status = local_error(cmd, "%s", why);
		goto out;
	}
	for (i = 0; i < dir.expired; i++)
		fprintf(stderr, "%s: has expired, and is passed over\n", dir.past[i]);
	if (!dir.n && !only) {
		/* The module is not loaded for that. */
		print_counts(&dir, &counts);
		status = EXIT_OK;
		goto out;
	}
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
	return load(cmd, o.operands ? o.argv[0] : NULL, only);
}
