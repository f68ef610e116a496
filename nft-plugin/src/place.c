// SPDX-License-Identifier: GPL-2.0-only
#include "place.h"
#include "word.h"

void place_init(struct place *pl, enum block block)
{
	pl->depth = 0;
	pl->level[0] = (struct place_level){ .block = block, .opens = BLOCK_OTHER };
}

static struct place_level *level_of(struct place *pl)
{
	return pl->depth < PLACE_DEPTH ? &pl->level[pl->depth] : NULL;
}

/* Whether a word at this place would begin a statement of a rule. */
bool place_statement(const struct place *pl)
{
	const struct place_level *l;

	if (pl->depth >= PLACE_DEPTH)
		return false;
	l = &pl->level[pl->depth];
	if (l->progress == AT_START)
		return l->block == BLOCK_CHAIN || l->block == BLOCK_ANY;
	if (l->progress == AT_POSITION)
		return true;
	return l->progress == AT_RULE &&
	       (l->expect == EXPECT_STATEMENT || l->expect == EXPECT_SUBFIELD);
}

/* Whether a line begins here that means nothing to those behind it. */
bool place_line(const struct place *pl)
{
	const struct place_level *l;

	if (pl->depth >= PLACE_DEPTH)
		return false;
	l = &pl->level[pl->depth];
	return l->progress == AT_START && (l->block == BLOCK_TOP || l->block == BLOCK_CHAIN);
}

static enum expect after_statement(unsigned int w)
{
	if (w & IS_HEADER)
		return w & IS_ARP ? EXPECT_ARP : EXPECT_FIELD;
	if (w & TAKES_NAME)
		return EXPECT_NAME;
	return w & (TAKES_VALUE | IS_OPERATOR | IS_DOT) ? EXPECT_VALUE : EXPECT_STATEMENT;
}

static enum expect after_value(unsigned int w)
{
	if (w & IS_DOT)
		return EXPECT_SELECTOR;
	if (w & LEAVES_OPEN)
		return EXPECT_VALUE;
	/* socket cgroupv2 level 2 "path" */
	if (w & IS_LEVEL)
		return EXPECT_FIELD;
	return w & IS_HEADER ? EXPECT_SUBFIELD : EXPECT_STATEMENT;
}

static enum expect after_word(enum expect now, unsigned int w)
{
	switch (now) {
	case EXPECT_STATEMENT:
		return after_statement(w);
	case EXPECT_FIELD:
		return w & IS_DIRECTION ? EXPECT_FIELD : EXPECT_VALUE;
	case EXPECT_VALUE:
		return after_value(w);
	case EXPECT_SUBFIELD:
		if (w & (IS_DOT | IS_OPERATOR))
			return EXPECT_VALUE;
		return w & IS_HEADER ? EXPECT_FIELD : EXPECT_STATEMENT;
	case EXPECT_SELECTOR:
		return w & IS_HEADER ? EXPECT_FIELD : EXPECT_VALUE;
	case EXPECT_ARP:
		return w & IS_ADDRESS ? EXPECT_ARP_ADDR : EXPECT_VALUE;
	case EXPECT_ARP_ADDR:
		return EXPECT_VALUE;
	case EXPECT_NAME:
		break;
	}
	return EXPECT_STATEMENT;
}

static void feed_rule(struct place_level *l, const struct token *t, unsigned int w)
{
	l->opens = w & IS_JUMP ? BLOCK_CHAIN : BLOCK_OTHER;
	if (t->type == TOKEN_WORD)
		l->expect = after_word(l->expect, w);
	else if (t->type == TOKEN_QUOTED)
		l->expect = EXPECT_STATEMENT;
	else if (token_punct(t, '$') || token_punct(t, '@'))
		l->expect = EXPECT_NAME;
	else
		l->expect = token_punct(t, ')') || token_punct(t, ']') ? EXPECT_STATEMENT :
									  EXPECT_VALUE;
}

static void begin_rule(struct place_level *l, const struct token *t, unsigned int w)
{
	l->progress = AT_RULE;
	l->expect = EXPECT_STATEMENT;
	feed_rule(l, t, w);
}

/* The object of a command, named or, for a rule, left out. */
static void feed_object(struct place_level *l, unsigned int w)
{
	l->progress = AT_REST;
	if (w & IS_TABLE)
		l->opens = BLOCK_TABLE;
	else if (w & IS_CHAIN)
		l->opens = BLOCK_CHAIN;
	else if (w & (IS_RULE | IS_FAMILY))
		l->progress = AT_TABLE;
	else if (!(w & (BEGINS_OBJECT | BEGINS_OTHER)))
		l->progress = AT_CHAIN;
}

/* In an included file: whatever cannot begin a rule is a command. */
static void feed_any(struct place_level *l, const struct token *t, unsigned int w)
{
	if (w & BEGINS_COMMAND)
		feed_object(l, w);
	else if (w & BEGINS_PROPERTY)
		l->progress = AT_REST;
	else
		begin_rule(l, t, w);
}

static void feed_start(struct place_level *l, const struct token *t, unsigned int w)
{
	bool commands = l->block == BLOCK_TOP || l->block == BLOCK_ANY;

	if (l->block == BLOCK_OTHER || w & BEGINS_OTHER) {
		l->progress = AT_REST;
	} else if (l->block == BLOCK_TABLE) {
		l->progress = AT_REST;
		if (w & IS_CHAIN)
			l->opens = BLOCK_CHAIN;
	} else if (l->block == BLOCK_CHAIN) {
		if (w & BEGINS_PROPERTY)
			l->progress = AT_REST;
		else
			begin_rule(l, t, w);
	} else if (commands && w & IS_VERB) {
		l->progress = AT_OBJECT;
	} else if (l->block == BLOCK_ANY) {
		feed_any(l, t, w);
	} else {
		feed_object(l, w);
	}
}

static void feed_word(struct place_level *l, const struct token *t)
{
	unsigned int w = l->progress == AT_REST ? 0 : word_traits(t);

	switch (l->progress) {
	case AT_START:
		feed_start(l, t, w);
		break;
	case AT_OBJECT:
		feed_object(l, w);
		break;
	case AT_TABLE:
		if (!(w & IS_FAMILY))
			l->progress = AT_CHAIN;
		break;
	case AT_CHAIN:
		l->progress = AT_POSITION;
		break;
	case AT_POSITION:
		if (w & BEGINS_PLACE)
			l->progress = AT_HANDLE;
		else
			begin_rule(l, t, w);
		break;
	case AT_HANDLE:
		/* A number, or $ and the name of a variable. */
		if (t->type != TOKEN_PUNCT)
			l->progress = AT_POSITION;
		break;
	case AT_RULE:
		feed_rule(l, t, w);
		break;
	case AT_REST:
		break;
	}
}

static void end_line(struct place_level *l)
{
	if (l->block == BLOCK_OTHER)
		return;
	l->progress = AT_START;
	l->expect = EXPECT_STATEMENT;
	l->opens = BLOCK_OTHER;
}

static void open_brace(struct place *pl)
{
	struct place_level *l = level_of(pl);
	enum block block = l ? l->opens : BLOCK_OTHER;

	pl->depth++;
	l = level_of(pl);
	if (l)
		*l = (struct place_level){ .block = block, .opens = BLOCK_OTHER };
}

static void close_brace(struct place *pl)
{
	struct place_level *l;

	if (!pl->depth)
		return;
	pl->depth--;
	l = level_of(pl);
	if (l && l->progress == AT_RULE)
		l->expect = EXPECT_STATEMENT;
}

void place_feed(struct place *pl, const struct token *t)
{
	struct place_level *l;

	if (token_punct(t, '{')) {
		open_brace(pl);
		return;
	}
	if (token_punct(t, '}')) {
		close_brace(pl);
		return;
	}
	l = level_of(pl);
	if (!l)
		return;
	if (t->type == TOKEN_NEWLINE || token_punct(t, ';'))
		end_line(l);
	else
		feed_word(l, t);
}
