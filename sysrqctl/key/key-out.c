// SPDX-License-Identifier: GPL-2.0-only
/* Key files to standard output. */
#include "key-out.h"

#include <sys/stat.h>
#include <unistd.h>

#include "options.h"

/**
 * key_out_check - may a key go to standard output?
 * @cmd: for the error
 * @force: even to a terminal
 *
 * A file that the shell has just made is everybody's to read: that is mended.
 *
 * Return: EXIT_OK, or the exit status: it has been said what is wrong.
 */
int key_out_check(const struct command *cmd, bool force)
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

/**
 * key_out_write - text to standard output, past any buffer that is not wiped
 * @cmd: for the error
 * @text: locked memory
 * @len: of @text
 *
 * Return: EXIT_OK, or the exit status: it has been said what is wrong.
 */
int key_out_write(const struct command *cmd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(STDOUT_FILENO, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return local_error(cmd, "cannot write to standard output: %m");
		text += n;
		len -= n;
	}
	return EXIT_OK;
}

/**
 * key_out_print - a key file to standard output
 * @cmd: for the error
 * @key: NULL: there was no memory for it
 *
 * Return: EXIT_OK, or the exit status: it has been said what is wrong.
 */
int key_out_print(const struct command *cmd, const struct keyfile *key)
{
	char *text = sodium_malloc(KEYFILE_MAX);
	int status;

	if (key && text)
		status = key_out_write(cmd, text, keyfile_format(key, text, KEYFILE_MAX));
	else
		status = local_error(cmd, "no memory for a key");
	sodium_free(text);
	return status;
}
