// SPDX-License-Identifier: GPL-2.0-only
/* Command lines: what is refused, with which words, and that nothing else happens. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "test-run.h"
#include "test.h"

static char dir[] = "/tmp/sysrqctl-test-XXXXXX";
static char path[64];

/* @command must end with status 2, say @part, and print nothing. */
static void bad(const char *command, const char *part)
{
	struct run r;

	run(&r, NULL, command);
	if (r.status != EXIT_USAGE || r.out[0] || !strstr(r.err, part))
		fprintf(stderr, "%s: status %d, out '%s', err '%s', not '%s'\n", command,
			r.status, r.out, r.err, part);
	check(r.status == EXIT_USAGE && !r.out[0]);
	check_has(r.err, part);
	check_has(r.err, "sysrqctl");
	check(r.err[strlen(r.err) - 1] == '\n');
}

static void test_top(void)
{
	struct run r;

	bad("", "needs a command");
	bad("dance", "unknown command 'dance'");
	bad("''", "unknown command ''");
	bad("--dance", "unknown option --dance");
	bad("key", "key: needs one of gen, derive, set, load, list, del, export");
	bad("key dance", "key: unknown command 'dance'");
	bad("key --json", "key: first one of");
	bad("cancle web1", "unknown command 'cancle'");
	bad("sho", "unknown command 'sho'");
	run(&r, NULL, "--version");
	check(!r.status && !strcmp(r.out, "sysrqctl " NFT_SYSRQ_VERSION "\n"));
	run(&r, NULL, "--help");
	check(!r.status);
	check_has(r.out, "Usage: sysrqctl COMMAND");
	run(&r, NULL, "key --help");
	check(!r.status);
}

/* The same of every command: from the table. */
static void test_each(void)
{
	const struct option_row *row;
	const struct command *cmd;
	char text[128], part[128];

	for (cmd = commands; cmd->name; cmd++) {
		snprintf(text, sizeof(text), "%s --dance", cmd->name);
		bad(text, "unknown option --dance");
		snprintf(text, sizeof(text), "%s -x", cmd->name);
		bad(text, "unknown option -x");
		snprintf(text, sizeof(text), "%s --=", cmd->name);
		bad(text, "unknown option --");
		for (row = cmd->options; row->name; row++) {
			snprintf(text, sizeof(text), "%s --%s%s", cmd->name, row->name,
				 row->arg ? "" : "=x");
			snprintf(part, sizeof(part), row->arg ? "--%s needs %s" :
				 "--%s takes no argument", row->name, row->arg);
			bad(text, part);
			/* Beginnings of options are not options. */
			snprintf(text, sizeof(text), "%s --%.*s=x", cmd->name,
				 (int)strlen(row->name) - 1, row->name);
			bad(text, "unknown option --");
		}
	}
}

static void test_key(void)
{
	bad("key gen x", "takes no 'x'");
	bad("key gen --name -x", "--name '-x': not 1 to 31");
	bad("key gen --name ''", "--name '': not 1 to 31");
	bad("key set", "needs one NAME, not 0");
	bad("key set a b --allow s", "needs one NAME, not 2");
	bad("key set ops", "nothing to set");
	bad("key set 12345678901234567890123456789012 --allow s", "not 1 to 31");
	bad("key set a/b --allow s", "NAME 'a/b'");
	bad("key set -- -x", "NAME '-x'");
	bad("key set ops --allow s,u", "--allow 's,u': not only");
	bad("key set ops --tolerance x", "--tolerance 'x': not a duration");
	bad("key set ops --tolerance 2s", "--tolerance '2s': not from 3s to 3600s");
	bad("key set ops --tolerance 61m", "not from 3s to 3600s");
	bad("key set ops --expires yesterday", "--expires 'yesterday': not");
	bad("key set ops --expires 2020-01-01", "--expires '2020-01-01': is past");
	bad("key set ops --file f --window 100", "--window '100': not a power of two");
	bad("key set ops --file f --window 8192", "--window '8192': not a power of two");
	bad("key set ops --file f --window ''", "--window '': not a power of two");
	bad("key set ops --window 64", "--window goes only with --file");
	bad("key set ops --identity web1", "--identity goes only with --file");
	bad("key set ops --file f --identity Web1", "--identity 'Web1': not");
	bad("key set ops --file f --identity web1.", "--identity 'web1.': not");
	bad("key set ops --wall-clock --no-wall-clock", "exclude each other");
	bad("key set ops --file /nonexistent/f", "/nonexistent/f: No such file");
	bad("key set ops --file -", "standard input:0: is empty");
	bad("key list a/b", "NAME 'a/b': not 1 to 31");
	bad("key del", "needs one NAME, not 0");
	bad("key del a b", "needs one NAME, not 2");
	bad("key del a/b", "NAME 'a/b'");
	bad("show x", "takes no 'x'");
	bad("show --json --prometheus", "exclude each other");
	bad("key export", "needs one FILE, not 0");
	bad("key export f", "needs --qr");
	bad("key export --qr f", "standard output is no terminal");
	bad("key export --qr --force /nonexistent/f", "/nonexistent/f: No such file");
	bad("monitor x", "takes no 'x'");
	bad("monitor --count 0", "--count '0': not a number from 1");
	bad("monitor --count -1", "--count '-1': not a number");
	bad("monitor --count 5x", "--count '5x': not a number");
	bad("monitor --timeout soon", "--timeout 'soon': not a duration");
	bad("show --output f", "--output goes only with --prometheus");
}

static void test_derive(void)
{
	bad("key derive", "needs one of --realm REALM and --fleet FILE");
	bad("key derive --realm a --fleet f", "needs one of --realm REALM and --fleet FILE");
	bad("key derive --fleet f", "--fleet needs --host");
	bad("key derive --fleet f --host h --stdin", "--stdin goes only with --realm");
	bad("key derive --realm ''", "--realm '': not 1 to 253");
	bad("key derive --realm A", "--realm 'A': not 1 to 253");
	bad("key derive --realm a --host a.", "--host 'a.': not 1 to 253");
	bad("key derive --realm a --name -x", "--name '-x': not 1 to 31");
	bad("key derive x --realm a", "takes no 'x'");
	bad("key derive --fleet /nonexistent/f --host a", "/nonexistent/f: No such file");
	bad("key derive --fleet - --host a", "standard input:0: is empty");
	bad("key derive --realm a --stdin", "no passphrase was given");
	bad("key set ops --overlap 31d", "--overlap '31d': longer than 30d");
	bad("key set ops --overlap 0.5", "--overlap '0.5': not in whole seconds");
	bad("key set ops --overlap x", "--overlap 'x': not a duration");
}

/* What is wrong with the program. */
static void test_commands(const char *command)
{
	static const struct {
		const char *rest, *part;
	} rows[] = {
		{ "web1 s!", "'!' is no SysRq letter" },
		{ "web1 addfghjklmnp", "more than 11 steps" },
		{ "web1 s +1h b", "too long a wait" },
		{ "web1 s +2x b", "'+2x' is no wait" },
		{ "web1 s +2", "waits for nothing" },
		{ "web1 s ''", "an empty command" },
	};
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "%s %s", command, rows[i].rest);
		bad(text, rows[i].part);
	}
}

/* What is wrong with all else; @letters are what the command needs besides. */
static void test_remote(const char *command, const char *letters)
{
	static const struct {
		const char *rest, *part;
	} rows[] = {
		{ "web1,", "an empty host" },
		{ "web1,web1", "host 'web1' is named twice" },
		{ "[::1", "not [ADDRESS]:PORT" },
		{ "--port 0 web1", "--port '0': not one of" },
		{ "--port 9x web1", "--port '9x'" },
		{ "--timeout x web1", "--timeout 'x': not a duration" },
		{ "--timeout 21s web1", "--timeout '21s': not from 100ms to 20s" },
		{ "--timeout 99ms web1", "not from 100ms to 20s" },
		{ "--key /nonexistent/f web1", "/nonexistent/f: No such file" },
		{ "--parallel 0 web1", "--parallel '0': not from 1 to 10000" },
		{ "--parallel 10001 web1", "--parallel '10001'" },
		{ "--parallel 5x web1", "--parallel '5x'" },
		{ "--host web2 web1", "--host goes only with --hosts-file" },
		{ "--hosts-file f --host web1 --host web2", "once each" },
		{ "--hosts-file f --hosts-file g", "once each" },
		{ "--hosts-file /nonexistent/f", "/nonexistent/f: No such file" },
		{ "--hosts-file -", "standard input: names no host" },
		{ "--hosts-file - --key -", "cannot both be standard input" },
	};
	char text[512], part[512];
	size_t i;

	bad(command, "needs HOST");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "%s %s %s", command, rows[i].rest, letters);
		bad(text, rows[i].part);
	}
	snprintf(text, sizeof(text), "%s %0300d %s", command, 0, letters);
	bad(text, "is longer than 255 characters");
	snprintf(text, sizeof(text), "%s --key %s web1 %s", command, path, letters);
	snprintf(part, sizeof(part), "%s: others than its owner may use it (mode 0644)", path);
	write_file(path, "", 0644);
	bad(text, part);
	write_file(path, "nft-sysrq key v1\nkey: 00\n", 0600);
	snprintf(part, sizeof(part), "%s:2: key: not 64 hexadecimal digits", path);
	bad(text, part);
	unlink(path);
}

static void test_send(void)
{
	struct run r;

	bad("send web1", "needs COMMANDS");
	bad("send --blind --strict web1 s", "exclude each other");
	bad("send --identity web1 web1,web2 s", "--identity is of one host, but there are 2");
	bad("send --identity Web1 192.0.2.1 s", "--identity 'Web1': not");
	bad("send --wall-clock --strict web1 s", "exclude each other");
	bad("probe --blind web1", "unknown option --blind");
	bad("send --after x web1 s", "--after 'x': not a duration");
	bad("send --after 0 web1 s", "--after '0': not a duration");
	bad("send --after 5h web1 sub", "--after: too long: beside the 3 steps");
	bad("probe --after 5m web1", "--after needs COMMANDS");
	bad("cancel --after 5m web1", "unknown option --after");
	bad("sequences x", "takes no 'x'");
	run(&r, NULL, "sequences");
	check(!r.status && !r.err[0]);
	check_has(r.out, "reisub: r e +10s i +2s s +5s u +5s b\n"
		  "    the last comes after 23.0 s: keyboard out of raw mode, ");
	bad("cancel web1 s", "takes no COMMANDS");
}

/* A file that the shell makes for everybody becomes its owner's alone. */
static void test_gen_file(void)
{
	char text[4096], twice[4096];
	struct stat st;
	struct run r;

	umask(022);
	run_to_file(&r, path, O_TRUNC, "key gen --name ops");
	check(!r.status && !r.err[0]);
	check(!stat(path, &st) && (st.st_mode & 07777) == 0600);
	read_file(path, text, sizeof(text));
	check(!strncmp(text, "nft-sysrq key v1\nkind: host\nid: ", 32));
	check_has(text, "\nname: ops\n");

	run_to_file(&r, path, O_APPEND, "key gen");
	check(r.status == EXIT_USAGE);
	check_has(r.err, "not empty");
	read_file(path, twice, sizeof(twice));
	check(!strcmp(text, twice));
	unlink(path);
	run_to_file(&r, path, O_TRUNC, "key gen");
	read_file(path, twice, sizeof(twice));
	check(strcmp(strstr(text, "key: "), strstr(twice, "key: ")));
	unlink(path);

	run_to_file(&r, "/dev/full", 0, "key gen");
	check(r.status == EXIT_USAGE);
	check_has(r.err, "No space left");
	run_to_file(&r, "/dev/full", 0, "--help");
	check(r.status == EXIT_USAGE);
	check_has(r.err, "cannot write to standard output");
}

/* No standard stream is there: what is said goes nowhere, and not to the host. */
static void test_closed(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), status, i;
	socklen_t len = sizeof(to);
	char host[48], buf[2048];
	ssize_t n, total = 0;
	struct run r;
	pid_t pid;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(fd >= 0 && !bind(fd, (struct sockaddr *)&to, len));
	check(!getsockname(fd, (struct sockaddr *)&to, &len));
	/* The second cannot be sent to, which is said while the first is waited for. */
	snprintf(host, sizeof(host), "127.0.0.1:%u,255.255.255.255", ntohs(to.sin_port));
	run_to_file(&r, path, O_TRUNC, "key gen");
	pid = fork();
	check(pid >= 0);
	if (!pid) {
		for (i = 0; i < 3; i++)
			close(i);
		execl(run_binary, run_binary, "send", "--strict", "--config", "none", "--timeout",
		      "100ms", "--key", path, host, "s", NULL);
		_exit(127);
	}
	check(waitpid(pid, &status, 0) == pid);
	check(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NO_ANSWER);
	while ((n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) >= 0) {
		check(n == 94);
		total += n;
	}
	check(total);
	close(fd);
	unlink(path);
}

int main(int argc, char **argv)
{
	check(argc == 2);
	run_binary = argv[1];
	check(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file.key", dir);
	setenv("XDG_CONFIG_HOME", dir, 1);
	test_top();
	test_each();
	test_key();
	test_derive();
	test_commands("send");
	test_commands("probe");
	test_remote("send", "s");
	test_remote("probe", "s");
	test_remote("cancel", "");
	test_send();
	test_gen_file();
	test_closed();
	rmdir(dir);
	return 0;
}
