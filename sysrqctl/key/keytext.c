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
 * The first line is first; the others come in any order, each once. Kind, id and
 * key are needed; a host's key may also have settings, a fleet's its realm.
 * Empty lines and lines that begin with # say nothing. sysrq-keys(5) tells more.
 */
#include "keyfile.h"

#include <stdarg.h>
#include <stdio.h>

#include "derive.h"

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

struct field {
	const char	*name;
	int		(*read)(struct reader *r, const struct field *f, const char *value);
	bool		needed;
	enum key_setting setting;
};

static int read_kind(struct reader *r, const struct field *f, const char *value)
{
	if (strcmp(value, "host") && strcmp(value, "fleet"))
		return refuse(r, "%s: neither 'host' nor 'fleet': a key of another kind, "
			      "or not a key file", f->name);
	r->key->fleet = !strcmp(value, "fleet");
	return 0;
}

static int read_id(struct reader *r, const struct field *f, const char *value)
{
	return hex(value, r->id, ID_LEN) ? 0 :
	       refuse(r, "%s: not 8 hexadecimal digits", f->name);
}

static int read_key(struct reader *r, const struct field *f, const char *value)
{
	return hex(value, r->key->material, NFT_SYSRQ_KEY_LEN) ? 0 :
	       refuse(r, "%s: not 64 hexadecimal digits", f->name);
}

static int read_name(struct reader *r, const struct field *f, const char *value)
{
	if (!nft_sysrq_wire_name(value))
		return refuse(r, "%s: not 1 to 31 of A-Z a-z 0-9 . _ -, the first not -",
			      f->name);
	strcpy(r->key->name, value);
	return 0;
}

static int read_realm(struct reader *r, const struct field *f, const char *value)
{
	if (!derive_realm_valid(value))
		return refuse(r, "%s: not 1 to %d characters of lower-case ASCII "
			      "without final dot", f->name, NFT_SYSRQ_IDENTITY_LEN - 1);
	strcpy(r->key->realm, value);
	return 0;
}

static int read_setting(struct reader *r, const struct field *f, const char *value)
{
	const char *wrong = key_setting_take(&r->key->settings, f->setting, value, false);

	return wrong ? refuse(r, "%s: %s", f->name, wrong) : 0;
}

static const struct field fields[] = {
	{ "kind", read_kind, true, 0 },
	{ "id", read_id, true, 0 },
	{ "key", read_key, true, 0 },
	{ "name", read_name, false, 0 },
	{ "realm", read_realm, false, 0 },
	{ "identity", read_setting, false, KEY_IDENTITY },
	{ "allow", read_setting, false, KEY_ALLOW },
	{ "tolerance", read_setting, false, KEY_TOLERANCE },
	{ "wall-clock", read_setting, false, KEY_WALL },
	{ "expires", read_setting, false, KEY_EXPIRES },
	{ "window", read_setting, false, KEY_WINDOW },
	{ "overlap", read_setting, false, KEY_OVERLAP },
};

#define NFIELDS	(sizeof(fields) / sizeof(fields[0]))

/* Nothing of a line is repeated in an error: it may be the key. */
static int refuse_unknown(struct reader *r)
{
	char names[256];
	size_t i, n = 0;

	for (i = 0; i < NFIELDS; i++)
		n += snprintf(names + n, sizeof(names) - n, "%s%s", i ? ", " : "",
			      fields[i].name);
	return refuse(r, "an unknown field; there are %s", names);
}

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
		return fields[i].read(r, &fields[i], value);
	}
	return refuse_unknown(r);
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
	if (r->key->fleet && r->key->settings.given)
		return refuse(r, "a fleet's key has no settings; those are a host key's");
	if (!r->key->fleet && r->key->realm[0])
		return refuse(r, "realm: a fleet's key has one, a host's has not");
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

static size_t format_settings(const struct key_settings *set, char *text, size_t size)
{
	char value[256];
	size_t i, n = 0;

	for (i = 0; i < NFIELDS; i++) {
		if (fields[i].read != read_setting || !key_settings_has(set, fields[i].setting))
			continue;
		key_setting_format(set, fields[i].setting, value, sizeof(value));
		n += snprintf(text + n, size - n, "%s: %s\n", fields[i].name, value);
	}
	return n;
}

/**
 * keyfile_format - the text of a key file
 * @key: name, realm and settings are written if it has them
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
	n = snprintf(text, size, FIRST_LINE "\nkind: %s\nid: %s\n",
		     key->fleet ? "fleet" : "host", id);
	if (key->name[0])
		n += snprintf(text + n, size - n, "name: %s\n", key->name);
	if (key->realm[0])
		n += snprintf(text + n, size - n, "realm: %s\n", key->realm);
	n += format_settings(&key->settings, text + n, size - n);
	n += snprintf(text + n, size - n, "key: ");
	sodium_bin2hex(text + n, size - n, key->material, sizeof(key->material));
	n += 2 * sizeof(key->material);
	text[n++] = '\n';
	return n;
}
