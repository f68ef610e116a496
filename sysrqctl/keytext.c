// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a key file:
 *
 *	nft-sysrq key v1
 *	kind: host
 *	id: 1a2b3c4d
 *	key: 64 hexadecimal digits
 *	name: ops
 *
 * The first line is first; the others come in any order, each once, name not
 * necessarily. Empty lines and lines that begin with # say nothing.
 */
#include "keyfile.h"

#include <stdarg.h>
#include <stdio.h>

#define FIRST_LINE	"nft-sysrq key v1"
#define ID_LEN		4

/* Where we are, and what has been read. */
struct reader {
	struct keyfile	*key;
	const char	*file;
	unsigned int	line;
	char		*why;
	size_t		len;
	u8		id[ID_LEN];
	unsigned int	seen;	/* bit i: fields[i] */
};

__attribute__((format(printf, 2, 3)))
static int refuse(struct reader *r, const char *fmt, ...)
{
	va_list ap;
	int n;

	n = snprintf(r->why, r->len, "%s:%u: ", r->file, r->line);
	va_start(ap, fmt);
	if (n >= 0 && (size_t)n < r->len)
		vsnprintf(r->why + n, r->len - n, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* Exactly @size bytes of hexadecimal. */
static bool hex(const char *text, u8 *out, size_t size)
{
	const char *end;
	size_t n;

	return strlen(text) == 2 * size &&
	       !sodium_hex2bin(out, size, text, 2 * size, NULL, &n, &end) && n == size &&
	       !*end;
}

static int read_kind(struct reader *r, const char *value)
{
	return strcmp(value, "host") ?
	       refuse(r, "kind: not 'host': a key of another kind, or not a key file") : 0;
}

static int read_id(struct reader *r, const char *value)
{
	return hex(value, r->id, ID_LEN) ? 0 : refuse(r, "id: not 8 hexadecimal digits");
}

static int read_key(struct reader *r, const char *value)
{
	return hex(value, r->key->material, NFT_SYSRQ_KEY_LEN) ? 0 :
	       refuse(r, "key: not 64 hexadecimal digits");
}

static int read_name(struct reader *r, const char *value)
{
	if (!nft_sysrq_wire_name(value))
		return refuse(r, "name: not 1 to 31 of A-Z a-z 0-9 . _ -, the first not -");
	strcpy(r->key->name, value);
	return 0;
}

static const struct {
	const char	*name;
	int		(*read)(struct reader *r, const char *value);
	bool		needed;
} fields[] = {
	{ "kind", read_kind, true },
	{ "id", read_id, true },
	{ "key", read_key, true },
	{ "name", read_name, false },
};

#define NFIELDS	(sizeof(fields) / sizeof(fields[0]))

/* Nothing of a line is repeated in an error: it may be the key. */
static int read_field(struct reader *r, char *line)
{
	char *value = strstr(line, ": ");
	size_t i;

	if (!value)
		return refuse(r, "not 'field: value'");
	*value = '\0';
	value += 2;
	for (i = 0; i < NFIELDS; i++) {
		if (strcmp(line, fields[i].name))
			continue;
		if (r->seen & 1U << i)
			return refuse(r, "%s: a second time", fields[i].name);
		r->seen |= 1U << i;
		return fields[i].read(r, value);
	}
	return refuse(r, "an unknown field; there are kind, id, key and name");
}

static int read_line(struct reader *r, char *line)
{
	size_t len = strlen(line);

	r->line++;
	if (len && line[len - 1] == '\r')
		return refuse(r, "the line ends as on DOS");
	if (r->line == 1)
		return strcmp(line, FIRST_LINE) ?
		       refuse(r, "not a key file: its first line is not '" FIRST_LINE "'") : 0;
	return !len || line[0] == '#' ? 0 : read_field(r, line);
}

static int check_whole(struct reader *r)
{
	size_t i;

	for (i = 0; i < NFIELDS; i++)
		if (fields[i].needed && !(r->seen & 1U << i))
			return refuse(r, "ends without %s", fields[i].name);
	nft_sysrq_mac_derive(&r->key->secrets, r->key->material);
	if (memcmp(r->id, &r->key->secrets.key_id, ID_LEN))
		return refuse(r, "the id is not that of the key: one of them is damaged");
	return 0;
}

/**
 * keyfile_parse - a key from the text of a key file
 * @key: filled in; zeroed before
 * @text: is cut up
 * @size: of @text, at most KEYFILE_MAX; there is one byte more behind it
 * @file: for the error
 * @why: says what is wrong, and where, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int keyfile_parse(struct keyfile *key, char *text, size_t size, const char *file,
		  char *why, size_t len)
{
	struct reader r = { .key = key, .file = file, .why = why, .len = len };
	char *line = text, *end;
	int err;

	text[size] = '\0';
	while (line < text + size) {
		end = strchr(line, '\n');
		if (end) {
			*end = '\0';
		} else {
			end = line + strlen(line);
			if (end != text + size) {
				r.line++;
				return refuse(&r, "holds a zero byte");
			}
		}
		err = read_line(&r, line);
		if (err)
			return err;
		line = end + 1;
	}
	if (!r.line)
		return refuse(&r, "is empty");
	return check_whole(&r);
}

/**
 * keyfile_format - the text of a key file
 * @key: its name is written if it has one
 * @text: where to; locked memory
 * @size: of @text; KEYFILE_MAX is enough
 *
 * Return: length of the text.
 */
size_t keyfile_format(const struct keyfile *key, char *text, size_t size)
{
	char id[2 * ID_LEN + 1];
	size_t n;

	sodium_bin2hex(id, sizeof(id), (const u8 *)&key->secrets.key_id, ID_LEN);
	n = snprintf(text, size, FIRST_LINE "\nkind: host\nid: %s\n", id);
	if (key->name[0])
		n += snprintf(text + n, size - n, "name: %s\n", key->name);
	n += snprintf(text + n, size - n, "key: ");
	sodium_bin2hex(text + n, size - n, key->material, sizeof(key->material));
	n += 2 * sizeof(key->material);
	text[n++] = '\n';
	return n;
}
