// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names to addresses. getaddrinfo() blocks, for ten seconds and more where
 * name servers are down, so threads call it; nobody waits for one that is
 * still at it in the end. A name has its time from when a thread takes it on.
 * Where for as long no name at all has been found, or found not to exist, the
 * name servers are as good as dead, and the names left are not waited for.
 */
#include "lookup.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "duration.h"

#define THREADS		32
#define STACK		(512 * 1024)
#define PATIENCE_NS	(10 * NS_PER_S)

/**
 * struct request - one host that is looked up
 * @next: in a list
 * @id: the caller's
 * @since: when a thread took it; 0: none has
 * @told: the caller got it back, as it took too long
 * @found: addresses
 * @err: EAI_*
 * @port: decimal
 * @n: of @names
 * @names: what is looked up
 */
struct request {
	struct request	*next;
	size_t		id;
	s64		since;
	bool		told;
	struct addresses found;
	int		err;
	char		port[6];
	unsigned int	n;
	char		names[][HOST_LEN];
};

struct list {
	struct request *first, **last;
};

/**
 * struct lookups - those of a command
 * @lock: of @todo, @done, @since of a request, and @users
 * @wake: something is in @todo, or it is over
 * @todo: no thread has taken them
 * @done: looked up
 * @over: threads are to end
 * @users: threads, and the caller; the last one frees
 * @event: readable when something is in @done
 * @threads: that were started
 * @out: the caller's: asked and not told
 * @nout: how many
 * @alive: last sign of life of the name servers
 * @dead: there has been none for too long
 * @now: the caller's clock, as threads read it
 */
struct lookups {
	pthread_mutex_t	lock;
	pthread_cond_t	wake;
	struct list	todo;
	struct list	done;
	bool		over;
	unsigned int	users;
	int		event;
	unsigned int	threads;
	struct request	*out[LOOKUPS_MAX];
	unsigned int	nout;
	s64		alive;
	bool		dead;
	s64		now;
};

static void append(struct list *list, struct request *r)
{
	r->next = NULL;
	*list->last = r;
	list->last = &r->next;
}

static struct request *take(struct list *list)
{
	struct request *r = list->first;

	if (r) {
		list->first = r->next;
		if (!list->first)
			list->last = &list->first;
	}
	return r;
}

static void put(struct lookups *l)
{
	struct request *r;
	unsigned int users;

	pthread_mutex_lock(&l->lock);
	users = --l->users;
	pthread_mutex_unlock(&l->lock);
	if (users)
		return;
	while ((r = take(&l->todo)))
		free(r);
	while ((r = take(&l->done)))
		free(r);
	close(l->event);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

/* One address of several is enough: which names have none does not matter then. */
static void look_up(struct request *r)
{
	unsigned int i;
	int err;

	for (i = 0; i < r->n && r->found.n < EXCHANGE_ADDRS; i++) {
		err = addresses_find(&r->found, r->names[i], r->port, false);
		if (err)
			r->err = err;
	}
	if (r->found.n)
		r->err = 0;
}

static void *work(void *arg)
{
	struct lookups *l = arg;
	struct request *r;

	pthread_mutex_lock(&l->lock);
	while (!l->over) {
		r = take(&l->todo);
		if (!r) {
			pthread_cond_wait(&l->wake, &l->lock);
			continue;
		}
		if (r->told) {
			free(r);
			continue;
		}
		r->since = l->now;
		pthread_mutex_unlock(&l->lock);
		look_up(r);
		pthread_mutex_lock(&l->lock);
		append(&l->done, r);
		eventfd_write(l->event, 1);
	}
	pthread_mutex_unlock(&l->lock);
	put(l);
	return NULL;
}

static int start_thread(struct lookups *l)
{
	sigset_t all, old;
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pthread_mutex_lock(&l->lock);
	err = pthread_create(&thread, &attr, work, l);
	if (!err) {
		l->users++;
		l->threads++;
	}
	pthread_mutex_unlock(&l->lock);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return err;
}

/**
 * lookups_begin - nothing asked yet; threads start as they are needed
 *
 * Return: to be given to lookups_end(), or NULL with errno.
 */
struct lookups *lookups_begin(void)
{
	struct lookups *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->event < 0) {
		free(l);
		return NULL;
	}
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->wake, NULL);
	l->todo.last = &l->todo.first;
	l->done.last = &l->done.first;
	l->users = 1;
	return l;
}

/**
 * lookups_fd - readable when lookups_next() may have something
 * @l: the lookups
 */
int lookups_fd(const struct lookups *l)
{
	return l->event;
}

static struct request *request_of(const struct host *host, size_t id)
{
	unsigned int i, n = host->naddresses ? host->naddresses : 1;
	struct request *r = calloc(1, sizeof(*r) + n * sizeof(r->names[0]));

	if (!r)
		return NULL;
	r->id = id;
	r->n = n;
	strcpy(r->port, host->port);
	for (i = 0; i < n; i++)
		snprintf(r->names[i], HOST_LEN, "%s",
			 host->naddresses ? host->addresses[i] : host->name);
	return r;
}

/**
 * lookups_ask - have a host looked up
 * @l: the lookups; less than LOOKUPS_MAX have been asked and not come back
 * @host: copied
 * @id: to know it again by
 * @now: CLOCK_BOOTTIME, ns
 *
 * Return: 0, or a negative errno: it does not come back.
 */
int lookups_ask(struct lookups *l, const struct host *host, size_t id, s64 now)
{
	struct request *r = request_of(host, id);
	int err = 0;

	if (!r)
		return -ENOMEM;
	if (l->threads < THREADS && !l->dead)
		err = start_thread(l);
	if (!l->threads && !l->dead) {
		free(r);
		return -err;
	}
	if (!l->nout)
		l->alive = now;
	l->out[l->nout++] = r;
	r->err = EAI_AGAIN;
	pthread_mutex_lock(&l->lock);
	l->now = now;
	append(l->dead ? &l->done : &l->todo, r);
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
	return 0;
}

static void forget(struct lookups *l, const struct request *r)
{
	unsigned int i;

	for (i = 0; i < l->nout; i++)
		if (l->out[i] == r)
			l->out[i] = l->out[--l->nout];
}

/* A name server that said yes or no lives; "try again" says nothing of the kind. */
static bool is_answer(int err)
{
	return !err || (err != EAI_AGAIN && err != EAI_FAIL && err != EAI_SYSTEM &&
			err != EAI_MEMORY);
}

/* One that takes too long. It stays a thread's, or in the queue, until that ends. */
static struct request *overdue(struct lookups *l, s64 now)
{
	struct request *r;
	unsigned int i;

	l->dead |= l->nout && now - l->alive > PATIENCE_NS;
	for (i = 0; i < l->nout; i++) {
		r = l->out[i];
		if (l->dead || (r->since && now - r->since > PATIENCE_NS))
			return r;
	}
	return NULL;
}

static struct request *take_done(struct lookups *l, s64 now)
{
	struct request *r;

	while ((r = take(&l->done)) && r->told)
		free(r);
	if (!r) {
		r = overdue(l, now);
		if (r)
			r->told = true;
	}
	return r;
}

/**
 * lookups_next - one that has been looked up, or takes too long
 * @l: the lookups
 * @now: CLOCK_BOOTTIME, ns
 * @id: which
 * @found: its addresses
 * @err: EAI_*, or 0; EAI_AGAIN: it was not found in time
 *
 * Return: there is one. To be called until there is none.
 */
bool lookups_next(struct lookups *l, s64 now, size_t *id, struct addresses *found, int *err)
{
	eventfd_t count;
	struct request *r;

	pthread_mutex_lock(&l->lock);
	l->now = now;
	r = take_done(l, now);
	if (!r)
		eventfd_read(l->event, &count);
	pthread_mutex_unlock(&l->lock);
	if (!r)
		return false;
	forget(l, r);
	*id = r->id;
	if (r->told) {
		*err = EAI_AGAIN;
		return true;
	}
	*found = r->found;
	*err = r->err;
	if (is_answer(r->err))
		l->alive = now;
	free(r);
	return true;
}

/**
 * lookups_give_up - have all names come back at once, found or not
 * @l: the lookups
 */
void lookups_give_up(struct lookups *l)
{
	l->dead = true;
}

/**
 * lookups_end - be done with it, finished or not
 * @l: the lookups, or NULL
 */
void lookups_end(struct lookups *l)
{
	if (!l)
		return;
	pthread_mutex_lock(&l->lock);
	l->over = true;
	pthread_cond_broadcast(&l->wake);
	pthread_mutex_unlock(&l->lock);
	put(l);
}
