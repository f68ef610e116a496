/* SPDX-License-Identifier: GPL-2.0-only */
/* A host for the packet path in userspace: what tests set, and what they look at. */
#ifndef STAND_IN_H
#define STAND_IN_H

#include "kernel.h"

#include "event.h"
#include "key.h"
#include "packet.h"
#include "program.h"
#include "program_table.h"
#include "runner.h"
#include "space.h"

#define SECOND	1000000000LL

struct stand_in {
	/* What is so */
	s64			boot, real, mono;	/* clocks, ns */
	int			sysrq;			/* kernel.sysrq */
	const char		*handlers;		/* letters that others have taken */
	int			memory;			/* this many allocations succeed; < 0: all */
	int			packet_is;		/* what nft_sysrq_packet_read() says */
	bool			elsewhere;		/* the packet is not for this host */
	bool			no_reply;		/* none leaves */
	u32			busy;			/* slots, whose handler does not return */
	void			(*meanwhile)(void);	/* another CPU, while an HMAC is checked */
	bool			hold;			/* timers and tasklets are late */
	/* What happened */
	unsigned int		packets_read, replies, logs, requests_told, steps_told;
	unsigned int		ended_told, keys_told, woken, works, freed;
	unsigned int		registered;		/* SysRq handlers of ours */
	const struct nft_sysrq_step *told_steps;	/* of the last program told of */
	unsigned int		told_nsteps;
	struct nft_sysrq_actor	told_of;
	struct nft_sysrq_dgram	reply;			/* the last one */
	int			told_stat;		/* of the last request told of */
	char			log[256];
	char			ran[64];		/* letters, in their order */
	u64			when[NFT_SYSRQ_PROGRAMS]; /* armed for, 0: not */
	struct work_struct	*work;
	unsigned long		delay;			/* of it, jiffies */
};

extern struct stand_in host;
extern struct nft_sysrq_space space;

void host_init(void);
void host_exit(void);
struct nft_sysrq_key *host_key(const char *name, u8 material, u32 window, u32 overlap);

/* Time goes by, and what is armed runs when it is due. */
void host_pass(s64 ns);

/* What is due runs, by this one. */
void host_run(enum nft_sysrq_by by);

#endif /* STAND_IN_H */
