/* SPDX-License-Identifier: GPL-2.0-only */
/* Text files that people write: read whole, bounded, taken line by line. */
#ifndef SYSRQCTL_TEXTFILE_H
#define SYSRQCTL_TEXTFILE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct textfile - a file that is being read
 * @name: for errors
 * @text: all of it
 * @next: what has not been taken, or NULL
 * @line: number of the last line that was taken
 */
struct textfile {
	const char	*name;
	char		*text;
	char		*next;
	unsigned int	line;
};

int textfile_read(struct textfile *f, int fd, const char *name, size_t max, char *why,
		  size_t len);
int textfile_line(struct textfile *f, char **line, size_t longest, char *why, size_t len);
int textfile_refuse(const struct textfile *f, char *why, size_t len, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void textfile_end(struct textfile *f);

#endif /* SYSRQCTL_TEXTFILE_H */
