/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of doctor: a host of files in a folder, and what is found there. */
#ifndef SYSRQCTL_FAKE_ROOT_H
#define SYSRQCTL_FAKE_ROOT_H

#include "doctor.h"

#define FAKE_NOW	1800000000	/* s since 1970 */

extern char fake_root[];

void root_begin(void);
void root_put(const char *path, unsigned int mode, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void root_remove(const char *path);
void root_end(void);

void root_doctor(struct doctor *d);
void root_look(struct doctor *d, void (*look)(struct doctor *d));

unsigned int root_count(void);
void root_found(const char *grade, const char *topic, const char *part, const char *mend);
void root_not_found(const char *part);
void root_fine(void);

#endif /* SYSRQCTL_FAKE_ROOT_H */
