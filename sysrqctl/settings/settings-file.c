// SPDX-License-Identifier: GPL-2.0-only
/* Settings files: where they are looked for, and who may write them. */
#include "settings.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX	(1024 * 1024)
#define PATH_LEN	4096
#define SYSTEM		"/etc/sysrq/sysrqctl.conf"

/* Who can write them can have a request sent to other hosts than the user means. */
static int check_file(const struct textfile *f, int fd, char *why, size_t len)
{
	struct stat st;

	if (fstat(fd, &st))
		return textfile_refuse(f, why, len, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return textfile_refuse(f, why, len, "not a regular file");
	if (st.st_uid && st.st_uid != geteuid())
		return textfile_refuse(f, why, len, "belongs to user %u, neither to you nor to root",
				       st.st_uid);
	if (st.st_mode & 0022)
		return textfile_refuse(f, why, len, "others than its owner may write it (mode %04o); "
				       "mend it by: chmod go-w %s", st.st_mode & 07777, f->name);
	return 0;
}

static int read_one(struct settings *s, const char *path, bool needed, char *why, size_t len)
{
	struct textfile *f = &s->files[s->nfiles];
	int fd, err;

	f->name = path;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && !needed && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return textfile_refuse(f, why, len, "%s", strerror(errno));
	err = check_file(f, fd, why, len);
	s->paths[s->nfiles] = strdup(path);
	if (!err && !s->paths[s->nfiles])
		err = textfile_refuse(f, why, len, "no memory");
	if (!err)
		err = textfile_read(f, fd, s->paths[s->nfiles], FILE_MAX, why, len);
	close(fd);
	s->nfiles++;
	return err ? err : settings_parse(s, f, why, len);
}

static int own_path(char *path)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct passwd *pw;
	int n;

	if (dir && dir[0] == '/') {
		n = snprintf(path, PATH_LEN, "%s/sysrqctl/config", dir);
	} else {
		pw = home && home[0] == '/' ? NULL : getpwuid(geteuid());
		n = snprintf(path, PATH_LEN, "%s/.config/sysrqctl/config",
			     pw ? pw->pw_dir : home && home[0] == '/' ? home : "/nonexistent");
	}
	return n < PATH_LEN ? 0 : -ENAMETOOLONG;
}

/**
 * settings_read - the settings that are to hold
 * @s: filled in; to be freed, also after an error
 * @file: a file, "none": no settings at all, or NULL: the user's and the system's
 * @why: says what is wrong, and where, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int settings_read(struct settings *s, const char *file, char *why, size_t len)
{
	char path[PATH_LEN];
	int err = 0;

	memset(s, 0, sizeof(*s));
	if (file && !strcmp(file, "none"))
		return 0;
	if (file)
		return read_one(s, file, true, why, len);
	if (!own_path(path))
		err = read_one(s, path, false, why, len);
	return err ? err : read_one(s, SYSTEM, false, why, len);
}

/**
 * settings_free - free all settings
 * @s: read, or zeroed
 */
void settings_free(struct settings *s)
{
	size_t i;

	for (i = 0; i < s->nblocks; i++)
		free(s->blocks[i].patterns);
	for (i = 0; i < s->nentries; i++)
		free(s->entries[i].words);
	for (i = 0; i < s->nfiles; i++) {
		textfile_end(&s->files[i]);
		free(s->paths[i]);
	}
	free(s->blocks);
	free(s->entries);
	memset(s, 0, sizeof(*s));
}
