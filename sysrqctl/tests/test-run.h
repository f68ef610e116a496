/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests: run the tool as a user does. */
#ifndef SYSRQCTL_TEST_RUN_H
#define SYSRQCTL_TEST_RUN_H

#include <stddef.h>

/**
 * struct run - what came of it
 * @status: exit status; 128 + the signal that ended it
 * @out: standard output
 * @err: standard error
 */
struct run {
	int	status;
	char	out[65536];
	char	err[16384];
};

extern const char *run_binary;

void run(struct run *r, const char *input, const char *command);
void run_to_file(struct run *r, const char *file, int flags, const char *command);

void write_file(const char *path, const char *text, unsigned int mode);
size_t read_file(const char *path, char *buf, size_t size);

#endif /* SYSRQCTL_TEST_RUN_H */
