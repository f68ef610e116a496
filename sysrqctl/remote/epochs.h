/* SPDX-License-Identifier: GPL-2.0-only */
/* What earlier answers have told of hosts: their epochs and clocks, in a file. */
#ifndef SYSRQCTL_EPOCHS_H
#define SYSRQCTL_EPOCHS_H

#include <stdio.h>

#include "exchange.h"

#define EPOCHS_MAX	20000	/* entries; the oldest go */
#define EPOCHS_WHY	512	/* of a warning, with NUL */
#define BOOT_ID_LEN	37	/* with NUL */

/* ns; so that the sum of both is in range. */
#define EPOCHS_BOOT_MAX	(1LL << 61)
#define EPOCHS_REAL_MAX	(1LL << 62)

/**
 * struct epoch - of one host and key
 * @key_id: of the key
 * @host: as it was typed
 * @port: decimal
 * @told: by the host
 * @boot_id: of this machine when it was told
 * @right: this machine's clock was synchronised then
 * @gone: the host is about to restart: forget it
 */
struct epoch {
	u32			key_id;
	const char		*host;
	const char		*port;
	struct exchange_learned	told;
	char			boot_id[BOOT_ID_LEN];
	bool			right;
	bool			gone;
};

/**
 * struct epoch_list - entries that grow
 * @e: the entries
 * @n: how many
 * @room: for how many there is memory
 */
struct epoch_list {
	struct epoch	*e;
	size_t		n;
	size_t		room;
};

/**
 * struct epochs - all that is remembered
 * @path: of the file; empty: there is none
 * @boot_id: of this machine; "-" if it is not known
 * @right: this machine's clock is synchronised
 * @text: of the file, where names of @known are
 * @known: what the file holds, by key, name and port
 * @learned: since
 * @foreign: what stands there is not ours to write over
 * @warning: what went wrong, in words; empty: nothing
 */
struct epochs {
	char			path[4096];
	char			boot_id[BOOT_ID_LEN];
	bool			right;
	char			*text;
	struct epoch_list	known;
	struct epoch_list	learned;
	bool			foreign;
	char			warning[EPOCHS_WHY];
};

void epochs_begin(struct epochs *e, const char *path, const char *boot_id, bool right);
const struct epoch *epochs_find(const struct epochs *e, u32 key_id, const char *host,
				const char *port);
int epochs_learn(struct epochs *e, u32 key_id, const char *host, const char *port,
		 const struct exchange_learned *told, bool gone);
bool epochs_ahead(const struct epochs *e, const struct epoch *entry, bool insist,
		  const struct exchange_clock *now, s64 *ahead);
void epochs_end(struct epochs *e);

/* epochs-file.c */
void epochs_path(char *path, size_t len);
void epochs_boot_id(char boot_id[BOOT_ID_LEN]);
void epochs_load(struct epochs *e);
void epochs_save(struct epochs *e, s64 now_real);

/* epochs-text.c */
void epochs_parse(struct epochs *e);
int epochs_print(const struct epoch *entry, FILE *out);

int epochs_add(struct epoch_list *list, const struct epoch *entry);
void epochs_sort(struct epoch_list *list);
void epochs_merge(struct epochs *e, s64 now_real);
void epochs_warn(struct epochs *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* SYSRQCTL_EPOCHS_H */
