/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules that sysrqctl makes without nft. */
#ifndef SYSRQCTL_RULE_H
#define SYSRQCTL_RULE_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "nft.h"

/* Where in its chain a rule goes. */
enum rule_where {
	RULE_LAST,
	RULE_FIRST,
	RULE_BEFORE,
	RULE_AFTER,
};

/**
 * struct rule_spec - what a rule is to be
 * @family: NFPROTO_INET, _IPV4, _IPV6 or _NETDEV
 * @table: its table's name
 * @chain: its chain's name
 * @where: RULE_*
 * @handle: of the rule that it goes before or after
 * @icmp: pings, not UDP
 * @port: UDP port
 * @iface: name of the interface that requests come from; "" is any
 * @from_family: NFPROTO_IPV4 or _IPV6 if only requests from @from / @from_len; else 0
 * @from: its first 4 or 16 bytes; bits beyond @from_len are 0
 * @from_len: bits
 * @key: name of the only key; NULL is any
 * @silent: never answer
 * @hold: of arm: stay, and keep it
 */
struct rule_spec {
	uint16_t		family;
	const char		*table;
	const char		*chain;
	enum rule_where		where;
	uint64_t		handle;
	bool			icmp;
	uint16_t		port;
	char			iface[IFNAMSIZ];
	uint16_t		from_family;
	uint8_t			from[16];
	unsigned int		from_len;
	const char		*key;
	bool			silent;
	bool			hold;
};

/* Which expression a rule ends with. */
enum rule_kind {
	RULE_SYSRQ,	/* sysrq, drop */
	RULE_NOTRACK,	/* the same packets, untracked */
};

int rule_put(struct nft *n, const struct rule_spec *spec, enum rule_kind kind);

int rule_read_family(const char *word, uint16_t *family);
const char *rule_family(uint16_t family);
int rule_read_from(const char *word, struct rule_spec *spec);
int rule_read_iface(const char *word, struct rule_spec *spec);
int rule_read_number(const char *word, uint64_t max, uint64_t *number);

struct command;
struct options;

int rule_options(const struct command *cmd, int argc, char **argv, struct options *o,
		 struct rule_spec *spec);
int rule_make(const struct command *cmd, int argc, char **argv, struct rule_spec *spec,
	      int (*make)(const struct command *cmd, const struct rule_spec *spec));
int rule_error(const struct command *cmd, const struct nft *n, int err, const char *what);

#endif /* SYSRQCTL_RULE_H */
