// SPDX-License-Identifier: GPL-2.0-only
/* The file of remembered epochs: where it is, how it is read and written. */
#include "epochs.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line is shorter than that: name 255, port 5, 5 numbers of 20, 36, ... */
#define LINE_MAX_LEN	512
#define LOCK_TRIES	40
#define LOCK_PAUSE_US	50000

/**
 * epochs_path - where the file is
 * @path: empty if nobody can tell
 * @len: of @path
 *
 * $STATE_DIRECTORY (systemd's) goes before $XDG_STATE_HOME, that before
 * ~/.local/state. Paths that are not absolute do not count.
 */
void epochs_path(char *path, size_t len)
{
	const char *state = getenv("STATE_DIRECTORY"), *home = getenv("HOME");
	const char *xdg = getenv("XDG_STATE_HOME");
	const struct passwd *pw;
	int n;

	if (!home || home[0] != '/') {
		pw = getpwuid(geteuid());
		home = pw ? pw->pw_dir : "";
	}
	if (state && state[0] == '/')
		n = snprintf(path, len, "%.*s/epochs", (int)strcspn(state, ":"), state);
	else if (xdg && xdg[0] == '/')
		n = snprintf(path, len, "%s/sysrqctl/epochs", xdg);
	else
		n = snprintf(path, len, "%s/.local/state/sysrqctl/epochs", home);
	/* Beside it there are others, with longer names. */
	if (path[0] != '/' || n < 0 || (size_t)n + 16 > len)
		path[0] = '\0';
}

/**
 * epochs_boot_id - what tells this boot of this machine from all others
 * @boot_id: "-" if nobody can tell
 */
void epochs_boot_id(char boot_id[BOOT_ID_LEN])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, boot_id, BOOT_ID_LEN - 1);

	if (fd >= 0)
		close(fd);
	boot_id[n == BOOT_ID_LEN - 1 ? n : 0] = '\0';
	if (strspn(boot_id, "0123456789abcdef-") != BOOT_ID_LEN - 1)
		strcpy(boot_id, "-");
}

/* Only this user can have written it? Else it is not ours; nor is an empty one. */
static bool is_ours(struct epochs *e, int fd, size_t *size)
{
	struct stat st;

	if (fstat(fd, &st)) {
		epochs_warn(e, "%s: %s", e->path, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode))
		epochs_warn(e, "%s: not a regular file", e->path);
	else if (st.st_uid != geteuid())
		epochs_warn(e, "%s: belongs to somebody else", e->path);
	else if (st.st_mode & 022)
		epochs_warn(e, "%s: others may write it (mode %04o)", e->path,
			    st.st_mode & 07777);
	else if (!st.st_size)
		epochs_warn(e, "%s: is empty", e->path);
	else if (st.st_size > (off_t)EPOCHS_MAX * LINE_MAX_LEN)
		epochs_warn(e, "%s: too large", e->path);
	else
		*size = st.st_size;
	return *size;
}

static void read_all(struct epochs *e, int fd, size_t size)
{
	size_t used = 0;
	ssize_t n;

	e->text = malloc(size + 1);
	if (!e->text) {
		epochs_warn(e, "no memory");
		e->foreign = true;
		return;
	}
	while (used < size && (n = read(fd, e->text + used, size - used)) > 0)
		used += n;
	e->text[used] = '\0';
	/* A zero byte is no part of a text. */
	if (strlen(e->text) != used) {
		epochs_warn(e, "%s: not a text", e->path);
		e->foreign = true;
		return;
	}
	epochs_parse(e);
}

/**
 * epochs_load - read the file, anew if it was before
 * @e: @known is filled; a file that is not there holds nothing
 */
void epochs_load(struct epochs *e)
{
	size_t size = 0;
	int fd;

	free(e->text);
	e->text = NULL;
	e->known.n = 0;
	e->foreign = false;
	if (!e->path[0])
		return;
	/* Not to be held up by what is no file. */
	fd = open(e->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			return;
		epochs_warn(e, "%s: %s", e->path, strerror(errno));
		e->foreign = true;
		return;
	}
	if (is_ours(e, fd, &size))
		read_all(e, fd, size);
	else
		e->foreign = true;
	close(fd);
}

/* The folders that are missing, for this user alone. */
static void make_folders(const char *path)
{
	char copy[4096], *slash;

	snprintf(copy, sizeof(copy), "%s", path);
	for (slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
}

/* Another sysrqctl holds it for a moment only; what hangs must not hold us up. */
static int lock(struct epochs *e)
{
	char path[sizeof(e->path) + 8];
	int fd, i;

	snprintf(path, sizeof(path), "%s.lock", e->path);
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd < 0) {
		epochs_warn(e, "%s: %s", path, strerror(errno));
		return -1;
	}
	for (i = 0; flock(fd, LOCK_EX | LOCK_NB); i++) {
		if (i == LOCK_TRIES || errno != EWOULDBLOCK) {
			epochs_warn(e, "%s: %s", path, strerror(errno));
			close(fd);
			return -1;
		}
		usleep(LOCK_PAUSE_US);
	}
	return fd;
}

static int write_entries(const struct epochs *e, FILE *out)
{
	size_t i;
	int n = epochs_print(NULL, out);

	for (i = 0; n >= 0 && i < e->known.n; i++)
		n = epochs_print(&e->known.e[i], out);
	return n < 0 || fflush(out) ? -errno : 0;
}

/*
 * Whoever reads sees the old file or the new one. It is not forced to the
 * disk: should the machine crash, what is lost is heard again.
 */
static void replace(struct epochs *e)
{
	char path[sizeof(e->path) + 8];
	FILE *out = NULL;
	int fd, err;

	snprintf(path, sizeof(path), "%s.XXXXXX", e->path);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		out = fdopen(fd, "w");
	if (!out) {
		epochs_warn(e, "%s: %s", path, strerror(errno));
		if (fd >= 0) {
			close(fd);
			unlink(path);
		}
		return;
	}
	err = write_entries(e, out);
	if (fclose(out) && !err)
		err = -errno;
	if (!err && rename(path, e->path))
		err = -errno;
	if (err) {
		epochs_warn(e, "%s: %s", e->path, strerror(-err));
		unlink(path);
	}
}

/**
 * epochs_save - put what was learned into the file
 * @e: if nothing was learned, nothing is written
 * @now_real: CLOCK_REALTIME, ns
 *
 * What others have written meanwhile stays. Whatever goes wrong is a warning.
 */
void epochs_save(struct epochs *e, s64 now_real)
{
	int fd;

	if (!e->learned.n)
		return;
	if (!e->path[0]) {
		epochs_warn(e, "there is no home directory for them");
		return;
	}
	make_folders(e->path);
	fd = lock(e);
	if (fd < 0)
		return;
	epochs_load(e);
	if (!e->foreign) {
		epochs_merge(e, now_real);
		replace(e);
	}
	close(fd);
}
