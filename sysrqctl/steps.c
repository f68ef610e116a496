// SPDX-License-Identifier: GPL-2.0-only
/* Programs: from a command line to steps. */
#include "steps.h"

#include <stdarg.h>
#include <stdio.h>

#include "duration.h"

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

static int add_word(struct builder *b, const char *word)
{
	int err;

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

/**
 * steps_parse - a program from a command line
 * @s: filled in
 * @argc: of @argv
 * @argv: letters, alone or together, and waits: +DURATION
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * A wait follows the letter before it; where none is given it is
 * STEPS_WAIT_MS. A wait at the start, or after another wait, is a step.
 *
 * Return: 0, or -EINVAL.
 */
int steps_parse(struct steps *s, int argc, char **argv, char *why, size_t len)
{
	struct builder b = { .s = s, .why = why, .len = len };
	int i, err;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < argc; i++) {
		if (!argv[i][strspn(argv[i], " ")])
			return refuse(&b, "an empty command");
		err = add_text(&b, argv[i]);
		if (err)
			return err;
	}
	if (!s->n)
		return refuse(&b, "no command");
	if (b.waited)
		return refuse(&b, "a wait at the end waits for nothing");
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
