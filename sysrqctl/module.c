// SPDX-License-Identifier: GPL-2.0-only
/* The way from a command to the module of this host. */
#include "module.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "options.h"

#define MODPROBE	"/sbin/modprobe"

extern char **environ;

/*
 * A key is set before the first rule is, and only a rule's expression makes
 * the kernel load the module by itself.
 */
static void load_module(void)
{
	char path[256] = MODPROBE;
	char *argv[] = { path, (char *)"-q", (char *)"nft_sysrq", NULL };
	pid_t pid;
	FILE *f;

	f = fopen("/proc/sys/kernel/modprobe", "re");
	if (f) {
		if (!fgets(path, sizeof(path), f) || path[0] != '/')
			strcpy(path, MODPROBE);
		path[strcspn(path, "\n")] = '\0';
		fclose(f);
	}
	if (!posix_spawn(&pid, path, NULL, NULL, argv, environ))
		waitpid(pid, NULL, 0);
}

/**
 * module_open - a socket to the module
 * @cmd: for the error
 * @g: filled in; to be given to genl_close() in any case
 * @load: load the module if it is not
 *
 * Return: EXIT_OK, or the exit status: it has been said what is wrong.
 */
int module_open(const struct command *cmd, struct genl *g, bool load)
{
	int err = genl_open(g);

	if (err == -ENOENT && load && !geteuid()) {
		genl_close(g);
		load_module();
		err = genl_open(g);
	}
	if (err == -ENOENT)
		return local_error(cmd, "the module nft_sysrq is not loaded; load it%s by: "
				   "modprobe nft_sysrq", geteuid() ? ", as root," : "");
	return err ? local_error(cmd, "generic netlink: %s", strerror(-err)) : EXIT_OK;
}

/**
 * module_error - say why the module did not do something
 * @cmd: for the error
 * @g: the socket
 * @err: negative errno
 * @what: was to be done
 *
 * Return: EXIT_USAGE.
 */
int module_error(const struct command *cmd, const struct genl *g, int err, const char *what)
{
	if (err == -EPERM)
		return local_error(cmd, "%s: not permitted; only root may, and in no user namespace",
				   what);
	return local_error(cmd, "%s: %s", what, g->why[0] ? g->why : strerror(-err));
}
