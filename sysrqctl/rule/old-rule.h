/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules with the target SYSRQ, of xt_SYSRQ and ipt_SYSRQ, as iptables writes them. */
#ifndef SYSRQCTL_OLD_RULE_H
#define SYSRQCTL_OLD_RULE_H

#include "rule.h"

#define OLD_WORDS	64
#define OLD_LINE	2048

/**
 * struct old_rule - what such a rule says
 * @spec: as far as our rules can say it
 * @insert: it is put before the others
 * @to: only for that address, as nft writes it; "" is any
 * @mac: only from that hardware address; "" is any
 * @comment: "" is none
 * @left: what of it has no place in ours
 * @nleft: of those
 * @bad: what is not understood; "" if all is
 * @text: the words, where pointers point to
 */
struct old_rule {
	struct rule_spec	spec;
	bool			insert;
	char			to[64];
	char			mac[18];
	char			comment[257];
	char			left[8][96];
	unsigned int		nleft;
	char			bad[96];
	char			text[OLD_LINE];
};

bool old_rule_read(const char *line, struct old_rule *r);

#endif /* SYSRQCTL_OLD_RULE_H */
