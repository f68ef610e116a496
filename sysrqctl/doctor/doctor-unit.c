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

static bool is_there(const struct doctor *d, const char *unit)
{
	char path[DOCTOR_PATH_LEN];
	size_t rank;

	for (rank = 0; rank < DIRS; rank++) {
		snprintf(path, sizeof(path), "%s/%s", dirs[rank], unit);
		if (doctor_exists(d, path))
			return true;
	}
	return false;
}

/* What is enabled until the next boot only (-runtime) is not, at that. */
static enum doctor_unit state_of(const char *word)
{
	static const char * const off[] = { "disabled", "masked", "masked-runtime", "static", "indirect",
					    "linked", "linked-runtime", "bad",
					    "enabled-runtime" };
	size_t i;

	if (!strcmp(word, "enabled") || !strcmp(word, "alias") || !strcmp(word, "generated"))
		return UNIT_ENABLED;
	for (i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		if (!strcmp(word, off[i]))
			return UNIT_DISABLED;
	return UNIT_UNKNOWN;
}

/* The next line that is a state: one word. What is told between them, as by the loader, is none. */
static char *next_state(char *said)
{
	char *line = strtok(said, "\n");

	while (line && line[strcspn(line, " \t:")])
		line = strtok(NULL, "\n");
	return line;
}

/**
 * doctor_unit_states - will they be started at boot?
 * @d: the doctor
 * @units: names, at most UNIT_ARGS
 * @n: how many
 * @states: filled in
 *
 * One call for all, as one costs a second on a busy machine; only of those that are there, as systemctl
 * ends at the first that is not.
 */
void doctor_unit_states(const struct doctor *d, const char * const *units, size_t n,
			enum doctor_unit *states)
{
	char *argv[UNIT_ARGS + 3] = { (char *)"systemctl", (char *)"is-enabled" }, said[2048], *line;
	char path[DOCTOR_PATH_LEN];
	bool systemd = !doctor_find(d, "systemctl", path);
	size_t i, there = 2;

	for (i = 0; i < n; i++) {
		states[i] = !systemd || is_there(d, units[i]) ? UNIT_UNKNOWN : UNIT_ABSENT;
		if (states[i] == UNIT_UNKNOWN)
			argv[there++] = (char *)units[i];
	}
	if (there == 2 || doctor_run(d, argv, NULL, SYSTEMCTL_S, said, sizeof(said)) < 0)
		return;
	line = next_state(said);
	for (i = 0; i < n && line; i++) {
		if (states[i] == UNIT_ABSENT)
			continue;
		states[i] = state_of(line);
		line = next_state(NULL);
	}
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

/* "ops.key:PATH" is the key ops, as key load calls it. */
static void take_credential(struct unit_start *s, const char *value)
{
	size_t used = strlen(s->credentials), len;

	value += strspn(value, " \t");
	if (!*value)
		s->credentials[0] = '\0';
	len = strcspn(value, ": \t");
	if (len > 4 && !strncmp(value + len - 4, ".key", 4) && used + len < sizeof(s->credentials))
		sprintf(s->credentials + used, " %.*s ", (int)len - 4, value);
}

/**
 * doctor_unit_has_key - is a key among a service's credentials?
 * @start: how it starts
 * @name: of the key
 */
bool doctor_unit_has_key(const struct unit_start *start, const char *name)
{
	char text[NFT_SYSRQ_NAME_LEN + 2];

	snprintf(text, sizeof(text), " %s ", name);
	return strstr(start->credentials, text);
}

static int read_unit(const struct doctor *d, const char *path, struct unit_start *s)
{
	static const char * const credential[] = { "LoadCredential", "LoadCredentialEncrypted",
						   "SetCredential", "SetCredentialEncrypted",
						   "ImportCredential" };
	char *text, *line, *next;
	const char *value;
	int err = doctor_read(d, path, &text);
	size_t i;

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
		for (i = 0; i < sizeof(credential) / sizeof(credential[0]); i++) {
			value = value_of(line, credential[i]);
			if (value)
				take_credential(s, value);
		}
	}
	free(text);
	return 0;
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
		n = doctor_path(d, path, full) ? -1 : scandir(full, &entries, doctor_is_conf, alphasort);
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
