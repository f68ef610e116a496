// SPDX-License-Identifier: GPL-2.0-only
/* doctor: what kernel.sysrq will be after the next boot, by the files that set it. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

/* A file of an earlier folder hides those of its name in later ones. */
static const char * const dirs[] = {
	"/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d",
	"/lib/sysctl.d",
};

#define DIRS	(sizeof(dirs) / sizeof(dirs[0]))
#define FILES	1024

struct conf {
	char		*name;
	const char	*dir;
	size_t		rank;
};

struct confs {
	struct conf	file[FILES];
	size_t		n;
};

/* Return: @line sets kernel.sysrq, to @value. */
static bool sets(char *line, unsigned int *value)
{
	char *p = line + strspn(line, " \t"), *end;

	if (*p == '-')
		p++;
	if (strncmp(p, "kernel", 6) || (p[6] != '.' && p[6] != '/') || strncmp(p + 7, "sysrq", 5))
		return false;
	p += 12;
	p += strspn(p, " \t");
	if (*p++ != '=')
		return false;
	p += strspn(p, " \t");
	*value = strtoul(p, &end, 0);
	return end != p && !*(end + strspn(end, " \t\r"));
}

static void read_conf(const struct doctor *d, const char *path, struct boot_sysrq *b)
{
	char *text, *line, *next;
	unsigned int value, n = 0;

	if (doctor_read(d, path, &text))
		return;
	for (line = text; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		n++;
		if (!sets(line, &value))
			continue;
		b->known = true;
		b->value = value;
		snprintf(b->where, sizeof(b->where), "%s:%u", path, n);
		snprintf(b->path, sizeof(b->path), "%s", path);
		snprintf(b->base, sizeof(b->base), "%s", strrchr(path, '/') + 1);
	}
	free(text);
}

static int by_name(const void *a, const void *b)
{
	const struct conf *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

static void collect(const struct doctor *d, struct confs *c)
{
	char full[DOCTOR_PATH_LEN];
	struct dirent **entries;
	size_t rank;
	int i, n;

	for (rank = 0; rank < DIRS; rank++) {
		n = doctor_path(d, dirs[rank], full) ? -1 : scandir(full, &entries, doctor_is_conf, NULL);
		for (i = 0; i < n; i++) {
			if (c->n < FILES)
				c->file[c->n++] = (struct conf){ strdup(entries[i]->d_name),
								 dirs[rank], rank };
			free(entries[i]);
		}
		if (n >= 0)
			free(entries);
	}
}

/* Does the command line have it? Whatever files say, all is allowed then. */
static bool always_enabled(const char *text)
{
	static const char word[] = "sysrq_always_enabled";
	const char *p = strstr(text, word);

	while (p && p > text && !isspace((unsigned char)p[-1]))
		p = strstr(p + 1, word);
	return p;
}

/* What the kernel itself begins with, where no file says anything. Return: no file matters. */
static bool by_kernel(const struct doctor *d, struct boot_sysrq *b)
{
	static const char option[] = "CONFIG_MAGIC_SYSRQ_DEFAULT_ENABLE=";
	char path[96], *text, *p;
	bool always;

	snprintf(path, sizeof(path), "/boot/config-%s", d->release);
	if (!doctor_read(d, path, &text)) {
		p = strstr(text, option);
		if (p) {
			b->known = true;
			b->value = strtoul(p + strlen(option), NULL, 0);
			snprintf(b->where, sizeof(b->where), "the kernel (%s)", path);
		}
		free(text);
	}
	if (doctor_read(d, "/proc/cmdline", &text))
		return false;
	always = always_enabled(text);
	p = strstr(text, "sysctl.kernel.sysrq=");
	if (always || (p && isdigit((unsigned char)p[strlen("sysctl.kernel.sysrq=")]))) {
		b->known = true;
		b->value = always ? 1 : strtoul(strchr(p, '=') + 1, NULL, 0);
		snprintf(b->where, sizeof(b->where), "the kernel's command line");
	}
	free(text);
	return always;
}

/**
 * doctor_boot_sysrq - what sets kernel.sysrq last at boot
 * @d: the doctor
 * @b: filled in
 */
void doctor_boot_sysrq(const struct doctor *d, struct boot_sysrq *b)
{
	struct confs *c = calloc(1, sizeof(*c));
	char path[DOCTOR_PATH_LEN];
	size_t i;

	memset(b, 0, sizeof(*b));
	if (by_kernel(d, b) || !c) {
		free(c);
		return;
	}
	collect(d, c);
	for (i = 0; i < c->n && c->file[i].name; i++)
		;
	/* Without memory for a name there is none for the rest, either. */
	if (i == c->n) {
		qsort(c->file, c->n, sizeof(*c->file), by_name);
		for (i = 0; i < c->n; i++) {
			if (i && !strcmp(c->file[i].name, c->file[i - 1].name))
				continue;
			snprintf(path, sizeof(path), "%s/%s", c->file[i].dir, c->file[i].name);
			read_conf(d, path, b);
		}
	}
	for (i = 0; i < c->n; i++)
		free(c->file[i].name);
	free(c);
	/* systemd does not read it; procps, which others have at boot, does, and last. */
	if (!doctor_exists(d, "/lib/systemd/systemd-sysctl") &&
	    !doctor_exists(d, "/usr/lib/systemd/systemd-sysctl"))
		read_conf(d, "/etc/sysctl.conf", b);
}
