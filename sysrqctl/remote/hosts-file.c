// SPDX-License-Identifier: GPL-2.0-only
/* A file of hosts: one a line. */
#include "hosts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "textfile.h"

#define FILE_MAX	(8 * 1024 * 1024)
#define LINE_MAX_LEN	1024
#define WHY		512

static int take_lines(struct hosts *h, struct textfile *f, char *why, size_t len)
{
	char *line, reason[WHY];
	struct host *host;
	int more;

	while ((more = textfile_line(f, &line, LINE_MAX_LEN, why, len)) > 0) {
		host = hosts_room(h, reason, sizeof(reason));
		if (!host || host_parse(line, host, reason, sizeof(reason)))
			return textfile_refuse(f, why, len, "%s", reason);
		host->line = f->line;
		h->n++;
	}
	return more;
}

/**
 * hosts_read - hosts from a file
 * @h: gets more; no other file was read
 * @path: stays; "-" is standard input
 * @why: says what is wrong, and where, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int hosts_read(struct hosts *h, const char *path, char *why, size_t len)
{
	bool standard = !strcmp(path, "-");
	struct textfile f = { .name = standard ? "standard input" : path };
	size_t before = h->n;
	int fd, err;

	h->file = f.name;
	fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return textfile_refuse(&f, why, len, "%s", strerror(errno));
	err = textfile_read(&f, fd, h->file, FILE_MAX, why, len);
	if (!standard)
		close(fd);
	if (!err)
		err = take_lines(h, &f, why, len);
	f.line = 0;
	if (!err && h->n == before)
		err = textfile_refuse(&f, why, len, "names no host");
	textfile_end(&f);
	return err;
}
