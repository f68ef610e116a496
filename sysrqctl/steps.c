// SPDX-License-Identifier: GPL-2.0-only
/* Programs: from a command line to steps. */
#include "steps.h"

#include <stdarg.h>
#include <stdio.h>

#include "duration.h"
#include "words.h"

/* What is being put together. */
struct builder {
	struct steps	*s;
	bool		waited;	/* the last step's wait was given */
	char		*why;
	size_t		len;
};

__attribute__((format(printf, 2, 3)))
static int refuse(struct builder *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(b->why, b->len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static int add_letter(struct builder *b, char letter)
{
	struct steps *s = b->s;

	if (letter && !nft_sysrq_wire_letter(letter))
		return refuse(b, letter > ' ' && letter <= '~' ?
			      "'%c' is no SysRq letter: they are 0-9, a-z and A-Z" :
			      "byte %#x is no SysRq letter", (unsigned char)letter);
	if (s->n == NFT_SYSRQ_MAX_STEPS)
		return refuse(b, "more than %d steps: letters, and waits that follow no letter",
			      NFT_SYSRQ_MAX_STEPS);
	if (s->n && !b->waited)
		s->step[s->n - 1].wait = nft_sysrq_wire_wait_code(STEPS_WAIT_MS);
	s->step[s->n].letter = letter;
	s->step[s->n++].wait = 0;
	b->waited = false;
	return 0;
}

static int add_wait(struct builder *b, const char *text)
{
	struct steps *s = b->s;
	int64_t ms;
	u8 code;
	int err;

	err = duration_parse(text + 1, &ms);
	if (err == -EINVAL)
		return refuse(b, "'%s' is no wait: +2s, +500ms, +1m, or +2 for seconds", text);
	if (err || ms > NFT_SYSRQ_WAIT_MAX_MS)
		return refuse(b, "'%s' is too long a wait: at most %u s", text,
			      NFT_SYSRQ_WAIT_MAX_MS / 1000);

	/* At the start, or after another wait, it needs a step of its own. */
	if (!s->n || b->waited) {
		err = add_letter(b, 0);
		if (err)
			return err;
	}
	code = nft_sysrq_wire_wait_code(ms);
	if (nft_sysrq_wire_wait_ms(code) != ms)
		s->rounded = true;
	s->step[s->n - 1].wait = code;
	b->waited = true;
	return 0;
}

/*
 * Words that are no commands, as reboot, stop, help, list or the name of a host,
 * are letters too, and mostly end a host by one in their middle, behind which
 * nothing runs; or end its processes. Who means it says so by blanks.
 */
static int check_word(struct builder *b, const char *word)
{
	size_t n = strcspn(word, "+");
	const char *p;

	for (p = word; p < word + n; p++)
		if (words_end(*p) && p + 1 < word + n)
			return refuse(b, "'%s' would be letters, and behind '%c' (%s) nothing runs "
				      "any more; should that be meant, put a blank behind %c",
				      word, *p, words_letter(*p), *p);
	p = strpbrk(word, "ei");
	if (n > 1 && p && p < word + n)
		return refuse(b, "'%s' would be letters, and '%c' (%s) is one of them; should that "
			      "be meant, put blanks around %c", word, *p, words_letter(*p), *p);
	return 0;
}

static int add_word(struct builder *b, const char *word)
{
	int err = check_word(b, word);

	if (err)
		return err;
	for (; *word; word++) {
		if (*word == '+')
			return add_wait(b, word);
		err = add_letter(b, *word);
		if (err)
			return err;
	}
	return 0;
}

/* A text of several words, as one argument, is words too: send web1 "s +2s b". */
static int add_text(struct builder *b, const char *text)
{
	char word[64];
	size_t len;
	int err;

	while (*text) {
		text += strspn(text, " ");
		len = strcspn(text, " ");
		if (len >= sizeof(word))
			return refuse(b, "'%.16s...' is too long", text);
		memcpy(word, text, len);
		word[len] = '\0';
		text += len;
		err = add_word(b, word);
		if (err)
			return err;
	}
	return 0;
}

static int finish(struct builder *b)
{
	if (!b->s->n)
		return refuse(b, "no command");
	if (b->waited)
		return refuse(b, "a wait at the end waits for nothing");
	return 0;
}

/* Should the text of a sequence be wrong, that is not what was typed: say whose it is. */
static int add_sequence(struct builder *b, const struct sequence *seq)
{
	char why[256];
	struct builder own = { .s = b->s, .why = why, .len = sizeof(why) };
	int err = add_text(&own, seq->text);

	if (!err)
		err = finish(&own);
	return err ? refuse(b, "sequence '%s': %s", seq->name, why) : 0;
}

/**
 * steps_parse - a program from a command line
 * @s: filled in
 * @argc: of @argv
 * @argv: letters, alone or together, and waits: +DURATION; or a single word,
 *	the name of a sequence
 * @sequences: the user's own, before those that everybody has; ends with an
 *	empty name; or NULL
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * A wait follows the letter before it; where none is given it is
 * STEPS_WAIT_MS. A wait at the start, or after another wait, is a step.
 *
 * Return: 0, or -EINVAL.
 */
int steps_parse(struct steps *s, int argc, char **argv, const struct sequence *sequences,
		char *why, size_t len)
{
	const struct sequence *seq = argc == 1 ? sequence_find(sequences, argv[0]) : NULL;
	struct builder b = { .s = s, .why = why, .len = len };
	int i, err;

	memset(s, 0, sizeof(*s));
	if (seq)
		return add_sequence(&b, seq);
	for (i = 0; i < argc; i++) {
		if (!argv[i][strspn(argv[i], " ")])
			return refuse(&b, "an empty command");
		err = add_text(&b, argv[i]);
		if (err)
			return err;
	}
	return finish(&b);
}

/*
 * The fewest waits that come to @ms: as many of the longest as there is room
 * for, then tens of seconds, then tenths; the last one of @max is rounded up.
 * Return: how many, or 0 if they do not fit.
 */
static unsigned int split_wait(s64 ms, struct nft_sysrq_step *step, unsigned int max,
			       bool *rounded)
{
	unsigned int n = 0;
	s64 part;

	while (ms > 0 && n < max) {
		part = ms < NFT_SYSRQ_WAIT_MAX_MS ? ms : NFT_SYSRQ_WAIT_MAX_MS;
		step[n].letter = 0;
		step[n].wait = nft_sysrq_wire_wait_code(part);
		/* Too long: the next shorter one, if there is room for the rest. */
		if (nft_sysrq_wire_wait_ms(step[n].wait) > part && part > 10000 && n + 1 < max)
			step[n].wait = nft_sysrq_wire_wait_code(part / 10000 * 10000);
		ms -= nft_sysrq_wire_wait_ms(step[n++].wait);
	}
	*rounded |= ms < 0;
	return ms > 0 ? 0 : n;
}

/**
 * steps_delay - let the whole program begin later
 * @s: the program; steps that only wait are put before it
 * @ms: how much later, not negative
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL if there are not enough steps left for so long a wait.
 */
int steps_delay(struct steps *s, s64 ms, char *why, size_t len)
{
	struct nft_sysrq_step waits[NFT_SYSRQ_MAX_STEPS];
	unsigned int left = NFT_SYSRQ_MAX_STEPS - s->n, n;
	char longest[32];

	if (!ms)
		return 0;
	n = split_wait(ms, waits, left, &s->rounded);
	if (!n) {
		duration_print((s64)left * NFT_SYSRQ_WAIT_MAX_MS, longest, sizeof(longest));
		snprintf(why, len, "too long: beside the %u steps of COMMANDS there is room for "
			 "%u waits of %u s each, together %s", s->n, left,
			 NFT_SYSRQ_WAIT_MAX_MS / 1000, longest);
		return -EINVAL;
	}
	memmove(s->step + n, s->step, s->n * sizeof(*s->step));
	memcpy(s->step, waits, n * sizeof(*waits));
	s->n += n;
	return 0;
}

/**
 * steps_before_ms - how long after the start a step runs
 * @s: the program
 * @i: which step
 */
u32 steps_before_ms(const struct steps *s, unsigned int i)
{
	u32 ms = 0;

	while (i--)
		ms += nft_sysrq_wire_wait_ms(s->step[i].wait);
	return ms;
}

/**
 * steps_end - the letter by which a host comes to its end
 * @s: the program
 * @i: which step that is; else left alone
 *
 * Return: "restarts" or the like; NULL if the host goes on.
 */
const char *steps_end(const struct steps *s, unsigned int *i)
{
	const char *end;
	unsigned int n;

	for (n = 0; n < s->n; n++) {
		end = words_end(s->step[n].letter);
		if (!end)
			continue;
		*i = n;
		return end;
	}
	return NULL;
}
