/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of reach: rulesets without a kernel, by the messages that the kernel would send, which
 * libnftnl builds.
 */
#ifndef SYSRQCTL_FAKE_RULESET_H
#define SYSRQCTL_FAKE_RULESET_H

#include "reach.h"

#define FAKE_MSG_LEN	4096
#define FAKE_MSGS	64

/* What a message tells of, in the order in which they must come. */
enum fake_kind { FAKE_TABLE, FAKE_CHAIN, FAKE_SET, FAKE_RULE, FAKE_ELEMS };

/**
 * struct fake_msg - a message
 * @kind: FAKE_*
 * @set: FAKE_ELEMS: name of the set
 * @nlh: it
 */
struct fake_msg {
	enum fake_kind	kind;
	char		set[16];
	union {
		struct nlmsghdr	nlh;
		char		room[FAKE_MSG_LEN];
	};
};

extern struct fake_msg fake_msg[FAKE_MSGS];
extern unsigned int fake_msgs;

void fake_begin(void);
void fake_table(int family, const char *name, bool dormant);
void fake_chain(int family, const char *name, int hook, int priority, const char *policy);
void fake_regular(int family, const char *name);
void fake_device(const char *name, const char *device);
void fake_set(const char *name, uint32_t flags, bool verdicts);
void fake_elem(const char *set, uint16_t port, uint32_t flags, int verdict, const char *chain);
void fake_rule(int family, const char *chain, const char *words);
void fake_load(struct ruleset *rs);

#endif /* SYSRQCTL_FAKE_RULESET_H */
