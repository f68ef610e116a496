// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl key gen */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "keyfile.h"
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

/* A file that the shell has just made is everybody's to read: mend that first. */
static int check_output(const struct command *cmd, bool force)
{
	struct stat st;

	if (isatty(STDOUT_FILENO) && !force)
		return usage_error(cmd, "standard output is a terminal; "
				   "give it a file, or --force");
	if (fstat(STDOUT_FILENO, &st))
		return local_error(cmd, "standard output: %m");
	if (!S_ISREG(st.st_mode))
		return 0;
	if (st.st_size)
		return local_error(cmd, "standard output is a file that is not empty; "
				   "a key file holds one key");
	if (st.st_mode & 0077 && fchmod(STDOUT_FILENO, 0600))
		return local_error(cmd, "standard output is a file that others may use, "
				   "and this cannot be changed: %m");
	return 0;
}

static int write_all(const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(STDOUT_FILENO, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= n;
	}
	return 0;
}

static int print_key(const struct command *cmd, const char *name)
{
	struct keyfile *key = keyfile_generate();
	char *text = sodium_malloc(KEYFILE_MAX);
	int status = EXIT_OK;

	if (!key || !text) {
		status = local_error(cmd, "no memory for a key");
		goto out;
	}
	if (name)
		strcpy(key->name, name);
	if (write_all(text, keyfile_format(key, text, KEYFILE_MAX)))
		status = local_error(cmd, "cannot write to standard output: %m");
out:
	sodium_free(text);
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
	status = check_output(cmd, force);
	return status ? status : print_key(cmd, name);
}
