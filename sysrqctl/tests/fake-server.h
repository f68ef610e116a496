/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests: a fake host behind a port of this machine, and the tool run against it. */
#ifndef SYSRQCTL_FAKE_SERVER_H
#define SYSRQCTL_FAKE_SERVER_H

#include <pthread.h>

#include "fake-host.h"
#include "test-run.h"

/**
 * struct server - what answers at a port
 * @host: answers
 * @fd: its socket
 * @port: where
 * @mute: its answers are lost
 * @deaf_to_probes: probes to it are lost
 * @stop: it is to end
 * @thread: runs it
 */
extern struct server {
	struct fake_host	host;
	int			fd;
	int			port;
	bool			mute;
	bool			deaf_to_probes;
	volatile bool		stop;
	pthread_t		thread;
} srv;

extern char server_dir[];
extern char server_key[64];

void server_begin(void);
void server_start(const char *identity);
void server_go(void);
void server_stop(void);
void server_call(struct run *r, void (*prepare)(void), const char *identity,
		 const char *command, const char *rest);
void server_end(void);

#endif /* SYSRQCTL_FAKE_SERVER_H */
