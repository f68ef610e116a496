// SPDX-License-Identifier: GPL-2.0-only
/* Commands that doctor asks: found as a shell finds them, and not waited for without end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "doctor.h"

#define PAUSE_US	2000

extern char **environ;

static bool runs(const struct doctor *d, const char *path)
{
	char full[DOCTOR_PATH_LEN];

	return !doctor_path(d, path, full) && !access(full, X_OK);
}

/**
 * doctor_find - where a command is
 * @d: the doctor
 * @name: of the command
 * @path: filled in, absolute and without the root; "" if it is in no folder of PATH
 *
 * Return: 0, or -ENOENT.
 */
int doctor_find(const struct doctor *d, const char *name, char path[DOCTOR_PATH_LEN])
{
	const char *dir = getenv("PATH"), *end;
	int n;

	for (dir = dir ? dir : "/usr/sbin:/usr/bin"; ; dir = end + 1) {
		end = strchrnul(dir, ':');
		n = snprintf(path, DOCTOR_PATH_LEN, "%.*s/%s", (int)(end - dir), dir, name);
		/* A folder that depends on where one stands says nothing about the host. */
		if (*dir == '/' && n < DOCTOR_PATH_LEN && runs(d, path))
			return 0;
		if (!*end)
			break;
	}
	path[0] = '\0';
	return -ENOENT;
}

/**
 * doctor_quote - a word as a shell takes it for one
 * @word: any
 * @out: filled in; empty if it has no room for it
 * @size: of @out
 */
void doctor_quote(const char *word, char *out, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._/:@%+=,-";
	size_t used = 0;

	out[0] = '\0';
	if (*word && !word[strspn(word, plain)]) {
		if (strlen(word) < size)
			strcpy(out, word);
		return;
	}
	if (size < 3)
		return;
	out[used++] = '\'';
	for (; *word && used + 6 < size; word++) {
		if (*word == '\'') {
			memcpy(out + used, "'\\''", 4);
			used += 4;
		} else {
			out[used++] = *word;
		}
	}
	if (*word)
		used = 0;
	else
		out[used++] = '\'';
	out[used] = '\0';
}

/* This environment with another LD_PRELOAD; "": none. Freed by one free(). */
static char **environment(const char *preload, char *var, size_t size)
{
	size_t n = 0, kept = 0;
	char **env;

	while (environ[n])
		n++;
	env = calloc(n + 2, sizeof(*env));
	for (n = 0; env && environ[n]; n++)
		if (strncmp(environ[n], "LD_PRELOAD=", strlen("LD_PRELOAD=")))
			env[kept++] = environ[n];
	if (env && *preload) {
		snprintf(var, size, "LD_PRELOAD=%s", preload);
		env[kept++] = var;
	}
	return env;
}

static s64 now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* What it says until its output ends, as far as there is room. Return: 0 or -ETIMEDOUT. */
static int listen_to(int fd, s64 end, char *said, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	s64 left;
	size_t used = 0, part;
	char buf[4096];
	ssize_t n;

	for (;;) {
		left = end - now_ms();
		if (left <= 0 || poll(&p, 1, left) == 0)
			return -ETIMEDOUT;
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 0;
		part = (size_t)n < size - 1 - used ? (size_t)n : size - 1 - used;
		memcpy(said + used, buf, part);
		used += part;
		said[used] = '\0';
	}
}

/* It may go on after its output has ended. Return: 0, or -ETIMEDOUT, and it was killed, or -ECHILD. */
static int wait_for(pid_t pid, s64 end, int *status)
{
	int err = 0;
	pid_t got;

	while (!(got = waitpid(pid, status, WNOHANG))) {
		if (now_ms() >= end && !err) {
			kill(pid, SIGKILL);
			err = -ETIMEDOUT;
		}
		usleep(PAUSE_US);
	}
	return got < 0 ? -errno : err;
}

static int spawn(const char *path, char * const argv[], char **env, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int err;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, out, 2);
	err = -posix_spawn(pid, path, &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

static int run_at(const char *path, char * const argv[], char **env, unsigned int seconds,
		  char *said, size_t size)
{
	s64 end = now_ms() + 1000LL * seconds;
	int fds[2], err, status = 0;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	err = spawn(path, argv, env, fds[1], &pid);
	close(fds[1]);
	if (!err) {
		err = listen_to(fds[0], end, said, size);
		err = wait_for(pid, err ? 0 : end, &status);
	}
	close(fds[0]);
	if (err)
		return err;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/**
 * doctor_run - run a command
 * @d: the doctor
 * @argv: the command, by its path or for PATH
 * @preload: LD_PRELOAD in its environment; "": none; NULL: as it is here
 * @seconds: to wait for it
 * @said: filled in with what it says; cut if there is no room
 * @size: of @said
 *
 * Return: its exit status, or a negative errno; -ENOENT: there is no such command;
 * -ETIMEDOUT: it did not end, and was killed.
 */
int doctor_run(const struct doctor *d, char * const argv[], const char *preload,
	       unsigned int seconds, char *said, size_t size)
{
	char path[DOCTOR_PATH_LEN], full[DOCTOR_PATH_LEN], var[1100];
	char **env = environ;
	int err;

	said[0] = '\0';
	if (argv[0][0] == '/')
		snprintf(path, sizeof(path), "%s", argv[0]);
	else if (doctor_find(d, argv[0], path))
		return -ENOENT;
	if (doctor_path(d, path, full))
		return -ENAMETOOLONG;
	if (preload)
		env = environment(preload, var, sizeof(var));
	if (!env)
		return -ENOMEM;
	err = run_at(full, argv, env, seconds, said, size);
	if (preload)
		free(env);
	return err;
}
