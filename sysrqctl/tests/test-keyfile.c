// SPDX-License-Identifier: GPL-2.0-only
/* Key files: what is in them, and whose they may be. */
#include "keyfile.h"

#include <sys/stat.h>
#include <unistd.h>

#include "test-run.h"
#include "test.h"

static char dir[] = "/tmp/sysrqctl-test-XXXXXX";
static char path[64];
static char good[512];

static void make_good(void)
{
	struct keyfile *key = keyfile_generate();

	check(key);
	strcpy(key->name, "ops");
	good[keyfile_format(key, good, sizeof(good))] = '\0';
	keyfile_free(key);
}

static void accept_text(const char *text, const char *name)
{
	struct keyfile *key;
	char why[512] = "";

	write_file(path, text, 0600);
	key = keyfile_read(path, why, sizeof(why));
	if (!key)
		fprintf(stderr, "%s\n", why);
	check(key && !strcmp(key->name, name));
	keyfile_free(key);
}

static void refuse_text(const char *text, const char *part)
{
	char why[512] = "";

	write_file(path, text, 0600);
	check(!keyfile_read(path, why, sizeof(why)));
	check_has(why, part);
	/* Whatever is wrong, the key is not told. */
	check(!strstr(why, strstr(good, "key: ") + 5));
}

/* @good with @from replaced by @to */
static const char *with(const char *from, const char *to)
{
	static char text[8192];
	const char *p = strstr(good, from);

	check(p);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(p - good), good, to,
		 p + strlen(from));
	return text;
}

static void test_text(void)
{
	char id[16];

	snprintf(id, sizeof(id), "%.12s", strstr(good, "id: "));
	accept_text(good, "ops");
	accept_text(with("name: ops\n", ""), "file");
	accept_text(with("kind", "\n# a comment\nkind"), "ops");

	refuse_text("", "file.key:0: is empty");
	refuse_text("nft-sysrq key v2\n", ":1: not a key file");
	refuse_text("nft-sysrq key v1\n", ":1: ends without kind");
	refuse_text(with("kind: host", "kind: moon"), ":2: kind: neither 'host' nor 'fleet'");
	refuse_text(with("kind: host", "kind: fleet"), "a fleet's key, which opens every host");
	refuse_text(with("kind: host\n", ""), "ends without kind");
	refuse_text(with(id, "id: 0"), ":3: id: not 8 hexadecimal");
	refuse_text(with(id, "id: 00000000"), "the id is not that of the key");
	refuse_text(with(id, "id: 0000000g"), ":3: id: not 8");
	refuse_text(with(id, "id: 00:00000"), ":3: id: not 8");
	refuse_text(with("key: ", "key: 0"), ":5: key: not 64 hexadecimal");
	refuse_text(with("key: ", "key:"), ":5: not 'field: value'");
	refuse_text(with("key: ", "key:  "), ":5: key: not 64");
	refuse_text(with("name: ops", "name: -x"), ":4: name: not 1 to 31");
	refuse_text(with("name: ops", "name: 12345678901234567890123456789012"), ":4: name: not");
	refuse_text(with("name: ops", "name: "), ":4: name: not");
	refuse_text(with("name: ops", "name: ops\nname: ops"), ":5: name: a second time");
	refuse_text(with("name: ops", "colour: red"), ":4: an unknown field");
	refuse_text(with("name: ops", "name: ops\r"), ":4: the line ends as on DOS");
	refuse_text(with("key: ", "key: 00\nkey: "), ":5: key: not 64");
}

/* What is written can be read, and is the same. */
static void same_again(const char *text)
{
	struct keyfile *key;
	char why[512] = "", again[KEYFILE_MAX + 1];

	write_file(path, text, 0600);
	key = keyfile_read_any(path, why, sizeof(why));
	if (!key)
		fprintf(stderr, "%s\n", why);
	check(key);
	again[keyfile_format(key, again, sizeof(again))] = '\0';
	check(!strcmp(again, text));
	keyfile_free(key);
}

static void test_settings(void)
{
	static const char all[] = "name: ops\nidentity: web1\nallow: bsu\ntolerance: 5000ms\n"
		"wall-clock: no\nexpires: @1900000000\nwindow: 128\noverlap: 3600s";
	static const char * const bad[][2] = {
		{ "allow: s!", ":5: allow: not only 0-9" },
		{ "tolerance: 1s", ":5: tolerance: not from 3s to 3600s" },
		{ "tolerance: red", ":5: tolerance: not a duration" },
		{ "wall-clock: maybe", ":5: wall-clock: not yes or no" },
		{ "expires: +30d", ":5: expires: in a file, +DUR says nothing definite" },
		{ "expires: soon", ":5: expires: not 2027-01-31" },
		{ "identity: Web1", ":5: identity: not at most 253" },
		{ "window: 100", ":5: window: not a power of two" },
		{ "overlap: 31d", ":5: overlap: longer than 30d" },
		{ "overlap: 0.5s", ":5: overlap: not in whole seconds" },
		{ "overlap: red", ":5: overlap: not a duration" },
		{ "realm: x", "realm: a fleet's key has one" },
		{ "allow: s\nallow: s", ":6: allow: a second time" },
	};
	struct keyfile *key;
	char text[64], why[512];
	size_t i;

	same_again(good);
	same_again(with("name: ops", all));
	write_file(path, with("name: ops", all), 0600);
	key = keyfile_read(path, why, sizeof(why));
	check(key && key->settings.given == (1 << KEY_SETTINGS) - 1);
	check(!strcmp(key->settings.letters, "bsu") && key->settings.tolerance_ms == 5000);
	check(key->settings.expires == 1900000000 && key->settings.overlap_s == 3600);
	check(!key->settings.wall && key->settings.window == 128);
	keyfile_free(key);
	accept_text(with("name: ops", "name: ops\nallow: \nexpires: 2020-01-01"), "ops");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "name: ops\n%s", bad[i][0]);
		refuse_text(with("name: ops", text), bad[i][1]);
	}
}

/* The manual tells of each field, and of no other; its example is one. */
static void test_manual(const char *manual)
{
	char text[16384], why[512] = "", name[32], item[48], *p, *end;
	struct keyfile *key = keyfile_generate();
	unsigned int fields = 0;

	read_file(manual, text, sizeof(text));
	write_file(path, with("name: ops", "colour: red"), 0600);
	check(!keyfile_read(path, why, sizeof(why)));
	p = strstr(why, "there are ");
	check(p);
	for (p += strlen("there are "); sscanf(p, "%31[a-z-]", name) == 1; fields++) {
		snprintf(item, sizeof(item), "\n.It %s\n", name);
		check_has(text, item);
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	check(fields > 5);
	for (p = text; (p = strstr(p, "\n.It ")); p++)
		fields -= p[5] != 'P';	/* of a file's path */
	check(!fields);

	p = strstr(text, "\nnft-sysrq key v1\n");
	end = p ? strstr(p, "\n.Ed") : NULL;
	check(end);
	check(!keyfile_parse(key, p + 1, end - p, manual, why, sizeof(why)));
	keyfile_free(key);
}

static void test_fleet(void)
{
	char text[1024], why[512];
	struct keyfile *key;

	snprintf(text, sizeof(text), "%s", with("kind: host", "kind: fleet"));
	same_again(text);
	check(!keyfile_read(path, why, sizeof(why)));
	check_has(why, "sysrqctl key derive --fleet");
	snprintf(strstr(text, "name: ops"), 512, "name: ops\nrealm: example.org\n%s", strstr(good, "key: "));
	same_again(text);
	key = keyfile_read_any(path, why, sizeof(why));
	check(key && key->fleet && !strcmp(key->realm, "example.org"));
	keyfile_free(key);
	snprintf(strstr(text, "realm: "), 512, "allow: s\n%s", strstr(good, "key: "));
	refuse_text(text, "a fleet's key has no settings");
	snprintf(strstr(text, "allow: "), 512, "realm: A\n%s", strstr(good, "key: "));
	refuse_text(text, ":5: realm: not 1 to 253");
}

static void test_long(void)
{
	char text[8192];
	size_t i, n;

	n = snprintf(text, sizeof(text), "%s", good);
	for (i = n; i < KEYFILE_MAX; i++)
		text[i] = '\n';
	text[i] = '\0';
	accept_text(text, "ops");
	text[i++] = '\n';
	text[i] = '\0';
	refuse_text(text, "longer than 4096 bytes");
}

static void test_zero_byte(void)
{
	char why[512], text[512];
	struct keyfile *key = keyfile_generate();
	size_t n = snprintf(text, sizeof(text), "%s", good);

	text[n++] = '\0';
	text[n++] = 'x';
	check(keyfile_parse(key, text, n, "f", why, sizeof(why)) == -EINVAL);
	check_has(why, "f:6: holds a zero byte");
	keyfile_free(key);
}

static void refuse_mode(unsigned int mode)
{
	struct keyfile *key;
	char why[512] = "";

	write_file(path, good, mode);
	key = keyfile_read(path, why, sizeof(why));
	check(!key);
	check_has(why, "chmod 600");
}

static void test_modes(void)
{
	static const unsigned int bad[] = { 0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666 };
	char why[512] = "", link[80];
	struct keyfile *key;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuse_mode(bad[i]);
	write_file(path, good, 0400);
	key = keyfile_read(path, why, sizeof(why));
	check(key);
	keyfile_free(key);

	/* A link counts as what it leads to. */
	snprintf(link, sizeof(link), "%s.lnk", path);
	check(!symlink(path, link));
	key = keyfile_read(link, why, sizeof(why));
	check(key);
	keyfile_free(key);
	check(!chmod(path, 0644));
	check(!keyfile_read(link, why, sizeof(why)));
	unlink(link);

	check(!keyfile_read(dir, why, sizeof(why)));
	check_has(why, "not a regular file");
	check(!mkfifo(link, 0600));
	check(!keyfile_read(link, why, sizeof(why)));
	check_has(why, "not a regular file");
	unlink(link);
	check(!keyfile_read("/nonexistent/key", why, sizeof(why)));
	check_has(why, "/nonexistent/key: No such file");
	if (!geteuid()) {
		write_file(path, good, 0600);
		check(!chown(path, 65534, 65534));
		check(!keyfile_read(path, why, sizeof(why)));
		check_has(why, "belongs to user 65534");
		check(!chown(path, 0, 0));
	}
}

static void test_credential(void)
{
	struct keyfile *key;
	char why[512] = "";

	unsetenv("CREDENTIALS_DIRECTORY");
	check(!keyfile_read("credential:file.key", why, sizeof(why)));
	check_has(why, "CREDENTIALS_DIRECTORY is not set");
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	write_file(path, good, 0440);
	key = keyfile_read("credential:file.key", why, sizeof(why));
	check(key);
	keyfile_free(key);
	check(!chmod(path, 0444));
	check(!keyfile_read("credential:file.key", why, sizeof(why)));
	check(!keyfile_read("credential:", why, sizeof(why)));
	check(!keyfile_read("credential:..", why, sizeof(why)));
	check(!keyfile_read("credential:../x", why, sizeof(why)));
	check_has(why, "not the name of a credential");
}

static void test_default(void)
{
	char why[512] = "", sub[64], file[96];
	struct keyfile *key;

	setenv("XDG_CONFIG_HOME", dir, 1);
	key = keyfile_read_default(why, sizeof(why));
	if (!key)
		check_has(why, "/sysrq/default.key nor /etc/sysrq/default.key is there");
	keyfile_free(key);
	snprintf(sub, sizeof(sub), "%s/sysrq", dir);
	check(!mkdir(sub, 0700));
	snprintf(file, sizeof(file), "%s/default.key", sub);
	write_file(file, good, 0600);
	key = keyfile_read_default(why, sizeof(why));
	check(key);
	keyfile_free(key);
	/* One that may not be used is not passed over. */
	check(!chmod(file, 0644));
	check(!keyfile_read_default(why, sizeof(why)));
	check_has(why, "chmod 600");
	unlink(file);
	rmdir(sub);
}

int main(int argc, char **argv)
{
	check(argc == 2 && sodium_init() >= 0);
	check(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file.key", dir);
	make_good();
	test_text();
	test_settings();
	test_manual(argv[1]);
	test_fleet();
	test_long();
	test_zero_byte();
	test_modes();
	test_credential();
	test_default();
	unlink(path);
	rmdir(dir);
	return 0;
}
