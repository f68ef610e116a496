/* SPDX-License-Identifier: GPL-2.0-only */
/* doctor HOST: the way to another host, looked at by probes. */
#ifndef SYSRQCTL_DOCTOR_WAY_H
#define SYSRQCTL_DOCTOR_WAY_H

#include "doctor-report.h"
#include "errand.h"

#define WAY_ARGS	8192	/* of the words that name a host in a command */

/**
 * struct way - to one host
 * @d: what is found
 * @r: as it was asked for
 * @run: the same, as if it were a run: for what could be sent blind
 * @e: with one host, or one for each of its addresses
 * @typed: the host as it was typed, once @e has its addresses; stays until the end
 * @got: of each host of @e, how the latest probe ended
 * @key_id: of the key that was answered, or asked with
 * @begun: @blind and @heard_s are filled in
 * @blind: how a run would be sent blind, as things were before
 * @heard_s: when the host was heard before, s since 1970; 0: it is not known
 * @name: of the host, as it was typed
 * @args: options and host, for commands
 */
struct way {
	struct doctor		*d;
	const struct remote	*r;
	struct remote		run;
	struct errand		e;
	struct host		*typed;
	struct member		*got;
	u32			key_id;
	bool			begun;
	struct exchange_fallback blind;
	s64			heard_s;
	const char		*name;
	char			args[WAY_ARGS];
};

int doctor_way(struct doctor *d, const struct remote *r, char *host);

int way_ask(struct way *w);
bool way_answered(const struct member *m);

/* doctor-way-reach.c */
void way_tell_name(struct way *w, const struct member *m);
void way_tell_addresses(struct way *w);
void way_tell_silence(struct way *w);

/* doctor-way-host.c */
void way_tell_key(struct way *w, const struct member *m);
void way_tell_time(struct way *w, const struct member *first);
void way_tell_clock(struct way *w, const struct member *m);
void way_tell_blind(struct way *w, const struct member *m);
void way_tell_pending(struct way *w, const struct member *m);

/* doctor-way-letters.c */
void way_tell_letters(struct way *w);

#endif /* SYSRQCTL_DOCTOR_WAY_H */
