// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text files that people write. Nothing of them is trusted: they are bounded,
 * and hold no control characters, as what stands in them is repeated in errors.
 */
#include "textfile.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK	(64 * 1024)

/**
 * textfile_refuse - say what is wrong, and in which line
 * @f: the file
 * @why: where to say it
 * @len: of @why
 * @fmt: one line, without end
 *
 * Return: -EINVAL.
 */
int textfile_refuse(const struct textfile *f, char *why, size_t len, const char *fmt, ...)
{
	va_list ap;
	int n;

	n = f->line ? snprintf(why, len, "%s:%u: ", f->name, f->line) :
		      snprintf(why, len, "%s: ", f->name);
	va_start(ap, fmt);
	if (n >= 0 && (size_t)n < len)
		vsnprintf(why + n, len - n, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* Return: 0 at the end, 1 if there may be more, or -EINVAL. */
static int read_some(struct textfile *f, int fd, size_t *used, size_t max, char *why,
		     size_t len)
{
	char *text = realloc(f->text, *used + CHUNK + 1);
	ssize_t n;

	if (!text)
		return textfile_refuse(f, why, len, "no memory");
	f->text = text;
	do
		n = read(fd, text + *used, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return textfile_refuse(f, why, len, "%s", strerror(errno));
	*used += n;
	if (*used > max)
		return textfile_refuse(f, why, len, "longer than %zu KiB", max / 1024);
	return n > 0;
}

/**
 * textfile_read - all of a file
 * @f: filled in; to be ended, also after an error
 * @fd: it is open there
 * @name: for errors; stays
 * @max: bytes it may have
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int textfile_read(struct textfile *f, int fd, const char *name, size_t max, char *why,
		  size_t len)
{
	size_t used = 0;
	int more;

	memset(f, 0, sizeof(*f));
	f->name = name;
	do
		more = read_some(f, fd, &used, max, why, len);
	while (more > 0);
	if (more < 0)
		return more;
	if (memchr(f->text, 0, used))
		return textfile_refuse(f, why, len, "holds a zero byte, so it is no text");
	f->text[used] = '\0';
	f->next = f->text;
	return 0;
}

/*
 * Also U+0080 to U+009F, by which a terminal can be told what others need ESC
 * for: in UTF-8 behind 0xc2, in other codes behind what is ASCII.
 */
static bool is_control(const char *line, const char *p)
{
	unsigned char c = *p, before = p == line ? 0 : p[-1];

	return (c < ' ' && c != '\t') || c == 0x7f ||
	       (c >= 0x80 && c < 0xa0 && (before < 0x80 || before == 0xc2));
}

/* Without comment, blanks around it, and tabs in it. */
static char *trim(char *line)
{
	size_t len;
	char *p;

	for (p = line; *p; p++) {
		if (*p == '\t')
			*p = ' ';
		if (*p == '#' && (p == line || p[-1] == ' ')) {
			*p = '\0';
			break;
		}
	}
	line += strspn(line, " ");
	for (len = strlen(line); len && line[len - 1] == ' '; len--)
		line[len - 1] = '\0';
	return line;
}

/**
 * textfile_line - the next line that says something
 * @f: the file
 * @line: it, without comment and blanks around it; tabs are blanks
 * @longest: bytes a line may have
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: 1, or 0 at the end, or -EINVAL.
 */
int textfile_line(struct textfile *f, char **line, size_t longest, char *why, size_t len)
{
	char *p, *end;

	while (*f->next) {
		p = f->next;
		f->line++;
		end = strchrnul(p, '\n');
		if ((size_t)(end - p) > longest)
			return textfile_refuse(f, why, len, "longer than %zu characters",
					       longest);
		f->next = *end ? end + 1 : end;
		*end = '\0';
		if (end != p && end[-1] == '\r')
			return textfile_refuse(f, why, len, "the line ends as on DOS");
		for (end = p; *end; end++)
			if (is_control(p, end))
				return textfile_refuse(f, why, len, "holds the control character "
						       "0x%02x", (unsigned char)*end);
		*line = trim(p);
		if (**line)
			return 1;
	}
	return 0;
}

/**
 * textfile_end - be done with it
 * @f: a file that textfile_read() was called for
 */
void textfile_end(struct textfile *f)
{
	free(f->text);
	f->text = NULL;
}
