// SPDX-License-Identifier: GPL-2.0-only
/* key load: a directory is read whole or not; the kernel has all of it or nothing. */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key-apply.h"
#include "key-files.h"
#include "keyfile.h"
#include "test-run.h"
#include "test.h"

#define KEYS	8

/* A kernel with keys. */
static struct {
	struct key_state	key;
	u8			material[NFT_SYSRQ_KEY_LEN];
} kernel[KEYS];
static size_t nkeys;
static unsigned int ops, fail_at, again;
static int fail_with;

static char dir[] = "/tmp/sysrqctl-test-XXXXXX";
static char path[128];

int __wrap_genl_talk(struct genl *g, mnl_cb_t cb, void *arg);

static size_t find(const char *name)
{
	size_t i;

	for (i = 0; i < nkeys; i++)
		if (!strcmp(kernel[i].key.name, name) && kernel[i].key.left < 0)
			break;
	return i;
}

static void put_settings(struct key_state *k, const struct nlattr **tb)
{
	if (tb[NFT_SYSRQ_A_KEY_LETTERS])
		strcpy(k->letters, mnl_attr_get_str(tb[NFT_SYSRQ_A_KEY_LETTERS]));
	if (tb[NFT_SYSRQ_A_KEY_IDENTITY])
		strcpy(k->identity, mnl_attr_get_str(tb[NFT_SYSRQ_A_KEY_IDENTITY]));
	if (tb[NFT_SYSRQ_A_KEY_TOLERANCE])
		k->tolerance_ms = mnl_attr_get_u32(tb[NFT_SYSRQ_A_KEY_TOLERANCE]);
	if (tb[NFT_SYSRQ_A_KEY_WALL])
		k->wall = mnl_attr_get_u8(tb[NFT_SYSRQ_A_KEY_WALL]);
	if (tb[NFT_SYSRQ_A_KEY_EXPIRES])
		k->expires = mnl_attr_get_u64(tb[NFT_SYSRQ_A_KEY_EXPIRES]);
	if (tb[NFT_SYSRQ_A_KEY_WINDOW])
		k->window = mnl_attr_get_u32(tb[NFT_SYSRQ_A_KEY_WINDOW]);
}

static void put_material(size_t i, const u8 *material)
{
	struct nft_sysrq_secrets s;

	memcpy(kernel[i].material, material, NFT_SYSRQ_KEY_LEN);
	nft_sysrq_mac_derive(&s, material);
	kernel[i].key.id = be32_to_cpu(s.key_id);
}

static int set(const char *name, const struct nlattr **tb, bool make)
{
	const u8 *material = NULL;
	size_t i = find(name), j;

	if (make ? i < nkeys : i == nkeys)
		return make ? -EEXIST : -ENOENT;
	if (tb[NFT_SYSRQ_A_KEY_MATERIAL])
		material = mnl_attr_get_payload(tb[NFT_SYSRQ_A_KEY_MATERIAL]);
	for (j = 0; material && j < nkeys; j++)
		if (j != i && !memcmp(kernel[j].material, material, NFT_SYSRQ_KEY_LEN))
			return -EEXIST;
	if (make) {
		check(nkeys < KEYS && material);
		nkeys++;
		memset(&kernel[i], 0, sizeof(kernel[i]));
		strcpy(kernel[i].key.name, name);
		kernel[i].key.left = kernel[i].key.last_use = -1;
		kernel[i].key.window = 64;
	} else if (material && memcmp(material, kernel[i].material, NFT_SYSRQ_KEY_LEN) &&
		   tb[NFT_SYSRQ_A_KEY_OVERLAP]) {
		check(nkeys < KEYS);
		kernel[nkeys] = kernel[i];
		kernel[nkeys++].key.left = mnl_attr_get_u32(tb[NFT_SYSRQ_A_KEY_OVERLAP]);
	} else if (!material && tb[NFT_SYSRQ_A_KEY_OVERLAP]) {
		check(!mnl_attr_get_u32(tb[NFT_SYSRQ_A_KEY_OVERLAP]));
		for (j = 0; j < nkeys; j++)
			if (!strcmp(kernel[j].key.name, name) && kernel[j].key.left >= 0)
				kernel[j] = kernel[--nkeys];
	}
	if (material)
		put_material(i, material);
	put_settings(&kernel[i].key, tb);
	return 0;
}

static int dump(mnl_cb_t cb, void *arg)
{
	const struct key_state *k;
	struct nlmsghdr *nlh;
	char buf[2048];
	size_t i;

	for (i = 0; i < nkeys; i++) {
		k = &kernel[i].key;
		nlh = mnl_nlmsg_put_header(buf);
		mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_NAME, k->name);
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_IDENTITY, k->identity);
		mnl_attr_put_strz(nlh, NFT_SYSRQ_A_KEY_LETTERS, k->letters);
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_TOLERANCE, k->tolerance_ms);
		mnl_attr_put_u8(nlh, NFT_SYSRQ_A_KEY_WALL, k->wall);
		mnl_attr_put_u64(nlh, NFT_SYSRQ_A_KEY_EXPIRES, k->expires);
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_WINDOW, k->window);
		mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_ID, k->id);
		if (k->left >= 0)
			mnl_attr_put_u32(nlh, NFT_SYSRQ_A_KEY_OVERLAP, k->left);
		check(cb(nlh, arg) == MNL_CB_OK);
	}
	return 0;
}

/* What the tool takes for the kernel. */
int __wrap_genl_talk(struct genl *g, mnl_cb_t cb, void *arg)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(g->msg);
	const struct nlattr *tb[NFT_SYSRQ_A_KEY_MAX + 1];
	size_t i;

	g->why[0] = '\0';
	if (genl->cmd == NFT_SYSRQ_CMD_KEY_GET)
		return dump(cb, arg);
	if (again) {
		again--;
		return -EAGAIN;
	}
	if (++ops == fail_at)
		return fail_with;
	genl_attrs(g->msg, tb, NFT_SYSRQ_A_KEY_MAX);
	if (genl->cmd != NFT_SYSRQ_CMD_KEY_DEL)
		return set(mnl_attr_get_str(tb[NFT_SYSRQ_A_KEY_NAME]), tb,
			   genl->cmd == NFT_SYSRQ_CMD_KEY_NEW);
	i = find(mnl_attr_get_str(tb[NFT_SYSRQ_A_KEY_NAME]));
	if (i == nkeys)
		return -ENOENT;
	kernel[i] = kernel[--nkeys];
	return 0;
}

static void put_file(const char *name, u8 byte, const char *more, unsigned int mode)
{
	put_key_file(path, name, byte, more, mode);
}

static void remove_file(const char *name)
{
	remove_key_file(path, name);
}

/* Return: the exit status. */
static int load(bool only, struct key_counts *counts)
{
	struct genl g = { .msg = calloc(1, 2048) };
	static const struct command cmd = { .name = "key load" };
	struct key_dir keys;
	char why[4608];
	int status;

	check(!key_dir_read(&keys, path, why, sizeof(why)));
	status = key_apply(&cmd, &g, &keys, only, counts);
	key_dir_free(&keys);
	free(g.msg);
	return status;
}

static void refuse(const char *part)
{
	struct key_dir keys;
	char why[4608] = "";

	check(key_dir_read(&keys, path, why, sizeof(why)));
	check_has(why, part);
	key_dir_free(&keys);
}

static void test_dir(void)
{
	struct key_counts c;

	snprintf(path, sizeof(path), "%s/none", dir);
	refuse("/none: No such file or directory");
	snprintf(path, sizeof(path), "%s/keys.d", dir);
	check(!mkdir(path, 0700));
	put_file("a.key", 1, "", 0600);
	put_file("notes.txt", 1, "", 0644);
	put_file(".b.key", 1, "", 0644);
	check(!load(false, &c) && c.made == 1 && nkeys == 1);
	put_file("b.key", 2, "allow: s!\n", 0600);
	refuse("/b.key:5: allow: not only 0-9, a-z and A-Z");
	put_file("b.key", 2, "", 0640);
	refuse("/b.key: others than its owner may use it (mode 0640)");
	put_file("b.key", 2, "name: a\n", 0600);
	refuse("/b.key: its key is called a, as that of ");
	put_file("b.key", 1, "", 0600);
	refuse("has the same key as ");
	put_file("b.key", 2, "expires: 2020-01-01\n", 0600);
	check(!load(false, &c) && c.same == 1 && nkeys == 1);
	check(!chmod(path, 0770));
	refuse("others than its owner may put files into it (mode 0770)");
	check(!chmod(path, 0755));
	remove_file("b.key");
	remove_file(".b.key");
	remove_file("notes.txt");
}

/* In the kernel: a of 1, b of 2, x of 9. The directory: a of 1, b of 3, c of 4, d of 5. */
static void prepare(void)
{
	struct key_counts c;

	nkeys = ops = fail_at = 0;
	put_file("b.key", 2, "", 0600);
	put_file("x.key", 9, "", 0600);
	check(!load(false, &c) && c.made == 3 && nkeys == 3);
	check(!load(true, &c) && c.same == 3 && !c.deleted && nkeys == 3);
	remove_file("x.key");
	put_file("a.key", 1, "allow: bsu\nwall-clock: yes\nidentity: web1\n", 0600);
	put_file("b.key", 3, "", 0600);
	put_file("c.key", 4, "tolerance: 5s\n", 0600);
	put_file("d.key", 5, "window: 128\n", 0600);
	ops = 0;
}

static void tidy(void)
{
	remove_file("c.key");
	remove_file("d.key");
	put_file("a.key", 1, "", 0600);
}

static void test_good(void)
{
	struct key_counts c;

	prepare();
	again = 3;
	check(!load(false, &c));
	check(c.made == 2 && c.changed == 1 && c.replaced == 1 && !c.same && !c.deleted);
	check(nkeys == 5 && kernel[find("b")].material[0] == 3);
	check(!strcmp(kernel[find("a")].key.letters, "bsu") && kernel[find("a")].key.wall);
	check(kernel[find("c")].key.tolerance_ms == 5000);
	check(kernel[find("d")].key.window == 128);
	check(!load(false, &c) && c.same == 4 && nkeys == 5);
	check(!load(true, &c) && c.same == 4 && c.deleted == 1 && find("x") == nkeys);
	/* An overlap that the file names stays. */
	put_file("b.key", 6, "overlap: 1d\n", 0600);
	check(!load(false, &c) && c.replaced == 1 && nkeys == 5);
	check(kernel[nkeys - 1].key.left == 86400 && kernel[nkeys - 1].material[0] == 3);
	check(!load(true, &c) && c.same == 4 && !c.deleted && nkeys == 5);
	tidy();
}

/* Whichever step fails: what was is there again; only replaced material is not. */
static void test_undo(void)
{
	struct key_state a;
	struct key_counts c;
	unsigned int at;
	size_t i;

	for (at = 1; at <= 4; at++) {
		prepare();
		a = kernel[find("a")].key;
		fail_at = at;
		fail_with = -ENOMEM;
		check(load(true, &c) == EXIT_USAGE);
		check(nkeys == 3 && find("x") < nkeys && find("c") == nkeys);
		i = find("a");
		check(!strcmp(kernel[i].key.letters, a.letters) && kernel[i].key.wall == a.wall &&
		      !strcmp(kernel[i].key.identity, a.identity));
		check(kernel[find("b")].material[0] == 2);
		tidy();
	}
	/* No room for the old beside the new: replaced at once. */
	prepare();
	fail_at = 4;
	fail_with = -ENOSPC;
	check(!load(false, &c) && c.replaced == 1 && nkeys == 5);
	check(kernel[find("b")].material[0] == 3);
	fail_with = -ENOMEM;
	tidy();
	/* Two to replace; the second fails: the first has its old beside it for an hour. */
	prepare();
	put_file("x.key", 2, "", 0600);
	fail_at = 5;
	check(load(true, &c) == EXIT_USAGE);
	check(nkeys == 4 && kernel[find("b")].material[0] == 3);
	check(kernel[3].material[0] == 2 && kernel[3].key.left == 3600);
	check(kernel[find("x")].material[0] == 9);
	remove_file("x.key");
	tidy();
}

/* Any user may lock what he may read, and a process of root's may hang: that holds nobody up for ever. */
static void test_lock(mode_t mode)
{
	struct key_counts c;
	int fd;

	prepare();
	check(!chmod(path, mode));
	fd = open(path, O_RDONLY | O_DIRECTORY);
	check(fd >= 0 && !flock(fd, LOCK_SH));
	alarm(60);
	check(!load(false, &c) && nkeys == 5);
	alarm(0);
	close(fd);
	tidy();
}

int main(void)
{
	check(sodium_init() >= 0 && mkdtemp(dir));
	test_dir();
	test_good();
	test_undo();
	test_lock(0755);
	test_lock(0700);
	remove_file("a.key");
	remove_file("b.key");
	rmdir(path);
	rmdir(dir);
	return 0;
}
