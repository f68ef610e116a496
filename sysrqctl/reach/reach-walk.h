/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests on their way through the chains, to one rule. */
#ifndef SYSRQCTL_REACH_WALK_H
#define SYSRQCTL_REACH_WALK_H

#include "reach-regs.h"

#define ARRIVALS	4	/* ways to a rule that are told apart */
#define LEFT_TOLD	3	/* of those that take requests before */
#define WALK_DEPTH	32	/* of jumps; the kernel allows 16 */

/* How packets leave a chain. */
#define OUT_END		1	/* by its end, or return */
#define OUT_ACCEPT	2
#define OUT_GONE	4

enum left_how {
	LEFT_ACCEPT,	/* this base chain; the next sees them all the same */
	LEFT_RETURN,	/* this chain */
	LEFT_DROP,
	LEFT_POLICY,
	LEFT_NAT,
	LEFT_QUEUE,
	LEFT_FORWARD,
	LEFT_STRANGE,	/* by what nobody knows */
	LEFT_ITSELF,	/* what the rule asks for, others may have changed */
	LEFT_ELSEWHERE,	/* not sent to the rule's chain by the rule that sends others */
};

/**
 * struct left - a place where packets leave the way
 * @how: LEFT_*
 * @chain: where
 * @rule: which; RS_NONE: the chain's policy
 * @surely: all that came there
 */
struct left {
	enum left_how	how;
	uint32_t	chain;
	uint32_t	rule;
	bool		surely;
};

/**
 * struct arrival - requests at the rule
 * @packet: what is known of them; packet_restart() tells how they came
 * @surely: all that were looked at are there
 * @left: who takes some before, and who sends only some
 * @n_left: how many are in @left
 */
struct arrival {
	struct packet	packet;
	bool		surely;
	struct left	left[LEFT_TOLD];
	unsigned int	n_left;
};

/**
 * struct walk - one way through all chains
 * @rs: the ruleset
 * @target: the rule
 * @choose: of several ports that the rule takes, the first is meant
 * @work: expressions and elements that were looked at
 * @budget: how many may be
 * @over: that was not enough, or memory was not: what was found may not be all
 * @left: where packets have left the way up to here
 * @n_left: how many
 * @cap_left: room
 * @fork: rules by which only some of the packets came to this chain
 * @n_forks: how many
 * @arrival: at the rule
 * @n_arrivals: how many
 * @why: where they left the way, if none arrived
 * @n_why: how many are in @why
 * @refused: some came to the rule, and did not match
 * @moved: sent some to another port; its how is LEFT_NAT then
 * @accepted: those that this base chain has accepted
 * @some_accepted: there are some
 */
struct walk {
	struct ruleset	*rs;
	uint32_t	target;
	bool		choose;
	uint64_t	work;
	uint64_t	budget;
	bool		over;
	struct left	*left;
	size_t		n_left, cap_left;
	struct left	fork[WALK_DEPTH + 1];
	unsigned int	n_forks;
	struct arrival	arrival[ARRIVALS];
	unsigned int	n_arrivals;
	struct left	why[LEFT_TOLD];
	unsigned int	n_why;
	bool		refused;
	struct left	moved;
	struct packet	accepted;
	bool		some_accepted;
};

/**
 * struct roots - the base chains that lead to a rule's chain, by jumps
 * @is: of each chain, whether it is one
 * @n: how many
 * @early: they are at ingress
 * @dormant: there are some, but their tables are switched off
 * @elsewhere: there are some, but at hooks where no request is taken
 */
struct roots {
	bool		*is;
	unsigned int	n;
	bool		early;
	bool		dormant;
	bool		elsewhere;
};

/**
 * struct step - packets at one rule
 * @w: the walk
 * @chain: where
 * @rule: which
 * @in: the packets as they came to it
 * @now: as they are now, if @changed
 * @changed: something was learnt or written
 * @dirty: something was written
 * @regs: the registers
 * @match: do they match so far?
 * @unsure: that depends on what rules have changed
 * @on: those that go on to the next rule, if @some_on
 * @some_on: some go on, as in @on
 * @plain_on: some go on as they came
 * @out: OUT_*
 * @end: those that have left by the chain's end, if @some_end
 * @some_end: there are some
 */
struct step {
	struct walk	*w;
	uint32_t	chain;
	uint32_t	rule;
	struct packet	*in;
	struct packet	now;
	bool		changed;
	bool		dirty;
	struct regs	regs;
	enum tri	match;
	bool		unsure;
	struct packet	on;
	bool		some_on;
	bool		plain_on;
	unsigned int	out;
	struct packet	*end;
	bool		*some_end;
};

/* reach-walk.c */
unsigned int walk_chain(struct walk *w, uint32_t chain, struct packet *p, unsigned int depth);
void walk_rule(struct walk *w, uint32_t rule, struct packet *p);

/* reach-left.c */
void walk_arrive(struct step *st);
void walk_leave(struct walk *w, enum left_how how, uint32_t chain, uint32_t rule, bool surely);
void walk_forget(struct walk *w, size_t from, enum left_how how);
void walk_why(struct walk *w, size_t from);
void walk_done(struct walk *w);

/* reach-hooks.c */
void walk_hooks(struct walk *w, const struct packet *p, const struct roots *roots);
int roots_find(struct walk *w, struct roots *roots);

/* reach-eval.c: an expression that is no verdict. */
enum tri step_eval(struct step *st, const struct op *op);
const struct packet *step_packet(const struct step *st);
struct packet *step_change(struct step *st);
bool step_elements(struct step *st, uint32_t set);

/* reach-eval-xt.c */
enum tri step_xt(struct step *st, const struct op *op);

#endif /* SYSRQCTL_REACH_WALK_H */
