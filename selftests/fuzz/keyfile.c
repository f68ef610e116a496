// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a key file. Read, written and read again it is the same key; an error repeats nothing that
 * could be one. A byte 1 stands for id and key of a host, as nobody finds those by chance, 2 for another's.
 */
#include "keyfile.h"
#include "served.h"

#define WHY	512

static char lines[2][128];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const u8 material[2][NFT_SYSRQ_KEY_LEN] = { { 1 }, { 0xab, 0xcd } };
	struct nft_sysrq_secrets s;
	char id[9], key[2 * NFT_SYSRQ_KEY_LEN + 1];
	unsigned int i;

	(void)argc;
	(void)argv;
	for (i = 0; i < 2; i++) {
		nft_sysrq_mac_derive(&s, material[i]);
		sodium_bin2hex(id, sizeof(id), (const u8 *)&s.key_id, sizeof(s.key_id));
		sodium_bin2hex(key, sizeof(key), material[i], sizeof(material[i]));
		snprintf(lines[i], sizeof(lines[i]), "id: %s\nkey: %s\n", id, key);
	}
	return 0;
}

/* Return: length of the text. */
static size_t put(char *text, const uint8_t *data, size_t size)
{
	size_t i, len, n = 0;

	for (i = 0; i < size; i++) {
		len = data[i] == 1 || data[i] == 2 ? strlen(lines[data[i] - 1]) : 1;
		if (n + len > KEYFILE_MAX)
			break;
		memcpy(text + n, len > 1 ? lines[data[i] - 1] : (const char *)data + i, len);
		n += len;
	}
	return n;
}

/* Nothing of a key is as short. */
static void must_tell_nothing(const char *why)
{
	size_t digits = 0;

	for (; *why; why++) {
		digits = isxdigit((unsigned char)*why) ? digits + 1 : 0;
		must(digits < 9);
	}
}

/* In memory of exactly its length. */
static int parse(struct keyfile *key, const char *text, size_t len, char *why)
{
	char *copy = malloc(len + 1);
	int err;

	memcpy(copy, text, len);
	memset(key, 0, sizeof(*key));
	err = keyfile_parse(key, copy, len, "file", why, WHY);
	free(copy);
	return err;
}

static void check_again(const struct keyfile *key)
{
	static char text[KEYFILE_MAX + 1], second[KEYFILE_MAX + 1];
	char why[WHY] = "";
	struct keyfile again;
	size_t len = keyfile_format(key, text, sizeof(text));

	must(len <= KEYFILE_MAX && !parse(&again, text, len, why));
	must(!memcmp(key->material, again.material, sizeof(again.material)) && key->fleet == again.fleet);
	must(key->secrets.key_id == again.secrets.key_id);
	must(!strcmp(key->name, again.name) && !strcmp(key->realm, again.realm));
	must(key->settings.given == again.settings.given && key->settings.expires == again.settings.expires);
	must(key->settings.tolerance_ms == again.settings.tolerance_ms &&
	     key->settings.window == again.settings.window &&
	     key->settings.overlap_s == again.settings.overlap_s && key->settings.wall == again.settings.wall);
	must(keyfile_format(&again, second, sizeof(second)) == len && !memcmp(text, second, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[KEYFILE_MAX];
	struct keyfile key;
	char why[WHY] = "";

	if (parse(&key, text, put(text, data, size), why)) {
		must_be_line(why);
		must(!strncmp(why, "file:", 5));
		must_tell_nothing(why);
		return 0;
	}
	must(!why[0] && (!key.name[0] || nft_sysrq_wire_name(key.name)));
	must(!key.fleet || !key.settings.given);
	check_again(&key);
	return 0;
}
