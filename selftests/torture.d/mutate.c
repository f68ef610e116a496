// SPDX-License-Identifier: GPL-2.0-only
/* Bytes, changed as who looks for a slip would change them. */
#include "dice.h"

/* Where a sign, a size or a count goes wrong. */
static const uint64_t edges[] = {
	0, 1, 2, 3, 4, 7, 8, 11, 12, 15, 16, 31, 32, 33, 63, 64, 93, 94, 95, 127, 128, 129, 254, 255, 256,
	0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
	0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffffffe, 0xffffffffffffffff,
};

/**
 * pool_keep - keep what is sent
 * @p: where
 * @data: the bytes
 * @len: how many; what is too long is cut
 */
void pool_keep(struct pool *p, const uint8_t *data, size_t len)
{
	unsigned int i = p->next++ % POOL_SIZE;

	p->len[i] = len < POOL_LONGEST ? len : POOL_LONGEST;
	memcpy(p->data[i], data, p->len[i]);
}

/**
 * pool_take - one of those that were kept
 * @p: where
 * @d: chooses
 * @to: gets it
 * @room: of @to
 *
 * Return: its length; 0 if nothing was kept.
 */
size_t pool_take(const struct pool *p, struct dice *d, uint8_t *to, size_t room)
{
	unsigned int n = p->next < POOL_SIZE ? p->next : POOL_SIZE;
	unsigned int i;
	size_t len;

	if (!n)
		return 0;
	i = below(d, n);
	len = p->len[i] < room ? p->len[i] : room;
	memcpy(to, p->data[i], len);
	return len;
}

/* A boundary value of 1, 2, 4 or 8 bytes, of either order. */
static void put_edge(struct dice *d, uint8_t *data, size_t len)
{
	uint64_t value = edges[below(d, COUNT(edges))] + (chance(d, 100) ? roll(d) % 3 - 1 : 0);
	size_t width = (size_t)1 << below(d, 4), at, i;
	bool big = chance(d, 500);

	if (width > len)
		width = 1;
	at = below(d, (uint32_t)(len - width + 1));
	for (i = 0; i < width; i++)
		data[at + i] = (uint8_t)(value >> 8 * (big ? width - 1 - i : i));
}

/* A run of bytes from elsewhere in it, or from what was sent before. */
static void splice(struct dice *d, const struct pool *p, uint8_t *data, size_t len)
{
	uint8_t other[POOL_LONGEST];
	size_t from_len = p && chance(d, 700) ? pool_take(p, d, other, sizeof(other)) : 0;
	const uint8_t *from = from_len ? other : data;
	size_t n, at;

	if (!from_len)
		from_len = len;
	n = 1 + below(d, (uint32_t)(from_len < len ? from_len : len));
	at = below(d, (uint32_t)(len - n + 1));
	/* Most fields mean something only where they belong. */
	if (from == other && chance(d, 700) && at + n <= from_len)
		memmove(data + at, from + at, n);
	else
		memmove(data + at, from + below(d, (uint32_t)(from_len - n + 1)), n);
}

/**
 * mutate - change a few bytes; their number stays
 * @d: chooses
 * @p: what to splice from, or NULL
 * @data: the bytes
 * @len: how many
 */
void mutate(struct dice *d, const struct pool *p, uint8_t *data, size_t len)
{
	if (!len)
		return;
	switch (below(d, 8)) {
	case 0:
	case 1:
	case 2:
		data[below(d, (uint32_t)len)] ^= (uint8_t)(1 << below(d, 8));
		break;
	case 3:
		data[below(d, (uint32_t)len)] = (uint8_t)roll(d);
		break;
	case 4:
	case 5:
		put_edge(d, data, len);
		break;
	default:
		splice(d, p, data, len);
	}
}

/**
 * resize - cut it, or make it longer
 * @d: chooses
 * @data: the bytes
 * @len: how many
 * @room: how many there may be
 *
 * Return: how many there are.
 */
size_t resize(struct dice *d, uint8_t *data, size_t len, size_t room)
{
	size_t to;

	switch (below(d, 4)) {
	case 0:
		to = len ? len - 1 : 0;
		break;
	case 1:
		to = len + 1;
		break;
	case 2:
		to = below(d, (uint32_t)len + 1);
		break;
	default:
		to = len + below(d, 200);
	}
	if (to > room)
		to = room;
	if (to > len && chance(d, 500))
		fill(d, data + len, to - len);
	else if (to > len)
		memset(data + len, 0, to - len);
	return to;
}
