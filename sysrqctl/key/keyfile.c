// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key files: who may read them, and where they are looked for. What is read
 * goes into locked memory that is wiped when freed, and nowhere else.
 */
#include "keyfile.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "derive.h"
#include "why.h"

#define PATH_LEN	4096

/* Locked memory is dear: a key and the text that it is read from have one piece of it. */
struct room {
	struct keyfile	key;	/* first: who has the key has the room */
	char		text[KEYFILE_MAX + 1];
};

static struct keyfile *make_room(char *why, size_t len)
{
	struct room *room = sodium_malloc(sizeof(*room));

	if (!room) {
		refuse(why, len, "no memory for a key");
		return NULL;
	}
	memset(room, 0, sizeof(*room));
	return &room->key;
}

/*
 * May only we and root know what is in it? systemd gives a service its
 * credentials by an access list, which shows as the group's right to read.
 */
static int check_file(int fd, const char *path, bool credential, char *why, size_t len)
{
	mode_t forbidden = credential ? 0037 : 0077;
	struct stat st;

	if (fstat(fd, &st))
		return refuse(why, len, "%s: %m", path);
	if (!S_ISREG(st.st_mode))
		return refuse(why, len, "%s: not a regular file", path);
	if (st.st_uid && st.st_uid != geteuid())
		return refuse(why, len, "%s: belongs to user %u, neither to you nor to root",
			      path, st.st_uid);
	if (st.st_mode & forbidden)
		return refuse(why, len,
			      "%s: others than its owner may use it (mode %04o); "
			      "mend it by: chmod 600 %s, and if others may have read it, "
			      "make a new key", path, st.st_mode & 07777, path);
	if (st.st_size > KEYFILE_MAX)
		return refuse(why, len, "%s: longer than %d bytes, so not a key file", path,
			      KEYFILE_MAX);
	return 0;
}

/* Return: bytes read, or < 0. One byte more than KEYFILE_MAX is too many. */
static ssize_t read_all(int fd, const char *path, char *text, char *why, size_t len)
{
	ssize_t n, used = 0;

	do {
		n = read(fd, text + used, KEYFILE_MAX + 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refuse(why, len, "%s: %m", path);
		used += n;
	} while (n && used <= KEYFILE_MAX);
	if (used > KEYFILE_MAX)
		return refuse(why, len, "%s: longer than %d bytes, so not a key file", path,
			      KEYFILE_MAX);
	return used;
}

/* The name of a key whose file does not say: that of the file. */
static void name_by_file(struct keyfile *key, const char *path)
{
	const char *base = strrchr(path, '/');
	size_t len;

	base = base ? base + 1 : path;
	len = strlen(base);
	if (len > 4 && !strcmp(base + len - 4, ".key"))
		len -= 4;
	if (len >= sizeof(key->name))
		return;
	memcpy(key->name, base, len);
	key->name[len] = '\0';
	if (!nft_sysrq_wire_name(key->name))
		key->name[0] = '\0';
}

static int read_fd(struct keyfile *key, int fd, const char *path, char *why, size_t len)
{
	struct room *room = (struct room *)key;
	ssize_t n;
	int err;

	memset(key, 0, sizeof(*key));
	n = read_all(fd, path, room->text, why, len);
	err = n < 0 ? -EINVAL : keyfile_parse(key, room->text, n, path, why, len);
	sodium_memzero(room->text, sizeof(room->text));
	return err;
}

/* Where "credential:NAME" lies. */
static int credential_path(const char *name, char *path, char *why, size_t len)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	if (!dir || !*dir)
		return refuse(why, len, KEYFILE_CREDENTIAL "%s: CREDENTIALS_DIRECTORY is not set; "
			      "systemd sets it for a service with LoadCredential=", name);
	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return refuse(why, len, KEYFILE_CREDENTIAL "%s: not the name of a credential", name);
	if (snprintf(path, PATH_LEN, "%s/%s", dir, name) >= PATH_LEN)
		return refuse(why, len, KEYFILE_CREDENTIAL "%s: too long", name);
	return 0;
}

static int read_path(struct keyfile *key, const char *file, char *why, size_t len)
{
	size_t prefix = strlen(KEYFILE_CREDENTIAL);
	bool credential = !strncmp(file, KEYFILE_CREDENTIAL, prefix);
	const char *path = file;
	char buf[PATH_LEN];
	int fd, err;

	if (!strcmp(file, "-"))
		return read_fd(key, STDIN_FILENO, "standard input", why, len);
	if (credential) {
		err = credential_path(file + prefix, buf, why, len);
		if (err)
			return err;
		path = buf;
	}
	/* A named pipe or a terminal must not keep us. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return refuse(why, len, "%s: %m", path);
	err = check_file(fd, path, credential, why, len);
	if (!err)
		err = read_fd(key, fd, path, why, len);
	close(fd);
	if (!err && !key->name[0])
		name_by_file(key, path);
	return err;
}

static int config_path(char *path)
{
	const char *dir = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	struct passwd *pw;
	int n;

	if (dir && dir[0] == '/') {
		n = snprintf(path, PATH_LEN, "%s/sysrq/default.key", dir);
	} else {
		if (!home || home[0] != '/') {
			pw = getpwuid(geteuid());
			home = pw ? pw->pw_dir : "/nonexistent";
		}
		n = snprintf(path, PATH_LEN, "%s/.config/sysrq/default.key", home);
	}
	return n < PATH_LEN ? 0 : -ENAMETOOLONG;
}

/* The user's own comes first; the machine's is used only if that is absent. */
static int read_default(struct keyfile *key, char *why, size_t len)
{
	static const char common[] = "/etc/sysrq/default.key";
	char path[PATH_LEN];

	if (!config_path(path) && (!access(path, F_OK) || errno != ENOENT))
		return read_path(key, path, why, len);
	if (!access(common, F_OK) || errno != ENOENT)
		return read_path(key, common, why, len);
	return refuse(why, len, "no key: neither %s nor %s is there; name one by --key FILE", path,
		      common);
}

/* What a host's key is wanted for, a fleet's would give away all hosts for. */
static int host_only(const struct keyfile *key, const char *file, char *why, size_t len)
{
	if (!key->fleet)
		return 0;
	return refuse(why, len, "%s: a fleet's key, which opens every host of it; derive the host's: "
		      "sysrqctl key derive --fleet FILE --host IDENTITY", file);
}

/* Reads into @key; if that fails, it is freed. */
static struct keyfile *read_into(struct keyfile *key, const char *file, bool any, char *why,
				 size_t len)
{
	int err;

	if (!key)
		return NULL;
	err = file ? read_path(key, file, why, len) : read_default(key, why, len);
	if (!err && !any)
		err = host_only(key, file ? file : "the default key", why, len);
	if (!err)
		return key;
	keyfile_free(key);
	return NULL;
}

/**
 * keyfile_read_any - a host's or a fleet's key from a file
 * @file: its path; "-": standard input; "credential:NAME": of systemd; NULL: that
 *	which is used when none is named, the user's or else the machine's
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * A symbolic link is followed: what counts is who may use the file it leads to.
 *
 * Return: the key, to be freed by keyfile_free(), or NULL.
 */
struct keyfile *keyfile_read_any(const char *file, char *why, size_t len)
{
	return read_into(make_room(why, len), file, true, why, len);
}

/**
 * keyfile_read - a host's key from a file
 * @file: as of keyfile_read_any(), but not NULL
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: the key, to be freed by keyfile_free(), or NULL.
 */
struct keyfile *keyfile_read(const char *file, char *why, size_t len)
{
	return read_into(make_room(why, len), file, false, why, len);
}

/**
 * keyfile_read_next - another host's key, in place of one
 * @key: is forgotten, and its memory used again; freed if that fails; NULL: none
 * @file: as of keyfile_read()
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: the key, to be freed by keyfile_free(), or NULL.
 */
struct keyfile *keyfile_read_next(struct keyfile *key, const char *file, char *why, size_t len)
{
	return read_into(key ? key : make_room(why, len), file, false, why, len);
}

/**
 * keyfile_read_default - the host's key that is used when none is named
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: the key, to be freed by keyfile_free(), or NULL.
 */
struct keyfile *keyfile_read_default(char *why, size_t len)
{
	return read_into(make_room(why, len), NULL, false, why, len);
}

static struct keyfile *make(const u8 *material)
{
	char why[1];
	struct keyfile *key = make_room(why, sizeof(why));

	if (!key)
		return NULL;
	if (material)
		memcpy(key->material, material, sizeof(key->material));
	else
		randombytes_buf(key->material, sizeof(key->material));
	nft_sysrq_mac_derive(&key->secrets, key->material);
	return key;
}

/**
 * keyfile_make - a host's key of some material
 * @material: is copied
 *
 * Return: the key, to be freed by keyfile_free(), or NULL: no memory.
 */
struct keyfile *keyfile_make(const u8 material[NFT_SYSRQ_KEY_LEN])
{
	return make(material);
}

/**
 * keyfile_generate - a new host's key
 *
 * Return: the key, to be freed by keyfile_free(), or NULL: no memory.
 */
struct keyfile *keyfile_generate(void)
{
	return make(NULL);
}

/**
 * keyfile_derive_host - the key of one host of a fleet
 * @fleet: the fleet's key
 * @identity: of the host: nft_sysrq_wire_identity() and not empty
 * @out: the host's key; belongs into locked memory
 */
void keyfile_derive_host(const struct keyfile *fleet, const char *identity,
			 u8 out[NFT_SYSRQ_KEY_LEN])
{
	derive_host(fleet->material, identity, out);
}

/**
 * keyfile_free - wipe and free a key
 * @key: or NULL
 */
void keyfile_free(struct keyfile *key)
{
	sodium_free(key);
}
