// SPDX-License-Identifier: GPL-2.0-only
/* doctor: the keys that are set, and those that the next boot sets from /etc/sysrq/keys.d. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "doctor.h"
#include "key-apply.h"

#define WHY		4608
#define OTHERS		": others than its owner "
#define MEND		"; mend it by: chmod "

/*
 * Others may read a file, or write to the folder: the error has the mode that mends it. What it is of
 * stands in front: a name may be like anything, and is quoted.
 */
static bool mend_mode(struct doctor *d, const char *why)
{
	char file[DOCTOR_PATH_LEN], quoted[DOCTOR_PATH_LEN + 64];
	const char *others = strstr(why, OTHERS), *mend;
	int len;

	mend = others ? strstr(others, MEND) : NULL;
	if (!mend || (size_t)(others - why) >= sizeof(file))
		return false;
	snprintf(file, sizeof(file), "%.*s", (int)(others - why), why);
	doctor_quote(file, quoted, sizeof(quoted));
	mend += strlen(MEND);
	len = strspn(mend, "01234567");
	doctor_mend(d, "chmod %.*s %s", len, mend, quoted);
	return true;
}

/* The error has the file, and perhaps the line, in front. */
static void tell_refused(struct doctor *d, const char *why)
{
	char file[DOCTOR_PATH_LEN], quoted[DOCTOR_PATH_LEN + 64];
	const char *colon = strchr(why, ':');
	unsigned int line = 0;

	doctor_tell(d, DOCTOR_PROBLEM, "keys", "'sysrqctl key load', so also the next boot, would set "
		    "no key at all: %s", why);
	if (mend_mode(d, why) || !colon || (size_t)(colon - why) >= sizeof(file))
		return;
	memcpy(file, why, colon - why);
	file[colon - why] = '\0';
	doctor_quote(file, quoted, sizeof(quoted));
	if (sscanf(colon, ":%u:", &line) == 1)
		doctor_mend(d, "${EDITOR:-vi} +%u %s", line, quoted);
	else
		doctor_mend(d, "mv %s %s.away    # or put it right", quoted, quoted);
}

static void mend_load(struct doctor *d)
{
	doctor_mend(d, "sysrqctl key load");
}

/* What a file says of expiry is one line of its own. */
static void mend_file(struct doctor *d, const char *path)
{
	char quoted[DOCTOR_PATH_LEN], date[32];
	time_t until = d->now + 90 * 86400;
	struct tm tm;

	gmtime_r(&until, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	doctor_quote(path, quoted, sizeof(quoted));
	doctor_mend(d, "sed -i 's/^expires:.*/expires: %s/' %s", date, quoted);
	mend_load(d);
}

/* Files whose keys have expired. */
static void tell_past(struct doctor *d, const struct key_dir *dir)
{
	unsigned int i;

	for (i = 0; i < dir->expired && i < DOCTOR_FEW; i++) {
		doctor_tell(d, DOCTOR_WARNING, "keys", "%s has expired: the next boot does not set its "
			    "key", dir->past[i] + strlen(d->root));
		mend_file(d, dir->past[i]);
	}
}

/**
 * doctor_mend_expiry - give the commands by which a key is good for longer
 * @d: the doctor; a finding has been told
 * @key: the key
 *
 * Where its file has the date, it is mended there: else the next load would bring the old one back.
 */
void doctor_mend_expiry(struct doctor *d, const struct key_state *key)
{
	struct key_dir dir = { 0 };
	char full[DOCTOR_PATH_LEN], why[WHY];
	const char *path = NULL;
	size_t i;

	if (!doctor_path(d, DOCTOR_KEYS_DIR, full) && doctor_exists(d, DOCTOR_KEYS_DIR) &&
	    !key_dir_read(&dir, full, why, sizeof(why)))
		for (i = 0; i < dir.n; i++)
			if (dir.item[i].id == key->id && dir.item[i].set.expires)
				path = dir.item[i].path;
	if (path)
		mend_file(d, path);
	else
		doctor_mend(d, "sysrqctl key set %s --expires +90d", key->name);
	key_dir_free(&dir);
}

static const struct key_state *find_id(const struct keys_state *keys, u32 id)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (keys->key[i].id == id && keys->key[i].left < 0)
			return &keys->key[i];
	return NULL;
}

static const struct key_state *find_name(const struct keys_state *keys, const char *name)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (!strcmp(keys->key[i].name, name) && keys->key[i].left < 0)
			return &keys->key[i];
	return NULL;
}

/* A key file against the kernel. Return: all is as it says. */
static bool compare(struct doctor *d, const struct key_item *item)
{
	const struct key_state *same = find_id(&d->state.keys, item->id);
	const struct key_state *named = find_name(&d->state.keys, item->name);
	const char *path = item->path + strlen(d->root);

	if (same && strcmp(same->name, item->name)) {
		doctor_tell(d, DOCTOR_PROBLEM, "keys", "the key that is set as %s is called %s in %s, "
			    "which 'sysrqctl key load' cannot set beside it", same->name, item->name,
			    path);
		doctor_mend(d, "sysrqctl key del %s", same->name);
	} else if (same && (!key_item_is_set(item, same) || same->window != item->set.window)) {
		doctor_tell(d, DOCTOR_WARNING, "keys", "%s is set otherwise than %s says, and than the "
			    "next boot will set it", same->name, path);
	} else if (same) {
		return true;
	} else if (named) {
		doctor_tell(d, DOCTOR_WARNING, "keys", "%s is another key (%08x) in %s (%08x), which "
			    "the next boot will set", named->name, named->id, path, item->id);
	} else {
		doctor_tell(d, DOCTOR_WARNING, "keys", "%s is in %s, but not set", item->name, path);
	}
	mend_load(d);
	return false;
}

static bool in_dir(const struct key_dir *dir, const struct key_state *key)
{
	size_t i;

	for (i = 0; i < dir->n; i++)
		if (dir->item[i].id == key->id || !strcmp(dir->item[i].name, key->name))
			return true;
	return false;
}

/* Keys that the next boot will not know. Nobody tells them again: only who has the file. */
static unsigned int tell_lost(struct doctor *d, const struct key_dir *dir)
{
	const struct keys_state *keys = &d->state.keys;
	const struct key_state *key;
	struct unit_start start;
	unsigned int lost = 0;
	size_t left;

	doctor_unit_start(d, "sysrq-keys.service", &start);
	for (key = keys->key, left = keys->n; left; left--, key++) {
		if (key->left >= 0 || in_dir(dir, key) || doctor_unit_has_key(&start, key->name) ||
		    ++lost > DOCTOR_FEW)
			continue;
		doctor_tell(d, DOCTOR_WARNING, "keys", "%s is in no file of " DOCTOR_KEYS_DIR
			    ": lost at the next boot", key->name);
		doctor_mend(d, "install -d -m 700 /etc/sysrq " DOCTOR_KEYS_DIR);
		doctor_mend(d, "install -m 600 FILE " DOCTOR_KEYS_DIR "/%s.key", key->name);
	}
	return lost;
}

static void compare_all(struct doctor *d, const struct key_dir *dir)
{
	unsigned int other = 0, lost;
	size_t i;

	for (i = 0; i < dir->n && other < DOCTOR_FEW; i++)
		other += !compare(d, &dir->item[i]);
	lost = tell_lost(d, dir);
	if (i < dir->n || lost > DOCTOR_FEW)
		doctor_tell(d, DOCTOR_NOTE, "keys", "there are more keys that are not the same in "
			    DOCTOR_KEYS_DIR " and here");
	if (!other && !lost && dir->n)
		doctor_tell(d, DOCTOR_OK, "keys", DOCTOR_KEYS_DIR " has the same");
}

static int is_key(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 4 && !strcmp(e->d_name + len - 4, ".key");
}

/**
 * doctor_key_count - how many key files the next boot would read
 * @d: the doctor
 *
 * Return: 0 or more, or -EACCES: only root may see.
 */
int doctor_key_count(const struct doctor *d)
{
	char full[DOCTOR_PATH_LEN];
	struct dirent **entries;
	int i, n;

	if (doctor_path(d, DOCTOR_KEYS_DIR, full))
		return 0;
	n = scandir(full, &entries, is_key, NULL);
	if (n < 0)
		return errno == EACCES ? -EACCES : 0;
	for (i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	return n;
}

/**
 * doctor_key_files - would the next boot set the same keys?
 * @d: the doctor
 */
void doctor_key_files(struct doctor *d)
{
	struct key_dir dir = { 0 };
	char full[DOCTOR_PATH_LEN];
	char why[WHY];

	if (!d->as_root) {
		doctor_needs_root(d, "keys", "the key files in " DOCTOR_KEYS_DIR);
		return;
	}
	if (doctor_path(d, DOCTOR_KEYS_DIR, full))
		return;
	if (doctor_exists(d, DOCTOR_KEYS_DIR) && key_dir_read(&dir, full, why, sizeof(why))) {
		tell_refused(d, why);
	} else {
		tell_past(d, &dir);
		if (!d->module_err)
			compare_all(d, &dir);
	}
	key_dir_free(&dir);
}
