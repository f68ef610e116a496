// SPDX-License-Identifier: GPL-2.0-only
/* Why our tables are left as they are. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arm.h"
#include "command.h"
#include "options.h"

#define UNIT	"sysrq-arm"

/**
 * arm_foreign - say that a table is somebody else's
 * @cmd: for the error
 * @which: which table
 *
 * Return: EXIT_USAGE.
 */
int arm_foreign(const struct command *cmd, enum arm_which which)
{
	return local_error(cmd, "there is a table inet %s that sysrqctl arm has not made; it is left alone",
			   which == ARM_PLAIN ? ARM_TABLE : "'" ARM_TABLE_HELD "'");
}

/**
 * arm_error - say why nf_tables did not do something with our tables
 * @cmd: for the error
 * @n: the socket
 * @err: negative errno
 *
 * Return: EXIT_USAGE.
 */
int arm_error(const struct command *cmd, const struct nft *n, int err)
{
	return rule_error(cmd, n, err, "table inet " ARM_TABLE);
}

/* Is @text in the first 4 KiB of a process's file of that name? */
static bool proc_has(uint32_t pid, const char *file, const char *text)
{
	char path[64], buf[4096];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/%s", pid, file);
	f = fopen(path, "re");
	if (!f)
		return false;
	len = fread(buf, 1, sizeof(buf) - 1, f);
	fclose(f);
	buf[len] = '\0';
	return strstr(buf, text);
}

/**
 * arm_held - say who holds our tables, and how to end that
 * @cmd: for the error
 * @owner: port of the socket that does
 *
 * A port is the id of the process that has opened the socket, if no other one had it. If that process is
 * gone, systemd has kept the socket for the next one of the unit.
 *
 * Return: EXIT_USAGE.
 */
int arm_held(const struct command *cmd, uint32_t owner)
{
	bool alive = owner != (uint32_t)getpid() && proc_has(owner, "comm", "sysrqctl\n");

	if (alive && !proc_has(owner, "cgroup", "/" UNIT ".service"))
		return local_error(cmd, "table inet " ARM_TABLE " is held by process %" PRIu32
				   ", sysrqctl arm --hold; end that by: kill -INT %" PRIu32,
				   owner, owner);
	return local_error(cmd, "table inet " ARM_TABLE " is held by the unit " UNIT "; to take it away: "
			   "systemctl stop " UNIT "; to change it: OPTIONS in /etc/default/" UNIT
			   ", and systemctl restart " UNIT);
}
