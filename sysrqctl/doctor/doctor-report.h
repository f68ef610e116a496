/* SPDX-License-Identifier: GPL-2.0-only */
/* What doctor finds: told a line each, with the commands that mend it under it. */
#ifndef SYSRQCTL_DOCTOR_REPORT_H
#define SYSRQCTL_DOCTOR_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "prometheus.h"
#include "reach.h"
#include "rules.h"

/* From harmless to bad; only a problem makes the exit status 1. */
enum doctor_grade {
	DOCTOR_OK,		/* as it should be */
	DOCTOR_NOTE,		/* good to know */
	DOCTOR_WARNING,		/* works, but not in some case that will come */
	DOCTOR_PROBLEM,		/* a request fails, now or after the next boot */
	DOCTOR_GRADES,
};

/**
 * struct doctor - what is looked at, and what was found
 * @out: where findings go
 * @json: for programs
 * @root: before all absolute paths that are read; "" but in tests
 * @as_root: may all be looked at? If not, a check that needs it tells
 *	doctor_needs_root() in place of its findings
 * @release: of the running kernel, as uname -r
 * @now: s since 1970
 * @synchronised: somebody keeps this machine's clock right
 * @module_err: 0: @state is the module's; -ENOENT: it is not loaded; or another
 *	negative errno, why it could not be asked
 * @state: module, keys and counters
 * @rules_err: 0, or a negative errno, why @rules are not known
 * @rules: all live rules that have the expression
 * @ruleset_err: 0, or a negative errno, why @ruleset is not known
 * @ruleset: all live rules
 * @count: findings, by grade
 * @failed: some finding could not be told for want of memory
 * @grade: of the finding that is being told
 * @topic: likewise; NULL: none is
 * @message: likewise
 * @mend: likewise: its commands
 */
struct doctor {
	FILE			*out;
	bool			json;
	const char		*root;
	bool			as_root;
	char			release[65];
	s64			now;
	bool			synchronised;
	int			module_err;
	struct host_state	state;
	int			rules_err;
	struct rules		rules;
	int			ruleset_err;
	struct ruleset		ruleset;
	unsigned int		count[DOCTOR_GRADES];
	bool			failed;
	/* private: */
	enum doctor_grade	grade;
	const char		*topic;
	char			*message;
	json_t			*mend;
};

void doctor_tell(struct doctor *d, enum doctor_grade grade, const char *topic,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void doctor_mend(struct doctor *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void doctor_needs_root(struct doctor *d, const char *topic, const char *what);
void doctor_end(struct doctor *d);

/* doctor-read.c: files under the root. */
#define DOCTOR_PATH_LEN	4096
#define DOCTOR_FILE_MAX	(1 << 20)	/* bytes of a file that are read */

int doctor_path(const struct doctor *d, const char *path, char full[DOCTOR_PATH_LEN]);
int doctor_read(const struct doctor *d, const char *path, char **text);
int doctor_read_word(const struct doctor *d, const char *path, char *word, size_t size);
bool doctor_exists(const struct doctor *d, const char *path);

#endif /* SYSRQCTL_DOCTOR_REPORT_H */
