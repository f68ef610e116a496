/* SPDX-License-Identifier: GPL-2.0-only */
/* A world outside of sysrqctl in which nothing is real: no file, no socket, no process, no clock that waits. */
#ifndef NFT_SYSRQ_FUZZ_WORLD_H
#define NFT_SYSRQ_FUZZ_WORLD_H

#include <stdio.h>

#include "fuzz.h"

#define WORLD_TEXT	(256 * 1024)
#define WORLD_KEY	"4b3a29180706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c"

/**
 * struct world - while a command runs
 * @inside: it does; without, all is as ever
 * @in: standard input
 * @netlink: what comes from sockets to the kernel; NULL: there are none
 * @out: what it has printed
 * @err: what it has said
 */
struct world {
	bool		inside;
	struct in	in;
	int		(*netlink)(void *buf, size_t len);
	char		out[WORLD_TEXT];
	char		err[WORLD_TEXT];
	size_t		out_len;
	size_t		err_len;
};

extern struct world world;

/* The last message that was sent to the kernel; its number, which an answer repeats. */
extern unsigned int world_type, world_seq;

int sysrqctl_main(int argc, char **argv);
int world_run(int argc, char **argv);

#endif
