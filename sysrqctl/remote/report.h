/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of a request at a host: in words, for programs, as a status. */
#ifndef SYSRQCTL_REPORT_H
#define SYSRQCTL_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "fleet.h"

/* Why nothing was sent blind. */
enum report_unblind {
	REPORT_BLIND,		/* it may be */
	REPORT_STRICT,		/* --strict */
	REPORT_UNSYNCED,	/* the clock is not synchronised */
};

/**
 * struct report - what is the same for all hosts
 * @unblind: why nothing was sent blind
 * @keyfile: as it was named, or NULL
 * @config: likewise
 * @identity: likewise
 */
struct report {
	enum report_unblind	unblind;
	const char		*keyfile;
	const char		*config;
	const char		*identity;
};

/* A program whose end is so far away can still be stopped by a person. */
#define REPORT_STOP_MS	10000

bool report_accepted(const struct member *m);
s64 report_lead_ms(const struct exchange *x);
void report_answer(const struct report *r, const struct member *m, FILE *out);
#define REPORT_NEXT	3	/* steps of a pending program that are told */

/** report_pending_whole - is that the rest of the program for certain? */
static inline bool report_pending_whole(const struct nft_sysrq_pending *p)
{
	const struct nft_sysrq_step *last = &p->next[REPORT_NEXT - 1];

	return !last->letter && !last->wait;
}

void report_reasons(const struct steps *s, const struct nft_sysrq_outcome *body, FILE *out);
int report_status(const struct member *m);
const char *report_outcome(const struct member *m);
const char *report_blind_id(const struct member *m);
s64 report_runs_until(const struct member *m);

void report_name(const struct member *m, FILE *out);
void report_words(const struct report *r, const struct member *m, s64 now_s, FILE *out);
char *report_message(const struct report *r, const struct member *m, s64 now_s);
json_t *report_object(const struct report *r, const struct member *m, s64 now_s);
int report_dump(const json_t *o, FILE *out);
int report_json(const struct report *r, const struct member *m, s64 now_s, FILE *out);

#endif /* SYSRQCTL_REPORT_H */
