// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names to addresses. getaddrinfo() blocks, for ten seconds and more where
 * name servers are down, so threads call it; nobody waits for one that is
 * still at it in the end.
 */
#include "lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS		32
#define STACK		(512 * 1024)

struct entry {
	struct host	host;
	struct addrinfo	*found;
	int		err;
};

/**
 * struct lookups - all names of a command
 * @lock: of @next and @users
 * @next: the first name that no thread has taken
 * @users: threads, and the caller; the last one frees
 * @pipe: indices of what has been looked up
 * @n: of @all
 * @all: what is looked up
 */
struct lookups {
	pthread_mutex_t	lock;
	size_t		next;
	unsigned int	users;
	int		pipe[2];
	size_t		n;
	struct entry	all[];
};

static void put(struct lookups *l)
{
	unsigned int users;
	size_t i;

	pthread_mutex_lock(&l->lock);
	users = --l->users;
	pthread_mutex_unlock(&l->lock);
	if (users)
		return;
	for (i = 0; i < l->n; i++)
		if (l->all[i].found)
			freeaddrinfo(l->all[i].found);
	close(l->pipe[0]);
	close(l->pipe[1]);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static void look_up(struct lookups *l, size_t i)
{
	struct entry *e = &l->all[i];
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICSERV | (e->host.literal ? AI_NUMERICHOST : 0),
		.ai_socktype = SOCK_DGRAM,
		.ai_protocol = IPPROTO_UDP,
	};
	ssize_t n;

	e->err = getaddrinfo(e->host.name, e->host.port, &hints, &e->found);
	if (e->err)
		e->found = NULL;
	/* All indices of HOSTS_MAX hosts find room in a pipe. */
	n = write(l->pipe[1], &i, sizeof(i));
	(void)n;
}

/* Names only: addresses were looked up at the start. */
static bool take(struct lookups *l, size_t *i)
{
	bool any;

	pthread_mutex_lock(&l->lock);
	while (l->next < l->n && l->all[l->next].host.literal)
		l->next++;
	any = l->next < l->n;
	*i = l->next++;
	pthread_mutex_unlock(&l->lock);
	return any;
}

static void *work(void *arg)
{
	struct lookups *l = arg;
	size_t i;

	while (take(l, &i))
		look_up(l, i);
	put(l);
	return NULL;
}

/* Return: how many there are. */
static unsigned int start_threads(struct lookups *l, size_t names)
{
	unsigned int n = 0, want = names < THREADS ? names : THREADS;
	sigset_t all, old;
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pthread_mutex_lock(&l->lock);
	while (n < want && !pthread_create(&thread, &attr, work, l)) {
		l->users++;
		n++;
	}
	pthread_mutex_unlock(&l->lock);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return n;
}

/**
 * lookups_start - begin to look hosts up
 * @hosts: copied
 * @n: 1..HOSTS_MAX
 *
 * Return: to be given to lookups_end(), or NULL with errno.
 */
struct lookups *lookups_start(const struct host *hosts, size_t n)
{
	struct lookups *l = calloc(1, sizeof(*l) + n * sizeof(l->all[0]));
	size_t i, names = 0;

	if (!l)
		return NULL;
	if (pipe2(l->pipe, O_CLOEXEC | O_NONBLOCK)) {
		free(l);
		return NULL;
	}
	pthread_mutex_init(&l->lock, NULL);
	l->users = 1;
	l->n = n;
	for (i = 0; i < n; i++) {
		l->all[i].host = hosts[i];
		if (hosts[i].literal)
			look_up(l, i);
		else
			names++;
	}
	if (names && !start_threads(l, names)) {
		put(l);
		errno = EAGAIN;
		return NULL;
	}
	return l;
}

/**
 * lookups_fd - readable when lookups_next() has something
 * @l: the lookups
 */
int lookups_fd(const struct lookups *l)
{
	return l->pipe[0];
}

/**
 * lookups_next - one that has been looked up
 * @l: the lookups
 * @found: its addresses, the caller's to free, or NULL
 * @err: EAI_*, if @found is NULL
 *
 * Return: its index, or -1: none at the moment.
 */
ssize_t lookups_next(struct lookups *l, struct addrinfo **found, int *err)
{
	size_t i;

	if (read(l->pipe[0], &i, sizeof(i)) != sizeof(i))
		return -1;
	*found = l->all[i].found;
	*err = l->all[i].err;
	l->all[i].found = NULL;
	return i;
}

/**
 * lookups_end - be done with it, finished or not
 * @l: the lookups, or NULL
 */
void lookups_end(struct lookups *l)
{
	if (!l)
		return;
	/* Names that no thread has taken need not be looked up any more. */
	pthread_mutex_lock(&l->lock);
	l->next = l->n;
	pthread_mutex_unlock(&l->lock);
	put(l);
}
