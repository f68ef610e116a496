/* SPDX-License-Identifier: GPL-2.0-only */
/* A request with all that is needed to send it: hosts, their settings, keys and programs. */
#ifndef SYSRQCTL_ERRAND_H
#define SYSRQCTL_ERRAND_H

#include "console.h"
#include "fallback.h"
#include "keyring.h"
#include "remote.h"
#include "settings.h"
#include "summary.h"

/**
 * struct task - what is asked of one host, and how
 * @plan: the request; its secrets are set when the host's turn comes
 * @key: its key, or the fleet's that it is derived from
 * @derived: its keys while it is busy, one for each identity, if @key is a fleet's
 * @transport: what carries
 */
struct task {
	struct exchange_plan	plan;
	const struct keyfile	*key;
	struct host_key		*derived[EXCHANGE_KEYS];
	const struct transport	*transport;
};

/**
 * struct errand - a request to all hosts
 * @r: as it was asked for
 * @settings: of the files
 * @hosts: all hosts
 * @tasks: of each
 * @keys: of all
 * @common: the program of hosts without sequences of their own
 * @has_common: it has been parsed
 * @named: a host that has a sequence of the name that was typed
 * @spelled: a host that has none, where it would be letters
 * @rounded: a wait is longer than was asked for
 * @parallel: hosts at once
 * @report: what is the same for all hosts
 * @fallback: how requests go to hosts that do not answer
 * @summary: of all hosts
 * @console: what the hosts print, if that was asked for
 * @failed: there was no memory for some line
 */
struct errand {
	const struct remote	*r;
	struct settings		settings;
	struct hosts		hosts;
	struct task		*tasks;
	struct keyring		keys;
	struct steps		common;
	bool			has_common;
	const struct host	*named;
	const struct host	*spelled;
	bool			rounded;
	size_t			parallel;
	struct report		report;
	struct fallback		fallback;
	struct summary		summary;
	struct console		console;
	bool			failed;
};

int errand_prepare(struct errand *e, int argc, char **argv);
void errand_free(struct errand *e);

/* remote.c: for each host's turn. */
void errand_begin(struct errand *e, struct member *m, size_t i);
void errand_release(struct errand *e, struct task *t);

#endif /* SYSRQCTL_ERRAND_H */
