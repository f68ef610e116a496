// SPDX-License-Identifier: GPL-2.0-only
/* Files that doctor looks at: bounded, never waited for, and under another root in tests. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor.h"

/**
 * doctor_path - where a file really is
 * @d: the doctor
 * @path: absolute
 * @full: filled in
 *
 * Return: 0, or -ENAMETOOLONG.
 */
int doctor_path(const struct doctor *d, const char *path, char full[DOCTOR_PATH_LEN])
{
	int n = snprintf(full, DOCTOR_PATH_LEN, "%s%s", d->root, path);

	return n < 0 || n >= DOCTOR_PATH_LEN ? -ENAMETOOLONG : 0;
}

/* All that is there at once, up to the limit: files of /proc and /sys do not tell their size. */
static int slurp(int fd, char *text)
{
	size_t used = 0;
	ssize_t n;

	while (used <= DOCTOR_FILE_MAX) {
		n = read(fd, text + used, DOCTOR_FILE_MAX + 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		used += n;
	}
	if (used > DOCTOR_FILE_MAX)
		return -EFBIG;
	if (memchr(text, 0, used))
		return -EINVAL;
	text[used] = '\0';
	return 0;
}

/**
 * doctor_read - all of a file
 * @d: the doctor
 * @path: absolute
 * @text: filled in, to be freed; NULL on error
 *
 * Return: 0, or a negative errno; -EFBIG: longer than DOCTOR_FILE_MAX; -EINVAL: no
 * regular file, or no text.
 */
int doctor_read(const struct doctor *d, const char *path, char **text)
{
	char full[DOCTOR_PATH_LEN];
	int err = doctor_path(d, path, full), fd;
	struct stat st;

	*text = NULL;
	if (err)
		return err;
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode))
		err = -EINVAL;
	if (!err) {
		*text = malloc(DOCTOR_FILE_MAX + 2);
		err = *text ? slurp(fd, *text) : -ENOMEM;
	}
	close(fd);
	if (err) {
		free(*text);
		*text = NULL;
	}
	return err;
}

/**
 * doctor_read_word - the first word of a file
 * @d: the doctor
 * @path: absolute
 * @word: filled in; cut if it is too long, empty if there is none
 * @size: of @word
 *
 * Return: 0, or a negative errno; then @word is empty.
 */
int doctor_read_word(const struct doctor *d, const char *path, char *word, size_t size)
{
	char *text, *p;
	size_t len;
	int err;

	word[0] = '\0';
	err = doctor_read(d, path, &text);
	if (err || !text)
		return err;
	p = text + strspn(text, " \t\n");
	len = strcspn(p, " \t\n");
	if (len >= size)
		len = size - 1;
	memcpy(word, p, len);
	word[len] = '\0';
	free(text);
	return 0;
}

/**
 * doctor_exists - is there something of that name?
 * @d: the doctor
 * @path: absolute
 */
bool doctor_exists(const struct doctor *d, const char *path)
{
	char full[DOCTOR_PATH_LEN];

	return !doctor_path(d, path, full) && !access(full, F_OK);
}

/** doctor_is_conf - is that a file that systemd, or sysctl, reads? For scandir() */
int doctor_is_conf(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 5 && !strcmp(e->d_name + len - 5, ".conf");
}
