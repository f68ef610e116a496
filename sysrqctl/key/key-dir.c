// SPDX-License-Identifier: GPL-2.0-only
/* A directory of key files: read whole, checked whole. */
#include "key-dir.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "key-words.h"
#include "keyfile.h"
#include "why.h"

/* As long as a load of some thousand keys takes; and one on a machine in trouble. */
#define LOCK_TRIES		50
#define LOCK_TRIES_OWNER	100
#define LOCK_PAUSE_US		100000

/*
 * Two who load at once would mix. But who has the lock may hang, and a directory that others may read, they
 * may lock, too, for as long as they like: that must not keep a host from its keys.
 */
static int lock(int fd, const char *path, mode_t mode)
{
	bool others = mode & 0044;
	int tries = others ? LOCK_TRIES : LOCK_TRIES_OWNER;

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (!tries--) {
			fprintf(stderr, "%s: another process has it locked, and is not waited for any longer%s%s\n",
				path, others ? "; none but its owner could, after: chmod 700 " : "",
				others ? path : "");
			return 0;
		}
		usleep(LOCK_PAUSE_US);
	}
	return 0;
}

/* May only we and root say which files are in it? */
static int open_dir(struct key_dir *dir, const char *path, char *why, size_t len)
{
	struct stat st;

	dir->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir->fd < 0 || fstat(dir->fd, &st))
		return refuse(why, len, "%s: %m", path);
	if (st.st_uid && st.st_uid != geteuid())
		return refuse(why, len, "%s: belongs to user %u, neither to you nor to root",
			      path, st.st_uid);
	if (st.st_mode & 0022)
		return refuse(why, len, "%s: others than its owner may put files into it "
			      "(mode %04o); mend it by: chmod 700 %s", path,
			      st.st_mode & 07777, path);
	if (lock(dir->fd, path, st.st_mode))
		return refuse(why, len, "%s: cannot be locked: %m", path);
	return 0;
}

static int grow(struct key_dir *dir)
{
	size_t room = dir->room ? 2 * dir->room : 16, i;
	struct key_item *item = reallocarray(dir->item, room, sizeof(*item));
	u8 (*materials)[NFT_SYSRQ_KEY_LEN];

	if (item)
		dir->item = item;
	materials = item ? sodium_allocarray(room, sizeof(*materials)) : NULL;
	if (!materials)
		return -ENOMEM;
	if (dir->n)
		memcpy(materials, dir->materials, dir->n * sizeof(*materials));
	sodium_free(dir->materials);
	dir->materials = materials;
	dir->room = room;
	for (i = 0; i < dir->n; i++)
		item[i].material = materials[i];
	return 0;
}

/* What the file does not say is as if the key were new. */
static void fill_settings(struct key_settings *s)
{
	static const struct {
		enum key_setting	setting;
		const char		*value;
	} defaults[] = {
		{ KEY_ALLOW, KEY_LETTERS_USUAL },
		{ KEY_TOLERANCE, "60s" },
		{ KEY_EXPIRES, "never" },
		{ KEY_WINDOW, "64" },
	};
	size_t i;

	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (!key_settings_has(s, defaults[i].setting))
			key_setting_take(s, defaults[i].setting, defaults[i].value, false);
}

static int pass_over(struct key_dir *dir, const char *path, char *why, size_t len)
{
	char **past = reallocarray(dir->past, dir->expired + 1, sizeof(*past));

	if (past)
		dir->past = past;
	if (!past || !(past[dir->expired] = strdup(path)))
		return refuse(why, len, "%s: no memory for it", path);
	dir->expired++;
	return 0;
}

static int add_key(struct key_dir *dir, const char *path, const struct keyfile *key, char *why,
		   size_t len)
{
	struct key_item *item;

	if (!key->name[0])
		return refuse(why, len, "%s: neither it nor its name tell the key's", path);
	if (key->settings.expires && (s64)key->settings.expires <= time(NULL))
		return pass_over(dir, path, why, len);
	if (dir->n == NFT_SYSRQ_KEYS_MAX)
		return refuse(why, len, "%s: is one more than %d keys", path, NFT_SYSRQ_KEYS_MAX);
	if (dir->n == dir->room && grow(dir))
		return refuse(why, len, "%s: no memory for it", path);
	item = &dir->item[dir->n];
	memset(item, 0, sizeof(*item));
	item->path = strdup(path);
	if (!item->path)
		return refuse(why, len, "%s: no memory for it", path);
	strcpy(item->name, key->name);
	item->id = be32_to_cpu(key->secrets.key_id);
	item->set = key->settings;
	fill_settings(&item->set);
	memcpy(dir->materials[dir->n], key->material, NFT_SYSRQ_KEY_LEN);
	item->material = dir->materials[dir->n++];
	return 0;
}

/* @key: of the entry before, or NULL; of this one then, or NULL. @before: what stands before its name. */
static int read_entry(struct key_dir *dir, struct keyfile **key, const char *before,
		      const char *name, char *why, size_t len)
{
	char *file;
	int err;

	if (asprintf(&file, "%s%s", before, name) < 0)
		return refuse(why, len, "%s: no memory for it", name);
	*key = keyfile_read_next(*key, file, why, len);
	err = *key ? add_key(dir, file, *key, why, len) : -EINVAL;
	free(file);
	return err;
}

static int wanted(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return d->d_name[0] != '.' && len > 4 && !strcmp(d->d_name + len - 4, ".key");
}

static int by_name(const void *a, const void *b)
{
	const struct key_item * const *x = a, * const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int by_material(const void *a, const void *b)
{
	const struct key_item * const *x = a, * const *y = b;

	return memcmp((*x)->material, (*y)->material, NFT_SYSRQ_KEY_LEN);
}

/* Which files would overwrite each other? */
static int find_twins(const struct key_dir *dir, char *why, size_t len)
{
	const struct key_item **list = calloc(dir->n + 1, sizeof(*list));
	int err = 0;
	size_t i;

	if (!list)
		return refuse(why, len, "no memory for %zu keys", dir->n);
	for (i = 0; i < dir->n; i++)
		list[i] = &dir->item[i];
	qsort(list, dir->n, sizeof(*list), by_name);
	for (i = 1; i < dir->n && !err; i++)
		if (!by_name(&list[i - 1], &list[i]))
			err = refuse(why, len, "%s: its key is called %s, as that of %s",
				     list[i]->path, list[i]->name, list[i - 1]->path);
	qsort(list, dir->n, sizeof(*list), by_material);
	for (i = 1; i < dir->n && !err; i++)
		if (!by_material(&list[i - 1], &list[i]))
			err = refuse(why, len, "%s: has the same key as %s", list[i]->path,
				     list[i - 1]->path);
	free(list);
	return err;
}

static int read_entries(struct key_dir *dir, const char *path, const char *before, char *why,
			size_t len)
{
	struct keyfile *key = NULL;
	struct dirent **entries;
	int i, n, err = 0;

	n = scandir(path, &entries, wanted, alphasort);
	if (n < 0)
		return refuse(why, len, "%s: %m", path);
	for (i = 0; i < n; i++) {
		if (!err)
			err = read_entry(dir, &key, before, entries[i]->d_name, why, len);
		free(entries[i]);
	}
	free(entries);
	keyfile_free(key);
	return err ? err : find_twins(dir, why, len);
}

/**
 * key_dir_read - read all key files of a directory
 * @dir: filled in; to be given to key_dir_free() in any case
 * @path: of the directory; files there whose names end in .key, and do not begin
 *	with a dot
 * @why: says what is wrong, and in which file and line, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int key_dir_read(struct key_dir *dir, const char *path, char *why, size_t len)
{
	char *before;
	int err;

	memset(dir, 0, sizeof(*dir));
	err = open_dir(dir, path, why, len);
	if (err)
		return err;
	if (asprintf(&before, "%s/", path) < 0)
		return refuse(why, len, "%s: no memory for it", path);
	err = read_entries(dir, path, before, why, len);
	free(before);
	return err;
}

/**
 * key_dir_add_credentials - read key files that systemd has given this service
 * @dir: was filled in by key_dir_read(), or is all zeroes; to be given to key_dir_free() in any case
 * @why: as of key_dir_read()
 * @len: of @why
 *
 * As in a directory, files count whose names end in .key. That of a service without credentials has none.
 *
 * Return: 0, or -EINVAL.
 */
int key_dir_add_credentials(struct key_dir *dir, char *why, size_t len)
{
	const char *path = getenv("CREDENTIALS_DIRECTORY");

	return path && *path ? read_entries(dir, path, KEYFILE_CREDENTIAL, why, len) : 0;
}

/**
 * key_dir_free - wipe and free what key_dir_read() read
 * @dir: was given to it
 */
void key_dir_free(struct key_dir *dir)
{
	size_t i;

	for (i = 0; i < dir->n; i++)
		free(dir->item[i].path);
	for (i = 0; i < dir->expired; i++)
		free(dir->past[i]);
	free(dir->past);
	free(dir->item);
	sodium_free(dir->materials);
	if (dir->fd > 0)
		close(dir->fd);
	memset(dir, 0, sizeof(*dir));
}
