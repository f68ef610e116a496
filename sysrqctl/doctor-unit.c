// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor: systemd's units: enabled or not, by systemctl; and how a service starts, by its files,
 * which tell what the next start will do also where systemd has not read them yet.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

#define SYSTEMCTL_S	10

/* From the one that counts most. */
static const char * const dirs[] = {
	"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
};

#define DIRS	(sizeof(dirs) / sizeof(dirs[0]))

/**
 * doctor_unit_state - will it be started at boot?
 * @d: the doctor
 * @unit: its name
 */
enum doctor_unit doctor_unit_state(const struct doctor *d, const char *unit)
{
	char *argv[] = { (char *)"systemctl", (char *)"is-enabled", (char *)unit, NULL };
	char said[256];
	int status = doctor_run(d, argv, NULL, SYSTEMCTL_S, said, sizeof(said));

	if (status < 0)
		return UNIT_UNKNOWN;
	said[strcspn(said, "\n")] = '\0';
	if (!status && strncmp(said, "static", 6))
		return UNIT_ENABLED;
	if (!strcmp(said, "disabled") || !strncmp(said, "masked", 6) || !strcmp(said, "static") ||
	    !strcmp(said, "indirect") || !strcmp(said, "linked"))
		return UNIT_DISABLED;
	return !strcmp(said, "not-found") || strstr(said, "No such file") ? UNIT_ABSENT : UNIT_UNKNOWN;
}

/* The value of "KEY=VALUE" in a section [Service], or NULL. */
static const char *value_of(const char *line, const char *key)
{
	size_t len = strlen(key);

	line += strspn(line, " \t");
	return !strncmp(line, key, len) && line[len] == '=' ? line + len + 1 : NULL;
}

/* Words at blanks; - @ : + ! before the program are of systemd. */
static void take_start(struct unit_start *s, const char *value)
{
	char *p;

	s->argc = 0;
	value += strspn(value, " \t-@:+!");
	if (strlen(value) >= sizeof(s->text))
		return;
	strcpy(s->text, value);
	for (p = strtok(s->text, " \t"); p && s->argc < UNIT_ARGS; p = strtok(NULL, " \t"))
		s->argv[s->argc++] = p;
	s->argv[s->argc] = NULL;
}

static void take_environment(struct unit_start *s, const char *value)
{
	const char *p;
	size_t len;

	if (!value[strspn(value, " \t")])
		s->preload[0] = '\0';
	p = strstr(value, "LD_PRELOAD=");
	if (!p)
		return;
	p += strlen("LD_PRELOAD=");
	len = strcspn(p, "\" \t'");
	if (len < sizeof(s->preload)) {
		memcpy(s->preload, p, len);
		s->preload[len] = '\0';
	}
}

static int read_unit(const struct doctor *d, const char *path, struct unit_start *s)
{
	char *text, *line, *next;
	const char *value;
	int err = doctor_read(d, path, &text);

	if (err)
		return err;
	for (line = text; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		value = value_of(line, "ExecStart");
		if (value)
			take_start(s, value);
		value = value_of(line, "Environment");
		if (value)
			take_environment(s, value);
	}
	free(text);
	return 0;
}

static int is_conf(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 5 && !strcmp(e->d_name + len - 5, ".conf");
}

/* Is a drop-in of that name in a folder that counts more? */
static bool hidden(const struct doctor *d, const char *unit, size_t rank, const char *name)
{
	char path[DOCTOR_PATH_LEN];

	while (rank--) {
		snprintf(path, sizeof(path), "%s/%s.d/%s", dirs[rank], unit, name);
		if (doctor_exists(d, path))
			return true;
	}
	return false;
}

/* By folder, and not by name over all: where two set the same, that is seen as the next start is. */
static void read_drop_ins(const struct doctor *d, const char *unit, struct unit_start *s)
{
	char path[DOCTOR_PATH_LEN], full[DOCTOR_PATH_LEN];
	struct dirent **entries;
	size_t rank;
	int i, n;

	for (rank = DIRS; rank--; ) {
		snprintf(path, sizeof(path), "%s/%s.d", dirs[rank], unit);
		n = doctor_path(d, path, full) ? -1 : scandir(full, &entries, is_conf, alphasort);
		for (i = 0; i < n; i++) {
			snprintf(path, sizeof(path), "%s/%s.d/%s", dirs[rank], unit,
				 entries[i]->d_name);
			if (!hidden(d, unit, rank, entries[i]->d_name))
				read_unit(d, path, s);
			free(entries[i]);
		}
		if (n >= 0)
			free(entries);
	}
}

/**
 * doctor_unit_start - how a service will start
 * @d: the doctor
 * @unit: its name
 * @start: filled in
 *
 * Return: 0, or -ENOENT: there is no such service.
 */
int doctor_unit_start(const struct doctor *d, const char *unit, struct unit_start *start)
{
	char path[DOCTOR_PATH_LEN];
	int err = -ENOENT;
	size_t rank;

	memset(start, 0, sizeof(*start));
	for (rank = 0; rank < DIRS && err; rank++) {
		snprintf(path, sizeof(path), "%s/%s", dirs[rank], unit);
		err = read_unit(d, path, start);
	}
	if (err)
		return -ENOENT;
	read_drop_ins(d, unit, start);
	return 0;
}
