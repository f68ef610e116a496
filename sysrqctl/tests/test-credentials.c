// SPDX-License-Identifier: GPL-2.0-only
/* Keys that systemd gives a service, beside those of a directory, or alone. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key-dir.h"
#include "key-files.h"
#include "keyfile.h"
#include "test-run.h"
#include "test.h"

static char top[] = "/tmp/sysrqctl-test-XXXXXX";
static char folder[64], given[64];

static void test_alone(void)
{
	struct key_dir keys = { 0 };
	char why[4608];

	unsetenv("CREDENTIALS_DIRECTORY");
	check(!key_dir_add_credentials(&keys, why, sizeof(why)) && !keys.n);
	setenv("CREDENTIALS_DIRECTORY", given, 1);
	check(!key_dir_add_credentials(&keys, why, sizeof(why)) && !keys.n);
	put_key_file(given, "c.key", 3, "allow: s\n", 0600);
	put_key_file(given, "not-ours", 4, "", 0600);
	check(!key_dir_add_credentials(&keys, why, sizeof(why)) && keys.n == 1);
	check(!strcmp(keys.item[0].name, "c") && !strcmp(keys.item[0].path, "credential:c.key"));
	check(!strcmp(keys.item[0].set.letters, "s"));
	key_dir_free(&keys);
}

static void test_beside(void)
{
	struct key_dir keys;
	char why[4608];

	check(!key_dir_read(&keys, folder, why, sizeof(why)) && keys.n == 1);
	check(!key_dir_add_credentials(&keys, why, sizeof(why)) && keys.n == 2);
	check(!strcmp(keys.item[0].name, "a") && keys.item[0].material[0] == 1);
	check(!strcmp(keys.item[1].name, "c") && keys.item[1].material[0] == 3);
	key_dir_free(&keys);
}

static void test_refused(const char *more, u8 byte, const char *part)
{
	struct key_dir keys;
	char why[4608] = "";

	put_key_file(given, "c.key", byte, more, 0600);
	check(!key_dir_read(&keys, folder, why, sizeof(why)));
	check(key_dir_add_credentials(&keys, why, sizeof(why)));
	check_has(why, part);
	key_dir_free(&keys);
}

int main(void)
{
	check(sodium_init() >= 0 && mkdtemp(top));
	snprintf(folder, sizeof(folder), "%s/keys.d", top);
	snprintf(given, sizeof(given), "%s/credentials", top);
	check(!mkdir(folder, 0700) && !mkdir(given, 0700));
	put_key_file(folder, "a.key", 1, "", 0600);
	test_alone();
	test_beside();
	test_refused("name: a\n", 3, "credential:c.key: its key is called a, as that of ");
	test_refused("", 1, "credential:c.key: has the same key as ");
	test_refused("allow: s!\n", 3, "/c.key:5: allow: not only");
	remove_key_file(folder, "a.key");
	remove_key_file(given, "c.key");
	remove_key_file(given, "not-ours");
	check(!rmdir(folder) && !rmdir(given) && !rmdir(top));
	return 0;
}
