// SPDX-License-Identifier: GPL-2.0-only
/*
 * The world outside of sysrqctl. The linker puts these functions in place of the C library's (--wrap), also
 * where libFuzzer calls them: so they are themselves unless a command runs. Those that end with 64 have files
 * of any length, as _FILE_OFFSET_BITS has it.
 */
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chance.h"
#include "fleet.h"
#include "genl.h"
#include "world.h"

#define FILE_FD		1000
#define FILES		(sizeof(files) / sizeof(files[0]))

struct world world;
unsigned int world_type, world_seq;

/* All files there are. */
static const struct {
	const char	*path;
	const char	*text;
} files[] = {
	{ "k", "nft-sysrq key v1\nkind: host\nid: 0ef8ef1e\nkey: " WORLD_KEY "\nname: ops\n" },
	{ "h", "web1\nweb2:99\n192.0.2.7\n" },
	{ "c", "Key k\nSequence safe s +2s u +2s b\nHost web*\nPort 99\nTransport icmp\n" },
	{ "/dev/null", "" },
};
static size_t at[FILES];

/* What the sources say of each is what the C library says. */
#define REAL(type, name, ...)		\
	type __real_##name(__VA_ARGS__);	\
	type __wrap_##name(__VA_ARGS__);	\
	type __wrap_##name(__VA_ARGS__)

/* None of these does anything; it fails like that. */
#define NOTHING(type, failure, why, name, params, args)	\
	type __real_##name params;	\
	type __wrap_##name params;	\
	type __wrap_##name params	\
	{	\
		if (!world.inside)	\
			return __real_##name args;	\
		errno = why;	\
		return failure;	\
	}

NOTHING(FILE *, NULL, ENOENT, fopen64, (const char *path, const char *mode), (path, mode))
NOTHING(int, -1, ENOENT, access, (const char *path, int mode), (path, mode))
NOTHING(int, -1, ENOENT, stat64, (const char *path, struct stat *st), (path, st))
NOTHING(int, -1, ENOENT, lstat64, (const char *path, struct stat *st), (path, st))
NOTHING(int, -1, EROFS, mkdir, (const char *path, mode_t mode), (path, mode))
NOTHING(int, -1, EROFS, unlink, (const char *path), (path))
NOTHING(int, -1, EROFS, rename, (const char *from, const char *to), (from, to))
NOTHING(int, -1, EROFS, mkstemp64, (char *path), (path))
NOTHING(int, 0, 0, mlockall, (int flags), (flags))
NOTHING(int, 0, ENOTTY, isatty, (int fd), (fd))
NOTHING(int, -1, EAFNOSUPPORT, socket, (int domain, int type, int protocol), (domain, type, protocol))
NOTHING(ssize_t, -1, EAGAIN, recv, (int fd, void *buf, size_t len, int flags), (fd, buf, len, flags))
NOTHING(int, 0, 0, setsockopt, (int fd, int level, int name, const void *value, socklen_t len),
	(fd, level, name, value, len))
NOTHING(int, 1, 0, ppoll, (struct pollfd *p, nfds_t n, const struct timespec *t, const sigset_t *s), (p, n, t, s))
NOTHING(int, 0, 0, sigaction, (int n, const struct sigaction *a, struct sigaction *old), (n, a, old))
NOTHING(int, ENOENT, 0, posix_spawn,
	(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
	 const posix_spawnattr_t *attr, char *const *argv, char *const *env),
	(pid, path, actions, attr, argv, env))

REAL(int, open64, const char *path, int flags, mode_t mode)
{
	size_t i;

	if (!world.inside)
		return __real_open64(path, flags, mode);
	for (i = 0; i < FILES && !(flags & (O_CREAT | O_DIRECTORY)); i++) {
		if (strcmp(files[i].path, path))
			continue;
		at[i] = 0;
		return FILE_FD + i;
	}
	errno = flags & O_CREAT ? EROFS : ENOENT;
	return -1;
}

REAL(int, close, int fd)
{
	return world.inside ? 0 : __real_close(fd);
}

REAL(int, fstat64, int fd, struct stat *st)
{
	if (!world.inside)
		return __real_fstat64(fd, st);
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IFREG | 0600;
	return 0;
}

REAL(ssize_t, read, int fd, void *buf, size_t len)
{
	size_t n = fd - FILE_FD, left;

	if (!world.inside)
		return __real_read(fd, buf, len);
	if (fd >= FILE_FD && n < FILES) {
		left = strlen(files[n].text) - at[n];
		left = len < left ? len : left;
		memcpy(buf, files[n].text + at[n], left);
		at[n] += left;
		return left;
	}
	left = len < world.in.size ? len : world.in.size;
	if (left)
		in_bytes(&world.in, buf, left);
	return left;
}

/* ---- libsodium ------------------------------------------------------ */

/* Its guard pages take system calls; ASan sees more, and for less. */
void *__wrap_sodium_malloc(size_t size);
void *__wrap_sodium_allocarray(size_t n, size_t size);
void __wrap_sodium_free(void *p);
int __wrap_crypto_pwhash_argon2id(unsigned char *out, unsigned long long len, const char *text, unsigned long long size,
			 const unsigned char *salt, unsigned long long ops, size_t mem, int alg);

void *__wrap_sodium_malloc(size_t size)
{
	return malloc(size);
}

void *__wrap_sodium_allocarray(size_t n, size_t size)
{
	return reallocarray(NULL, n, size);
}

void __wrap_sodium_free(void *p)
{
	free(p);
}

/* For an answer that takes no second. */
int __wrap_crypto_pwhash_argon2id(unsigned char *out, unsigned long long len, const char *text, unsigned long long size,
			 const unsigned char *salt, unsigned long long ops, size_t mem, int alg)
{
	(void)salt, (void)ops, (void)mem, (void)alg;
	return crypto_generichash(out, len, (const unsigned char *)text, size, NULL, 0);
}

/* ---- Hosts ---------------------------------------------------------- */

int __wrap_fleet_run(struct fleet *f);

/* None can be reached. */
int __wrap_fleet_run(struct fleet *f)
{
	struct member *m;
	size_t i;

	for (i = 0; i < f->n; i++) {
		m = calloc(1, sizeof(*m));
		must(m);
		m->host = &f->hosts[i];
		f->begin(m, i, f->arg);
		must(m->plan && m->key && m->transport);
		m->err = ENETUNREACH;
		f->finished(m, f->arg);
		free(m);
	}
	return 0;
}

/* ---- The kernel ----------------------------------------------------- */

static char the_socket;

struct mnl_socket *__wrap_mnl_socket_open2(int bus, int flags);
struct mnl_socket *__wrap_mnl_socket_fdopen(int fd);
int __wrap_mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid);
int __wrap_mnl_socket_close(struct mnl_socket *nl);
int __wrap_mnl_socket_get_fd(const struct mnl_socket *nl);
unsigned int __wrap_mnl_socket_get_portid(const struct mnl_socket *nl);
int __wrap_mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *value, socklen_t len);
ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf, size_t len);
ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t len);
int __wrap_genl_listen(struct genl *g);

struct mnl_socket *__wrap_mnl_socket_open2(int bus, int flags)
{
	(void)bus, (void)flags;
	errno = EPROTONOSUPPORT;
	return world.netlink ? (struct mnl_socket *)&the_socket : NULL;
}

struct mnl_socket *__wrap_mnl_socket_fdopen(int fd)
{
	return __wrap_mnl_socket_open2(fd, 0);
}

int __wrap_mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)groups, (void)pid;
	return nl ? 0 : -1;
}

int __wrap_mnl_socket_close(struct mnl_socket *nl)
{
	return nl ? 0 : -1;
}

int __wrap_mnl_socket_get_fd(const struct mnl_socket *nl)
{
	return nl ? FILE_FD : -1;
}

unsigned int __wrap_mnl_socket_get_portid(const struct mnl_socket *nl)
{
	return nl ? 7 : 0;
}

int __wrap_mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *value, socklen_t len)
{
	(void)nl, (void)type, (void)value, (void)len;
	return 0;
}

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf, size_t len)
{
	const struct nlmsghdr *nlh = buf;

	must(nl && len >= sizeof(*nlh) && nlh->nlmsg_len <= len);
	world_type = nlh->nlmsg_type;
	world_seq = nlh->nlmsg_seq;
	return len;
}

ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t len)
{
	must(nl && world.netlink);
	return world.netlink(buf, len);
}

int __wrap_genl_listen(struct genl *g)
{
	return g->events ? 0 : -EOPNOTSUPP;
}

/* ---- A command ------------------------------------------------------ */

static ssize_t put(char *text, size_t *used, const char *data, size_t len)
{
	size_t n = WORLD_TEXT - 1 - *used;

	n = len < n ? len : n;
	memcpy(text + *used, data, n);
	*used += n;
	text[*used] = '\0';
	return len;
}

static ssize_t put_out(void *cookie, const char *data, size_t len)
{
	(void)cookie;
	return put(world.out, &world.out_len, data, len);
}

static ssize_t put_err(void *cookie, const char *data, size_t len)
{
	(void)cookie;
	return put(world.err, &world.err_len, data, len);
}

/**
 * world_run - run a command; what it prints is in world.out and world.err
 * @argc: of @argv
 * @argv: as of main()
 *
 * Return: exit status.
 */
int world_run(int argc, char **argv)
{
	static FILE *out, *err;
	FILE *real_out = stdout, *real_err = stderr;
	int status;

	if (!out) {
		out = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = put_out });
		err = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = put_err });
		must(out && err);
		setenv("HOME", "/home/u", 1);
		unsetenv("XDG_CONFIG_HOME");
		unsetenv("CREDENTIALS_DIRECTORY");
	}
	world.out_len = world.err_len = 0;
	world.out[0] = world.err[0] = '\0';
	chance_begin();
	stdout = out;
	stderr = err;
	world.inside = true;
	status = sysrqctl_main(argc, argv);
	fflush(out);
	fflush(err);
	world.inside = false;
	stdout = real_out;
	stderr = real_err;
	return status;
}
