/* SPDX-License-Identifier: GPL-2.0-only */
/* Chance that is the same in every run of one seed, and how to give up. */
#ifndef TORTURE_DICE_H
#define TORTURE_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define fail(...)	(fprintf(stderr, "torture: " __VA_ARGS__), fputc('\n', stderr), exit(2))
#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

struct dice {
	uint64_t state;
};

/* splitmix64: any seed will do, 0 as well. */
static inline uint64_t roll(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* 0 .. @n - 1; @n is not 0 */
static inline uint32_t below(struct dice *d, uint32_t n)
{
	return (uint32_t)((roll(d) >> 32) * n >> 32);
}

/* True so many times out of a thousand. */
static inline bool chance(struct dice *d, uint32_t per_mille)
{
	return below(d, 1000) < per_mille;
}

static inline void fill(struct dice *d, void *to, size_t size)
{
	uint64_t word;
	size_t at, n;

	for (at = 0; at < size; at += n) {
		word = roll(d);
		n = size - at < sizeof(word) ? size - at : sizeof(word);
		memcpy((uint8_t *)to + at, &word, n);
	}
}

static inline unsigned long number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end)
		fail("'%s' is no number", text);
	return n;
}

/**
 * struct pool - what was sent before, to splice from
 * @data: the bytes
 * @len: how many of each
 * @next: which one is overwritten next
 */
#define POOL_SIZE	64
#define POOL_LONGEST	256

struct pool {
	uint8_t		data[POOL_SIZE][POOL_LONGEST];
	size_t		len[POOL_SIZE];
	unsigned int	next;
};

void pool_keep(struct pool *p, const uint8_t *data, size_t len);
size_t pool_take(const struct pool *p, struct dice *d, uint8_t *to, size_t room);

void mutate(struct dice *d, const struct pool *p, uint8_t *data, size_t len);
size_t resize(struct dice *d, uint8_t *data, size_t len, size_t room);

#endif /* TORTURE_DICE_H */
