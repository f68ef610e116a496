// SPDX-License-Identifier: GPL-2.0-only
/* doctor: keys that are set, and those that the next boot sets: each broken, then mended. */
#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fake-root.h"
#include "key-words.h"
#include "keyfile.h"
#include "test.h"

#define DAY	86400
#define UNIT	"/usr/lib/systemd/system/sysrq-keys.service"

static struct doctor d;
static struct key_state keys[DOCTOR_FEW + 5];
static struct keyfile *ops;

/* Keys as they are set by key files that say nothing of settings. */
static void begin(unsigned int n)
{
	unsigned int i;

	root_doctor(&d);
	/* What key files say of time is by the real clock. */
	d.now = time(NULL);
	memset(keys, 0, sizeof(keys));
	for (i = 0; i < n; i++) {
		snprintf(keys[i].name, sizeof(keys[i].name), i ? "k%u" : "ops", i);
		strcpy(keys[i].letters, KEY_LETTERS_USUAL);
		keys[i].tolerance_ms = 60000;
		keys[i].window = 64;
		keys[i].last_use = 5;
		keys[i].left = -1;
		keys[i].id = i ? i : be32_to_cpu(ops->secrets.key_id);
	}
	d.state.keys = (struct keys_state){ keys, n, n };
}

static void put_file(const char *name, const char *more, unsigned int mode)
{
	char path[128], text[KEYFILE_MAX];

	text[keyfile_format(ops, text, sizeof(text))] = '\0';
	snprintf(path, sizeof(path), DOCTOR_KEYS_DIR "/%s", name);
	root_put(path, mode, "%s%s", text, more);
}

static void test_set(void)
{
	char name[256] = "", text[512];

	begin(0);
	root_look(&d, doctor_keys);
	root_found("problem", "keys", "none is set", "sysrqctl key gen > /etc/sysrq/keys.d/ops.key");
	put_file("ops.key", "", 0600);
	root_look(&d, doctor_keys);
	root_found("problem", "keys", "none is set", "sysrqctl key load");
	root_remove("/etc");
	begin(1);
	root_look(&d, doctor_keys);
	root_found("ok", "keys", "ops is set and good", NULL);
	root_fine();
	keys[0].last_use = -1;
	keys[0].age = 60;
	root_look(&d, doctor_keys);
	gethostname(name, sizeof(name) - 1);
	snprintf(text, sizeof(text), "sysrqctl doctor --key FILE %s    # where requests are sent from",
		 name);
	root_found("note", "keys", "ops was not used since it was set 1 min 0 s ago", text);
}

/* The command that gives ops.key another date. */
static void mend_of_file(char *text, size_t size)
{
	time_t until = d.now + 90 * DAY;
	char date[32];
	struct tm tm;

	gmtime_r(&until, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	snprintf(text, size, "sed -i 's/^expires:.*/expires: %s/' %s/etc/sysrq/keys.d/ops.key", date, fake_root);
}

/* A date that stands in a file is mended there; else it comes back. */
static void test_expiry_by_file(void)
{
	char text[256], line[64];

	begin(1);
	keys[0].expires = d.now + DAY;
	snprintf(line, sizeof(line), "expires: @%llu\n", (unsigned long long)keys[0].expires);
	put_file("ops.key", line, 0600);
	mend_of_file(text, sizeof(text));
	root_look(&d, doctor_keys);
	root_found("warning", "keys", "ops expires on ", text);
	root_found("warning", "keys", "ops expires on ", "sysrqctl key load");
	root_look(&d, doctor_key_files);
	root_fine();
	root_remove("/etc");
}

static void test_expiry(void)
{
	begin(2);
	keys[0].expires = d.now + 8 * DAY;
	root_look(&d, doctor_keys);
	root_found("ok", "keys", "2 are set and good", NULL);
	root_fine();
	keys[0].expires = d.now + 6 * DAY;
	root_look(&d, doctor_keys);
	root_found("warning", "keys", "ops expires on ", "sysrqctl key set ops --expires +90d");
	keys[0].expires = d.now - 1;
	keys[0].expired = true;
	root_look(&d, doctor_keys);
	root_found("warning", "keys", "ops has expired on ", "sysrqctl key set ops --expires +90d");
	root_found("ok", "keys", "k1 is set and good", NULL);
	d.state.keys.n = 1;
	root_look(&d, doctor_keys);
	root_found("problem", "keys", "and no other key is good", "sysrqctl key set ops --expires +90d");
	/* One that is replaced is no other. */
	d.state.keys.n = 2;
	keys[1].left = 100;
	root_look(&d, doctor_keys);
	root_found("problem", "keys", "and no other key is good", "sysrqctl key set ops --expires +90d");
}

static void test_many(void)
{
	unsigned int i;

	begin(DOCTOR_FEW + 5);
	for (i = 0; i < d.state.keys.n; i++)
		keys[i].expires = d.now + DAY;
	root_look(&d, doctor_keys);
	root_found("note", "keys", "there are 25, of which only the first 20 are told", NULL);
	check(d.count[DOCTOR_WARNING] == DOCTOR_FEW);
	root_look(&d, doctor_key_files);
	root_found("note", "keys", "there are more keys that are not the same", NULL);
	check(d.count[DOCTOR_WARNING] == DOCTOR_FEW);
}

static void test_unknown(void)
{
	begin(0);
	d.module_err = -EPERM;
	d.as_root = false;
	root_look(&d, doctor_keys);
	root_found("note", "keys", "only root may see which keys are set", "sudo sysrqctl doctor");
	root_look(&d, doctor_key_files);
	root_found("note", "keys", "only root may see the key files", "sudo sysrqctl doctor");
	begin(0);
	d.module_err = -ENOENT;
	root_look(&d, doctor_keys);
	root_look(&d, doctor_key_files);
	check(!root_count());
}

static void test_files(void)
{
	begin(1);
	root_look(&d, doctor_key_files);
	root_found("warning", "keys", "ops is in no file of /etc/sysrq/keys.d: lost at the next boot",
		   "install -m 600 FILE /etc/sysrq/keys.d/ops.key");
	/* Nor is it, if the unit has another as a credential; or takes this back. */
	root_put(UNIT, 0644, "[Service]\nExecStart=/usr/bin/sysrqctl key load\n");
	root_put(UNIT ".d/a.conf", 0644, "[Service]\nLoadCredential=s.key:/x\nLoadCredential=ops:/x\n");
	root_look(&d, doctor_key_files);
	root_found("warning", "keys", "ops is in no file of /etc/sysrq/keys.d",
		   "install -m 600 FILE /etc/sysrq/keys.d/ops.key");
	root_put(UNIT ".d/b.conf", 0644, "[Service]\nLoadCredentialEncrypted=ops.key:/x\n");
	root_look(&d, doctor_key_files);
	check(!root_count());
	root_put(UNIT ".d/c.conf", 0644, "[Service]\nLoadCredentialEncrypted=\n");
	root_look(&d, doctor_key_files);
	root_found("warning", "keys", "ops is in no file of /etc/sysrq/keys.d",
		   "install -m 600 FILE /etc/sysrq/keys.d/ops.key");
	root_remove("/usr");
	put_file("ops.key", "", 0600);
	root_look(&d, doctor_key_files);
	root_found("ok", "keys", "/etc/sysrq/keys.d has the same", NULL);
	root_fine();
	/* In whatever order. */
	put_file("ops.key", "allow: sub\n", 0600);
	strcpy(keys[0].letters, "bsu");
	root_look(&d, doctor_key_files);
	root_fine();
	strcpy(keys[0].letters, "bs");
	root_look(&d, doctor_key_files);
	root_found("warning", "keys", "ops is set otherwise than /etc/sysrq/keys.d/ops.key says",
		   "sysrqctl key load");
	keys[0].id++;
	root_look(&d, doctor_key_files);
	root_found("warning", "keys", "ops is another key (", "sysrqctl key load");
	strcpy(keys[0].name, "old");
	root_look(&d, doctor_key_files);
	root_found("warning", "keys", "ops is in /etc/sysrq/keys.d/ops.key, but not set",
		   "sysrqctl key load");
	root_found("warning", "keys", "old is in no file of ",
		   "install -m 600 FILE /etc/sysrq/keys.d/old.key");
	keys[0].id--;
	root_look(&d, doctor_key_files);
	root_found("problem", "keys", "the key that is set as old is called ops in /etc/sysrq/keys.d/ops.key",
		   "sysrqctl key del old");
	root_found("problem", "keys", "the key that is set as old is called ops", "sysrqctl key load");
	/* What is replaced and still good is nobody's loss. */
	begin(2);
	put_file("ops.key", "", 0600);
	keys[1].left = 100;
	root_look(&d, doctor_key_files);
	root_fine();
}

static void test_refused(void)
{
	char text[256];

	begin(1);
	put_file("ops.key", "allow: s!\n", 0600);
	root_look(&d, doctor_key_files);
	snprintf(text, sizeof(text), "${EDITOR:-vi} +5 %s/etc/sysrq/keys.d/ops.key", fake_root);
	root_found("problem", "keys", "ops.key:5: allow: not only 0-9, a-z and A-Z", text);
	put_file("ops.key", "", 0644);
	root_look(&d, doctor_key_files);
	snprintf(text, sizeof(text), "chmod 600 %s/etc/sysrq/keys.d/ops.key", fake_root);
	root_found("problem", "keys", "others than its owner may use it (mode 0644)", text);
	put_file("ops.key", "", 0600);
	put_file("twin.key", "name: twin\n", 0600);
	root_look(&d, doctor_key_files);
	snprintf(text, sizeof(text), "mv %s/etc/sysrq/keys.d/twin.key %s/etc/sysrq/keys.d/twin.key.away    "
		 "# or put it right", fake_root, fake_root);
	root_found("problem", "keys", "has the same key as ", text);
	root_remove(DOCTOR_KEYS_DIR "/twin.key");
	snprintf(text, sizeof(text), "%s" DOCTOR_KEYS_DIR, fake_root);
	check(!chmod(text, 0777));
	root_look(&d, doctor_key_files);
	snprintf(text, sizeof(text), "chmod 700 %s/etc/sysrq/keys.d", fake_root);
	root_found("problem", "keys", "others than its owner may put files into it (mode 0777)", text);
	check(!chmod(text + strlen("chmod 700 "), 0700));

	put_file("ops.key", "expires: 2020-01-01\n", 0600);
	root_look(&d, doctor_key_files);
	mend_of_file(text, sizeof(text));
	root_found("warning", "keys", "/etc/sysrq/keys.d/ops.key has expired", text);
	put_file("ops.key", "", 0600);
	root_look(&d, doctor_key_files);
	root_fine();
}

int main(void)
{
	check(sodium_init() >= 0);
	ops = keyfile_generate();
	check(ops);
	root_begin();
	test_set();
	test_expiry();
	test_expiry_by_file();
	test_many();
	test_unknown();
	test_files();
	test_refused();
	root_end();
	keyfile_free(ops);
	return 0;
}
