// SPDX-License-Identifier: GPL-2.0-only
/* Keys from passphrases: which are taken, and how they are asked for. */
#include "derive.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "test-run.h"
#include "test.h"

#define GOOD	"correct horse battery staple"

/* Of the vectors: this passphrase, the realm example.org, the host web1. */
#define FLEET	"853ebffc9a51338e52f0a450459dfafe71e562f3b360369a270d4f774d4a4844"
#define WEB1	"72c054f0e30e6ddb0cf5d3c48c9868513a60cc78f92c49e9c207cff23b892d6a"

static char path[] = "/tmp/sysrqctl-test-XXXXXX";

static void weak(const char *passphrase, const char *part)
{
	const char *why = derive_weakness(passphrase);

	if (!why)
		fprintf(stderr, "taken: %s\n", passphrase);
	check(why);
	check_has(why, part);
}

static void test_weakness(void)
{
	char text[PASSPHRASE_MAX + 2];
	size_t i;

	weak("", "too short");
	weak("Tr0ub4dor&3", "too short");
	weak("abcdefghijklmnopqrst", "too short");
	weak("987654321098", "too short");
	weak("aaaaaaaaaaaaaaaaaaaaaaaaa", "too short");
	weak("aacceeggiikkmmooqqss", "too short");
	weak("passwordpasswordpassword", "fewer than 8 different");
	weak("Secret1Secret1", "fewer than 8 different");
	weak("qwertzuiopyxcvm", "of one kind only");
	weak("1936205847162", "of one kind only");
	weak("tab\there, and more 7", "control character");
	for (i = 0; i < sizeof(text) - 1; i++)
		text[i] = "Ax4.mZ0-qK"[i % 10];
	text[i] = '\0';
	weak(text, "longer than 1023");
	text[i - 1] = '\0';
	check(!derive_weakness(text));
	check(!derive_weakness(GOOD));
	check(!derive_weakness("correcthorsebatterystaple"));
	check(!derive_weakness("mK4.xW9-pQ2!"));
	check(!derive_weakness("31415926538979323846264338"));
	check(!derive_realm_valid("") && !derive_realm_valid("A") && derive_realm_valid("a"));
}

static void test_stdin(void)
{
	struct run r, s;

	run(&r, GOOD "\nrest", "key derive --realm example.org --stdin");
	check(!r.status && !r.err[0]);
	check_has(r.out, "\nkind: fleet\n");
	check_has(r.out, "\nrealm: example.org\nkey: " FLEET "\n");
	run(&s, r.out, "key derive --fleet - --host web1 --name ops");
	check(!s.status);
	check_has(s.out, "\nkind: host\n");
	check_has(s.out, "\nname: ops\nidentity: web1\nkey: " WEB1 "\n");
	run(&r, GOOD, "key derive --realm example.org --host web1 --stdin --name ops");
	check(!r.status && !strcmp(r.out, s.out));
	run(&r, s.out, "key derive --fleet - --host web1");
	check(r.status == 2 && !r.out[0]);
	check_has(r.err, "a host's key; hosts' keys are derived from a fleet's");
	run(&r, "short\n", "key derive --realm a --stdin");
	check(r.status == 2 && !r.out[0] && !strstr(r.err, "short\n"));
	check_has(r.err, "this passphrase is not taken: it is too short");
	run(&r, GOOD "\r\n", "key derive --realm a --stdin");
	check_has(r.err, "control character");
	run(&r, "\n", "key derive --realm a --stdin");
	check_has(r.err, "no passphrase was given");
}

/* Sanitizers take terabytes of addresses, so that no limit on those can be set. */
#if defined(__has_feature)
#define SANITIZED	__has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED	1
#else
#define SANITIZED	0
#endif

/* An Argon2id that finds no memory says so. */
static void test_memory(void)
{
	struct rlimit old, low = { 128 << 20, 128 << 20 };
	struct run r;

	if (SANITIZED)
		return;
	check(!getrlimit(RLIMIT_AS, &old));
	low.rlim_max = old.rlim_max;
	check(!setrlimit(RLIMIT_AS, &low));
	run(&r, GOOD "\n", "key derive --realm a --stdin");
	check(!setrlimit(RLIMIT_AS, &old));
	check(r.status == 2 && !r.out[0]);
	check_has(r.err, "takes 256 MiB");
}

/* All that the tool writes to its terminal until @part comes. */
static void expect(int tty, char *seen, size_t size, const char *part)
{
	struct pollfd p = { .fd = tty, .events = POLLIN };
	size_t used = strlen(seen);
	ssize_t n;

	while (!strstr(seen, part)) {
		if (poll(&p, 1, 30000) != 1 || used == size - 1)
			break;
		n = read(tty, seen + used, size - 1 - used);
		if (n <= 0)
			break;
		used += n;
		seen[used] = '\0';
	}
	check_has(seen, part);
}

static bool echoes(int tty)
{
	struct termios t;

	check(!tcgetattr(tty, &t));
	return t.c_lflag & ECHO;
}

static void type(int tty, const char *text)
{
	check(write(tty, text, strlen(text)) == (ssize_t)strlen(text));
}

/* Run on a terminal of its own, with standard output in the file. */
static pid_t start(int *tty, int *slave)
{
	pid_t pid;
	int fd;

	check(!openpty(tty, slave, NULL, NULL, NULL));
	pid = fork();
	check(pid >= 0);
	if (!pid) {
		close(*tty);
		check(!login_tty(*slave));
		fd = open(path, O_WRONLY | O_TRUNC);
		check(fd >= 0 && dup2(fd, 1) == 1);
		execl(run_binary, run_binary, "key", "derive", "--realm", "example.org",
		      (char *)NULL);
		_exit(127);
	}
	return pid;
}

static int finish(pid_t pid, int tty, int slave)
{
	int status;

	check(waitpid(pid, &status, 0) == pid);
	check(echoes(slave));
	close(tty);
	close(slave);
	return status;
}

static void test_terminal(void)
{
	char seen[4096] = "", text[4096];
	int tty, slave, status;
	pid_t pid;

	/* Asked twice, and never shown. */
	pid = start(&tty, &slave);
	expect(tty, seen, sizeof(seen), "Passphrase of the fleet example.org: ");
	check(!echoes(slave));
	type(tty, GOOD "\n");
	expect(tty, seen, sizeof(seen), "The same once more: ");
	type(tty, GOOD "\n");
	status = finish(pid, tty, slave);
	check(WIFEXITED(status) && !WEXITSTATUS(status));
	check(!strstr(seen, "horse"));
	read_file(path, text, sizeof(text));
	check_has(text, "key: " FLEET "\n");

	/* Differing, and weak at once. */
	seen[0] = '\0';
	pid = start(&tty, &slave);
	expect(tty, seen, sizeof(seen), "example.org: ");
	type(tty, GOOD "\n");
	expect(tty, seen, sizeof(seen), "once more: ");
	type(tty, GOOD "s\n");
	expect(tty, seen, sizeof(seen), "the two passphrases differ");
	status = finish(pid, tty, slave);
	check(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	seen[0] = '\0';
	pid = start(&tty, &slave);
	expect(tty, seen, sizeof(seen), "example.org: ");
	type(tty, "swordfish\n");
	expect(tty, seen, sizeof(seen), "not taken: it is too short");
	status = finish(pid, tty, slave);
	check(WIFEXITED(status) && WEXITSTATUS(status) == 2 && !strstr(seen, "swordfish"));
	check(!read_file(path, text, sizeof(text)));
}

static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

/* Whatever ends it, the terminal has its echo again; a stop asks anew. */
static void test_signals(void)
{
	int tty, slave, status;
	char seen[4096];
	pid_t pid;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		seen[0] = '\0';
		pid = start(&tty, &slave);
		expect(tty, seen, sizeof(seen), "example.org: ");
		check(!echoes(slave));
		kill(pid, ends[i]);
		status = finish(pid, tty, slave);
		check(WIFSIGNALED(status) && WTERMSIG(status) == ends[i]);
	}
	seen[0] = '\0';
	pid = start(&tty, &slave);
	expect(tty, seen, sizeof(seen), "example.org: ");
	kill(pid, SIGTSTP);
	/* Its session has nobody who could continue it, so it goes on by itself. */
	expect(tty, seen, sizeof(seen), "example.org: \r\nPassphrase of");
	kill(pid, SIGTERM);
	status = finish(pid, tty, slave);
	check(WIFSIGNALED(status));
}

int main(int argc, char **argv)
{
	size_t i;

	check(argc == 2);
	/* A shell that starts us in the background has some ignored. */
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		signal(ends[i], SIG_DFL);
	run_binary = argv[1];
	close(mkstemp(path));
	test_weakness();
	test_stdin();
	test_memory();
	test_terminal();
	test_signals();
	unlink(path);
	return 0;
}
