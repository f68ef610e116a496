// SPDX-License-Identifier: GPL-2.0-only
/* Remembered epochs: estimates, the file, hostile files, writers at the same time. */
#include "epochs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <unistd.h>

#include "duration.h"
#include "test-run.h"
#include "test.h"

#define S	NS_PER_S
#define BOOT_A	"11111111-1111-1111-1111-111111111111"
#define BOOT_B	"22222222-2222-2222-2222-222222222222"
#define NOW	(1900000000 * S)

static char dir[] = "/tmp/sysrqctl-test-XXXXXX";
static char path[64];

static void begin(struct epochs *e)
{
	epochs_begin(e, path, BOOT_A, true);
	epochs_load(e);
}

static void learn(struct epochs *e, u32 key, const char *host, u64 epoch, s64 age, bool gone)
{
	const struct exchange_learned told = {
		.epoch = cpu_to_be64(epoch), .boot = 777 * S,
		.at = { .boot = 5000 * S - age, .real = NOW - age }, .lead_ms = -1234,
	};

	check(!epochs_learn(e, key, host, "9", &told, gone));
}

/* Save, and read anew. */
static void turn_over(struct epochs *e)
{
	epochs_save(e, NOW);
	check(!e->warning[0]);
	epochs_end(e);
	begin(e);
	check(!e->warning[0]);
}

static u64 epoch_of(const struct epochs *e, u32 key, const char *host)
{
	const struct epoch *entry = epochs_find(e, key, host, "9");

	return entry ? be64_to_cpu(entry->told.epoch) : 0;
}

static void test_file(void)
{
	const struct epoch *entry;
	struct epochs e;
	struct stat st;

	begin(&e);
	check(!e.warning[0] && !e.known.n);
	epochs_save(&e, NOW);
	check(stat(path, &st) && !e.warning[0]);	/* nothing learned, nothing written */
	learn(&e, 7, "Web1", 42, 0, false);
	learn(&e, 7, "web2", 43, S, false);
	learn(&e, 7, "web2", 44, 0, false);
	learn(&e, 8, "web1", 45, 0, false);
	turn_over(&e);
	check(!stat(path, &st) && (st.st_mode & 07777) == 0600 && e.known.n == 3);
	check(epoch_of(&e, 7, "wEb1") == 42 && epoch_of(&e, 7, "web2") == 44);
	check(epoch_of(&e, 8, "web1") == 45 && !epoch_of(&e, 9, "web1"));
	check(!epochs_find(&e, 7, "web1", "10"));
	entry = epochs_find(&e, 7, "web1", "9");
	check(entry->told.boot == 777 * S && entry->told.at.boot == 5000 * S);
	check(entry->told.at.real == NOW && entry->told.lead_ms == -1234 && entry->right);
	check(!strcmp(entry->boot_id, BOOT_A));

	/* A later word takes the place of the one before; one that is gone, none. */
	learn(&e, 7, "web1", 46, 0, false);
	learn(&e, 8, "web1", 47, 0, true);
	learn(&e, 8, "never", 48, 0, true);
	turn_over(&e);
	check(epoch_of(&e, 7, "web1") == 46 && e.known.n == 2);

	/* What another sysrqctl has heard after us stays. */
	learn(&e, 7, "web1", 49, 60 * S, false);
	turn_over(&e);
	check(epoch_of(&e, 7, "web1") == 46);
	epochs_end(&e);
}

static bool ahead(s64 age, s64 now_boot, s64 now_real, const char *boot_id, bool right,
		  bool insist, s64 *result)
{
	struct epochs e;
	struct epoch entry = { .right = true, .told = { .boot = 777 * S } };
	struct exchange_clock now = { now_boot, now_real };

	entry.told.at = (struct exchange_clock){ 5000 * S - age, NOW - age };
	strcpy(entry.boot_id, BOOT_A);
	epochs_begin(&e, "", boot_id, right);
	return epochs_ahead(&e, &entry, insist, &now, result);
}

static void test_estimate(void)
{
	s64 a;

	/* Heard just now: exact. An hour ago: behind by 72 ms, never ahead. */
	check(ahead(0, 5000 * S, NOW, BOOT_A, true, false, &a) && a == -4223 * S);
	check(ahead(3600 * S, 5000 * S, NOW, BOOT_A, true, false, &a));
	check(a == (777 + 3600 - 5000) * S - 72 * NS_PER_MS);
	/* A year ago: 10 s are the most that is taken off. */
	check(ahead(0, 5000 * S + 31536000 * S, NOW, BOOT_A, true, false, &a));
	check(a == -4223 * S - 10 * S);

	/* In the same boot, wall clocks do not matter: set back, set ahead, not right. */
	check(ahead(0, 5001 * S, NOW - 86400 * S, BOOT_A, false, false, &a));
	check(a == 778 * S - 5001 * S - 20000);
	check(ahead(0, 5001 * S, NOW + 86400 * S, BOOT_A, true, false, &a));
	check(a == 778 * S - 5001 * S - 20000);

	/* In another one, it is all there is: it must be right, or insisted on. */
	check(ahead(0, 30 * S, NOW + 100 * S, BOOT_B, true, false, &a));
	check(a == 877 * S - 30 * S - 2 * NS_PER_MS);
	check(!ahead(0, 30 * S, NOW + 100 * S, BOOT_B, false, false, &a));
	check(ahead(0, 30 * S, NOW + 100 * S, BOOT_B, false, true, &a));
	check(!ahead(0, 30 * S, NOW - S, BOOT_B, true, true, &a));
	/* Nobody knows which boot it is: then it is another one. */
	check(!ahead(0, 5001 * S, NOW - S, "-", true, false, &a));
	/* A boot that is younger than what it has heard. */
	check(!ahead(0, 4999 * S, NOW + S, BOOT_A, true, true, &a));
}

static const char good[] =
	"00000007 web1 9 000000000000002a 777000000000 1900000000000000000 5000000000000 "
	BOOT_A " right -1234\n";

/* A file with @text; Return: how many entries are taken from it. */
static size_t load_text(const char *text, const char *part)
{
	struct epochs e;
	size_t n;

	write_file(path, text, 0600);
	begin(&e);
	if (!strstr(e.warning, part))
		fprintf(stderr, "'%s' of: %s\n", e.warning, text);
	check(part[0] ? strstr(e.warning, part) != NULL : !e.warning[0]);
	n = e.known.n;
	epochs_end(&e);
	return n;
}

static void test_hostile(void)
{
	static const char * const bad[] = {
		"", " ", "x", "00000007 web1 9 000000000000002a 1 2 3 " BOOT_A " right",
		"00000007 web1 9 000000000000002a 1 2 3 " BOOT_A " right 4 5",
		"0000007 web1 9 000000000000002a 1 2 3 " BOOT_A " right 4",
		"0000000g web1 9 000000000000002a 1 2 3 " BOOT_A " right 4",
		"00000007  9 000000000000002a 1 2 3 " BOOT_A " right 4",
		"00000007 we\tb1 9 000000000000002a 1 2 3 " BOOT_A " right 4",
		"00000007 web1 0 000000000000002a 1 2 3 " BOOT_A " right 4",
		"00000007 web1 09 000000000000002a 1 2 3 " BOOT_A " right 4",
		"00000007 web1 65536 000000000000002a 1 2 3 " BOOT_A " right 4",
		"00000007 web1 9 0000000000000000 1 2 3 " BOOT_A " right 4",
		"00000007 web1 9 2a 1 2 3 " BOOT_A " right 4",
		"00000007 web1 9 000000000000002a -1 2 3 " BOOT_A " right 4",
		"00000007 web1 9 000000000000002a 9223372036854775807 2 3 " BOOT_A " right 4",
		"00000007 web1 9 000000000000002a 1 9999999999999999999 3 " BOOT_A " right 4",
		"00000007 web1 9 000000000000002a 1 2 +3 " BOOT_A " right 4",
		"00000007 web1 9 000000000000002a 1 2 3 " BOOT_A "0 right 4",
		"00000007 web1 9 000000000000002a 1 2 3 %s right 4",
		"00000007 web1 9 000000000000002a 1 2 3  right 4",
		"00000007 web1 9 000000000000002a 1 2 3 " BOOT_A " maybe 4",
		"00000007 web1 9 000000000000002a 1 2 3 " BOOT_A " right 99999999999999999",
	};
	char text[2048];
	size_t i;

	snprintf(text, sizeof(text), "sysrqctl epochs v1\n%s", good);
	check(load_text(text, "") == 1);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "sysrqctl epochs v1\n%s\n%s", bad[i], good);
		check(load_text(text, "epochs:2: makes no sense") == 1);
	}
	/* Cut in the middle of its last line. */
	snprintf(text, sizeof(text), "sysrqctl epochs v1\n%s%.40s", good, good);
	check(load_text(text, "epochs:3: makes no sense") == 1);
	snprintf(text, sizeof(text), "sysrqctl epochs v1\n00000007 %0300d 9\n", 0);
	check(load_text(text, "epochs:2: makes no sense") == 0);
	check(load_text("", "is empty") == 0);
	check(load_text("sysrqctl epochs v2\n", ":1: not 'sysrqctl epochs v1'") == 0);
	check(load_text("sysrqctl epochs v1", "") == 0);
}

/* What is not ours is neither read nor written over; and it is said once. */
static void not_ours(const char *part)
{
	struct stat before, after;
	struct epochs e;

	check(!lstat(path, &before));
	begin(&e);
	check_has(e.warning, part);
	check(!e.known.n);
	learn(&e, 7, "web1", 42, 0, false);
	epochs_save(&e, NOW);
	check_has(e.warning, part);
	epochs_end(&e);
	check(!lstat(path, &after) && before.st_ino == after.st_ino &&
	      before.st_size == after.st_size);
	check(!remove(path));
}

static void test_not_ours(void)
{
	write_file(path, "my diary\n", 0600);
	not_ours(":1: not 'sysrqctl epochs v1'");
	write_file(path, "sysrqctl epochs v1\n", 0622);
	not_ours("others may write it (mode 0622)");
	check(!mkdir(path, 0700));
	not_ours("not a regular file");
	check(!mkfifo(path, 0600));
	not_ours("not a regular file");
	check(!symlink("/etc/passwd", path));
	not_ours("symbolic link");
	write_file(path, "sysrqctl epochs v1\n", 0600);
	check(!truncate(path, 1LL << 32));
	not_ours("too large");
	if (!geteuid()) {
		write_file(path, "sysrqctl epochs v1\n", 0600);
		check(!chown(path, 1, 1));
		not_ours("belongs to somebody else");
	}
}

/* Nowhere to write: a warning, and that is all. */
static void test_unwritable(void)
{
	struct epochs e;
	char lock[80];
	int fd;

	epochs_begin(&e, "", BOOT_A, true);
	learn(&e, 7, "web1", 42, 0, false);
	epochs_save(&e, NOW);
	check_has(e.warning, "no home directory");
	epochs_end(&e);
	epochs_begin(&e, "/proc/nowhere/epochs", BOOT_A, true);
	learn(&e, 7, "web1", 42, 0, false);
	epochs_save(&e, NOW);
	check_has(e.warning, "/proc/nowhere/epochs.lock: No such file");
	epochs_end(&e);

	/* Somebody holds the lock and hangs. */
	snprintf(lock, sizeof(lock), "%s.lock", path);
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	check(fd >= 0 && !flock(fd, LOCK_EX));
	begin(&e);
	learn(&e, 7, "web1", 42, 0, false);
	epochs_save(&e, NOW);
	check_has(e.warning, "epochs.lock: Resource temporarily unavailable");
	epochs_end(&e);
	close(fd);
}

/* Twenty writers of fifty hosts each, all at once: no host is lost. */
static void test_writers(void)
{
	char names[50][32];
	struct epochs e;
	int i, j, status;

	for (i = 0; i < 20; i++) {
		if (fork())
			continue;
		begin(&e);
		for (j = 0; j < 50; j++) {
			snprintf(names[j], sizeof(names[j]), "w%d-%d", i, j);
			learn(&e, 7, names[j], 1 + j, 0, false);
		}
		epochs_save(&e, NOW);
		_exit(e.warning[0] != 0);
	}
	for (i = 0; i < 20; i++)
		check(wait(&status) > 0 && !status);
	begin(&e);
	check(!e.warning[0] && e.known.n == 1000);
	check(epoch_of(&e, 7, "w19-49") == 50);
	epochs_end(&e);
}

/* More than there is room for: the oldest go. */
static void test_many(void)
{
	static char names[EPOCHS_MAX + 1000][16];
	struct epochs e;
	int i;

	check(!unlink(path));
	begin(&e);
	for (i = 0; i < EPOCHS_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "h%d", i);
		learn(&e, 7, names[i], 1 + i, 1000 * S - i, false);
	}
	turn_over(&e);
	check(e.known.n == EPOCHS_MAX && epoch_of(&e, 7, "h0"));
	for (; i < EPOCHS_MAX + 1000; i++) {
		snprintf(names[i], sizeof(names[i]), "h%d", i);
		learn(&e, 7, names[i], 1 + i, 0, false);
	}
	turn_over(&e);
	check(e.known.n == EPOCHS_MAX && !epoch_of(&e, 7, "h999"));
	check(epoch_of(&e, 7, "h1000") == 1001 && epoch_of(&e, 7, "h20999") == 21000);
	epochs_end(&e);
}

int main(void)
{
	char text[64];

	check(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/new/epochs", dir);
	test_estimate();
	test_file();
	test_hostile();
	check(!unlink(path));
	test_not_ours();
	test_unwritable();
	test_writers();
	test_many();
	snprintf(text, sizeof(text), "rm -r %s", dir);
	check(!system(text));
	return 0;
}
