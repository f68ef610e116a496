// SPDX-License-Identifier: GPL-2.0-only
/* sysrqctl: keys of nft_sysrq on this host, and requests to other hosts. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "options.h"

static void help(void)
{
	const struct command *cmd;

	printf("Usage: sysrqctl COMMAND [ARGUMENT...]\n\nCommands:\n");
	for (cmd = commands; cmd->name; cmd++)
		printf("  %-10s  %s\n", cmd->name, cmd->summary);
	printf("\n'sysrqctl COMMAND --help' says more of a command, "
	       "'sysrqctl --version' which one this is.\n");
}

/* How many words of the command line are the command's name; 0: another one. */
static int matches(const struct command *cmd, int argc, char **argv)
{
	size_t len = strcspn(cmd->name, " ");

	if (argc < 1 || strlen(argv[0]) != len || memcmp(argv[0], cmd->name, len))
		return 0;
	if (!cmd->name[len])
		return 1;
	return argc > 1 && !strcmp(argv[1], cmd->name + len + 1) ? 2 : 0;
}

/* Is it the first of two words only? Then name the ones that may follow. */
static int half_a_command(int argc, char **argv)
{
	size_t len = strlen(argv[0]);
	const struct command *cmd;
	char words[256] = "";

	for (cmd = commands; cmd->name; cmd++) {
		if (strncmp(cmd->name, argv[0], len) || cmd->name[len] != ' ')
			continue;
		strncat(words, words[0] ? ", " : "", sizeof(words) - strlen(words) - 1);
		strncat(words, cmd->name + len + 1, sizeof(words) - strlen(words) - 1);
	}
	if (!words[0])
		return usage_error(NULL, "unknown command '%s'", argv[0]);
	if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--help"))
		return usage_error(NULL, "%s: first one of %s, then options", argv[0], words);
	if (argc > 1 && strcmp(argv[1], "--help"))
		return usage_error(NULL, "%s: unknown command '%s', not one of %s", argv[0],
				   argv[1], words);
	if (argc > 1) {
		help();
		return EXIT_OK;
	}
	return usage_error(NULL, "%s: needs one of %s", argv[0], words);
}

static int finish(int status)
{
	/* Why is only known if it is now, not if it was at an earlier line. */
	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		local_error(NULL, errno ? "cannot write to standard output: %m" :
			    "cannot write to standard output");
		return status > EXIT_USAGE ? status : EXIT_USAGE;
	}
	return status;
}

/*
 * A standard stream that is closed stays useless: should its number go to a socket,
 * what is said of hosts would be sent to one of them.
 */
static int fill_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	return fd;
}

int main(int argc, char **argv)
{
	const struct command *cmd;
	int words;

	if (fill_standard() < 0)
		return local_error(NULL, "/dev/null: %m");
	if (sodium_init() < 0)
		return local_error(NULL, "libsodium does not start");
	if (argc < 2)
		return usage_error(NULL, "needs a command");
	argc--;
	argv++;
	if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h")) {
		help();
		return finish(EXIT_OK);
	}
	if (!strcmp(argv[0], "--version")) {
		printf("sysrqctl %s\n", NFT_SYSRQ_VERSION);
		return finish(EXIT_OK);
	}
	if (argv[0][0] == '-')
		return usage_error(NULL, "unknown option %s", argv[0]);

	for (cmd = commands; cmd->name; cmd++) {
		words = matches(cmd, argc, argv);
		if (words)
			return finish(cmd->run(cmd, argc - words, argv + words));
	}
	return finish(half_a_command(argc, argv));
}
