// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "carrier.h"

#define MARK_HEAD	"sysrq:"
#define MARK_DRAWN	8	/* characters of 6 bits */
#define MARK_LEN	(sizeof(MARK_HEAD) - 1 + MARK_DRAWN + 1)

static char mark[MARK_LEN + 1] = MARK_HEAD;

/* Once, before any thread uses it. */
void carrier_init(void)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *p = mark + sizeof(MARK_HEAD) - 1;
	struct timespec now;
	unsigned int i;
	uint64_t id;

	/* Early in boot there may be no entropy yet: uniqueness, not secrecy, is what is needed. */
	if (getrandom(&id, sizeof(id), GRND_NONBLOCK) != sizeof(id)) {
		clock_gettime(CLOCK_REALTIME, &now);
		id = ((uint64_t)now.tv_sec << 30 ^ now.tv_nsec ^ getpid()) * 0x9e3779b97f4a7c15u;
	}
	/* From the high end, where the product is mixed best. */
	for (i = 0; i < MARK_DRAWN; i++, id <<= 6)
		*p++ = digits[id >> 58];
	strcpy(p, ":");
}

const char *carrier_mark(void)
{
	return mark;
}

static void put(struct buf *b, char flags, const char *key, size_t len)
{
	buf_str(b, mark);
	buf_add(b, &flags, 1);
	buf_add(b, ":", 1);
	buf_add(b, key, len);
}

void carrier_put(struct buf *b, const char *key, size_t len, bool silent)
{
	put(b, silent ? 's' : '-', key, len);
}

void carrier_put_expr(struct buf *b, const struct nftnl_sysrq *e)
{
	const char *key = e ? nftnl_sysrq_get_key(e) : NULL;

	put(b, !e ? '?' : nftnl_sysrq_get_flags(e) & NFTNL_SYSRQ_SILENT ? 's' : '-', key,
	    key ? strlen(key) : 0);
}

void carrier_put_apart(struct buf *b)
{
	buf_str(b, mark);
	buf_str(b, "o");
}

bool carrier_is_apart(const char *text, size_t len)
{
	return len == MARK_LEN + 1 && !memcmp(text, mark, MARK_LEN) && text[MARK_LEN] == 'o';
}

int carrier_parse(const char *text, size_t len, struct nftnl_sysrq **e)
{
	char key[NFTNL_SYSRQ_KEY_MAX + 1] = "";
	int err = 0;
	char flags;

	*e = NULL;
	if (len < MARK_LEN || memcmp(text, mark, MARK_LEN))
		return -ENOENT;
	text += MARK_LEN;
	len -= MARK_LEN;
	if (len < 2 || (text[0] != 's' && text[0] != '-') || text[1] != ':')
		return -EINVAL;
	flags = text[0];
	text += 2;
	len -= 2;
	if (len > NFTNL_SYSRQ_KEY_MAX)
		return -EINVAL;
	memcpy(key, text, len);
	*e = nftnl_sysrq_alloc();
	if (!*e)
		return -ENOMEM;
	if (len)
		err = nftnl_sysrq_set_key(*e, key);
	if (!err && flags == 's')
		err = nftnl_sysrq_set_flags(*e, NFTNL_SYSRQ_SILENT);
	if (err) {
		nftnl_sysrq_free(*e);
		*e = NULL;
	}
	return err;
}

/* As typed, in a line that nft has not got to the end of. */
static bool print_variable(struct buf *b, const char *text, size_t len)
{
	const size_t at = MARK_LEN + 2;

	if (len <= at || memcmp(text, mark, MARK_LEN) || text[at] != '$')
		return false;
	buf_str(b, "sysrq key ");
	buf_add(b, text + at, len - at);
	if (text[MARK_LEN] == 's')
		buf_str(b, " silent");
	return true;
}

void carrier_print(struct buf *b, const char *text, size_t len)
{
	struct nftnl_sysrq *e;
	char stmt[64];

	if (print_variable(b, text, len))
		return;
	if (carrier_parse(text, len, &e)) {
		buf_str(b, CARRIER_UNKNOWN);
		return;
	}
	nftnl_sysrq_snprintf(stmt, sizeof(stmt), e);
	buf_str(b, stmt);
	nftnl_sysrq_free(e);
}
