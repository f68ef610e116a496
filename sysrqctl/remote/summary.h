/* SPDX-License-Identifier: GPL-2.0-only */
/* All hosts of a request together: progress, and what became of them. */
#ifndef SYSRQCTL_SUMMARY_H
#define SYSRQCTL_SUMMARY_H

#include <stdio.h>

#include "fleet.h"

/* What became of a host, by what it adds to the exit status. */
enum summary_kind {
	SUMMARY_OK,
	SUMMARY_REFUSED,
	SUMMARY_NO_ANSWER,
	SUMMARY_KINDS,
};

/**
 * struct summary - of all hosts
 * @type: of the request
 * @hosts: the hosts
 * @kinds: of each host, 1 + enum summary_kind; 0: not done
 * @n: hosts of each kind
 * @start: CLOCK_BOOTTIME, ns
 * @tty: progress is shown
 * @shown: when it was last, ns; 0: it is not
 */
struct summary {
	enum nft_sysrq_type	type;
	const struct hosts	*hosts;
	u8			*kinds;
	size_t			n[SUMMARY_KINDS];
	s64			start;
	bool			tty;
	s64			shown;
};

int summary_begin(struct summary *s, enum nft_sysrq_type type, const struct hosts *hosts);
void summary_add(struct summary *s, const struct member *m);
void summary_progress(struct summary *s, size_t busy);
void summary_clear(struct summary *s);
int summary_words(struct summary *s, FILE *out);
int summary_json(struct summary *s, FILE *out);
int summary_status(const struct summary *s);
void summary_end(struct summary *s);

#endif /* SYSRQCTL_SUMMARY_H */
