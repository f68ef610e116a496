// SPDX-License-Identifier: GPL-2.0-only
/* Settings files: what holds for whom, what is refused, what the manual says of them. */
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "fake-server.h"
#include "pattern.h"
#include "settings.h"
#include "test.h"

static char path[64];
static char keys[64];

static void test_patterns(void)
{
	static const struct {
		const char *pattern, *name;
		bool	fits;
	} rows[] = {
		{ "web1", "web1", true }, { "web1", "WEB1", true }, { "web1", "web10", false },
		{ "*", "", true }, { "*", "a.b", true }, { "", "", true }, { "", "a", false },
		{ "web*", "web1.example.org", true }, { "*.org", "web1.example.org", true },
		{ "w*1*g", "web1.example.org", true }, { "w*1*x", "web1.example.org", false },
		{ "web?", "web1", true }, { "web?", "web", false }, { "web?", "web12", false },
		{ "*a*b", "aab", true }, { "a**b", "ab", true }, { "*?", "", false },
		{ "192.0.2.*", "192.0.2.7", true }, { "[w]eb1", "web1", false },
	};
	char many[256], text[256];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(pattern_matches(rows[i].pattern, rows[i].name) == rows[i].fits);
	/* As hostile as it gets: it must end. */
	for (i = 0; i < 200; i += 2)
		memcpy(many + i, "*a", 2);
	strcpy(many + i, "b");
	memset(text, 'a', 255);
	text[255] = '\0';
	check(!pattern_matches(many, text));
}

/* @part is in what is said of a file with @text. */
static void bad(const char *text, const char *place, const char *part)
{
	char why[4096], where[128];
	struct settings s;

	write_file(path, text, 0600);
	check(settings_read(&s, path, why, sizeof(why)) == -EINVAL);
	snprintf(where, sizeof(where), "%s:%s", path, place);
	check_has(why, where);
	check_has(why, part);
	settings_free(&s);
}

static void test_bad(void)
{
	static char big[2 << 20];
	size_t i, n = 0;

	bad("Prot 9\n", "1: ", "unknown keyword 'Prot'; is it to be 'Port'?");
	bad("\nHots a\n", "2: ", "is it to be 'Host'?");
	bad("adress a\n", "1: ", "is it to be 'Address'?");
	bad("Whatever 9\n", "1: ", "unknown keyword 'Whatever'");
	bad("Port\n", "1: ", "Port: needs a value");
	bad("Host\n", "1: ", "Host: needs a pattern");
	bad("Port 0\n", "1: ", "Port '0': not one of 1 to 65535");
	bad("Port=9\n", "1: ", "unknown keyword 'Port=9'");
	bad("Port 9 9\n", "1: ", "Port '9 9': not");
	bad("Host a\n Address b:9\n", "2: ", "without port and brackets");
	bad("Address [::1]\n", "1: ", "without port and brackets");
	bad("Address a@b\n", "1: ", "neither a name nor an address");
	bad("Address a b c d e f g h i\n", "1: ", "Address: more than 8");
	bad("Key -\n", "1: ", "cannot ask for standard input");
	bad("Key a%x\n", "1: ", "has a % that is neither %h nor %%");
	bad("Key a%\n", "1: ", "has a % that is neither");
	bad("Identity Web1\n", "1: ", "Identity 'Web1': not");
	bad("Transport tcp\n", "1: ", "Transport 'tcp': neither udp nor icmp");
	bad("Timeout x\n", "1: ", "Timeout 'x': not a duration");
	bad("Timeout 21s\n", "1: ", "Timeout '21s': not from 100ms to 20s");
	bad("Parallel 0\n", "1: ", "Parallel '0': not from 1 to 10000");
	bad("Host a\nParallel 9\n", "2: ", "must stand before the first Host");
	bad("Sequence Tidy s\n", "1: ", "its name is not");
	bad("Sequence tidy\n", "1: ", "needs COMMANDS");
	bad("Sequence tidy s!\n", "1: ", "Sequence tidy: '!' is no SysRq letter");
	bad("Port 9\r\n", "1: ", "as on DOS");
	bad("Port \xc2\x9b" "2J\n", "1: ", "control character 0x9b");
	bad("Port \x9b" "2J\n", "1: ", "control character 0x9b");
	bad("Port \xc3\x84\xe2\x80\x94\n", "1: ", "Port '\xc3\x84\xe2\x80\x94': not one of");
	bad("# \033[2J\n", "1: ", "control character 0x1b");
	memset(big, 'a', sizeof(big) - 1);
	bad(big, " ", "longer than 1024 KiB");
	big[2000] = '\0';
	bad(big, "1: ", "longer than 1024 characters");
	for (i = 0; i < SETTINGS_BLOCKS; i++)
		n += sprintf(big + n, "Host h%zu\n", i);
	bad(big, "4096: ", "more than 4094 times Host");
}

static void test_file_modes(void)
{
	struct settings s;
	char why[4096];

	write_file(path, "Port 9\n", 0620);
	check(settings_read(&s, path, why, sizeof(why)) == -EINVAL);
	check_has(why, "others than its owner may write it (mode 0620)");
	settings_free(&s);
	check(!chmod(path, 0644) && !settings_read(&s, path, why, sizeof(why)));
	settings_free(&s);
	check(settings_read(&s, "/nonexistent/f", why, sizeof(why)) == -EINVAL);
	check(!strcmp(why, "/nonexistent/f: No such file or directory"));
	settings_free(&s);
	check(settings_read(&s, server_dir, why, sizeof(why)) == -EINVAL);
	check_has(why, "not a regular file");
	settings_free(&s);
	if (!geteuid()) {
		check(!chown(path, 12345, 12345));
		check(!settings_read(&s, "none", why, sizeof(why)) && !s.nblocks);
		check(settings_read(&s, path, why, sizeof(why)) == (geteuid() == 12345 ? 0 : -EINVAL));
		check_has(why, "belongs to user 12345");
		settings_free(&s);
		unlink(path);
	}
}

/* What `sysrqctl config` says of @host. */
static void shows(const char *host, const char *text)
{
	char command[256];
	struct run r;

	snprintf(command, sizeof(command), "config --config %s %s", path, host);
	run(&r, NULL, command);
	if (r.status || strcmp(r.out, text))
		fprintf(stderr, "%s%s", r.out, r.err);
	check(!r.status && !strcmp(r.out, text));
}

static void test_effective(void)
{
	char text[1024];

	write_file(path, "Port 007\nTransport icmp # everywhere\nSequence tidy s +5s u\n"
		   "HOST web* !web9\n\tKey keys/%h.key\n\tport 8\n\tSequence tidy b\n"
		   "\tSequence other  s +1s b\n"
		   "host WEB1 db?\n\taddress 192.0.2.1 ::1\n  Identity one.example.org\n"
		   "\tKey /x/100%%\n"
		   "Host *\n\tTimeout 1.5s\n\tTransport udp\n", 0600);
	snprintf(text, sizeof(text), "Parallel 500\nHost Web1\n\tAddress 192.0.2.1 ::1\n\tPort 7\n"
		 "\tKey %s/keys/web1.key\n\tIdentity one.example.org\n\tTransport icmp\n"
		 "\tTimeout 1500ms\n\tSequence tidy s +5s u\n\tSequence other s +1s b\n",
		 server_dir);
	shows("Web1", text);
	shows("db1:99", "Parallel 500\nHost db1\n\tAddress 192.0.2.1 ::1\n\tPort 99\n"
	      "\tKey /x/100%\n\tIdentity one.example.org\n\tTransport icmp\n\tTimeout 1500ms\n"
	      "\tSequence tidy s +5s u\n");
	shows("web9", "Parallel 500\nHost web9\n\tAddress web9\n\tPort 7\n\tIdentity web9\n"
	      "\tTransport icmp\n\tTimeout 1500ms\n\tSequence tidy s +5s u\n");
}

/* The user's file comes before the system's: that one cannot be made here, so they are one each. */
static void test_user_file(void)
{
	char dir[80], file[96];
	struct run r;

	snprintf(dir, sizeof(dir), "%s/sysrqctl", server_dir);
	snprintf(file, sizeof(file), "%s/config", dir);
	check(!mkdir(dir, 0700) && !setenv("XDG_CONFIG_HOME", server_dir, 1));
	write_file(file, "Parallel 77\nPort 1234\n", 0600);
	run(&r, NULL, "config web1");
	check_has(r.out, "Parallel 77\nHost web1\n\tAddress web1\n\tPort 1234\n");
	run(&r, NULL, "config --config none web1");
	check_has(r.out, "Parallel 500\nHost web1\n\tAddress web1\n\tPort 9\n");
	write_file(file, "Port x\n", 0600);
	run(&r, NULL, "probe web1");
	check(r.status == EXIT_USAGE);
	check_has(r.err, "/sysrqctl/config:1: Port 'x'");
	unlink(file);
	rmdir(dir);
}

/* A request by settings alone, each host with a key file of its own. */
static void test_send(void)
{
	char text[1024], command[512], name[128];
	struct run r;

	snprintf(keys, sizeof(keys), "%s/keys", server_dir);
	check(!mkdir(keys, 0700));
	read_file(server_key, text, sizeof(text));
	snprintf(name, sizeof(name), "%s/web1.key", keys);
	write_file(name, text, 0600);
	snprintf(name, sizeof(name), "%s/web2.key", keys);
	write_file(name, text, 0600);
	server_start("web1");
	server_go();
	snprintf(text, sizeof(text), "Key keys/%%h.key\nPort %d\nTimeout 400ms\n"
		 "Host web1\n\tAddress 127.0.0.1\n\tSequence dusty su\n"
		 "Host web2\n\tAddress nobody.invalid 127.0.0.2\n\tSequence dusty s\n"
		 "Host web3\n\tAddress 127.0.0.3\n", srv.port);
	write_file(path, text, 0600);
	snprintf(command, sizeof(command), "send --strict --config %s web1,web2 dusty", path);
	run(&r, NULL, command);
	check(r.status == EXIT_OK && srv.host.runs == 2);
	check_has(r.out, "web1@web1: sync, remount read-only accepted;");
	check_has(r.out, "web2@web2: sync accepted;");
	/* A name at one host is not letters at another: web3 would show, kill and show. */
	snprintf(command, sizeof(command), "send --strict --config %s --key %s web1,web3 dusty",
		 path, server_key);
	run(&r, NULL, command);
	check(r.status == EXIT_USAGE && !r.out[0] && srv.host.runs == 2);
	check_has(r.err, "'dusty' is a sequence of host web1, but not of host web3, which would get "
		  "it as letters");
	snprintf(command, sizeof(command), "send --strict --config %s --key %s web3,web1 dusty",
		 path, server_key);
	run(&r, NULL, command);
	check(r.status == EXIT_USAGE && srv.host.runs == 2);
	check_has(r.err, "of host web1, but not of host web3");
	snprintf(command, sizeof(command), "send --strict --config %s web1,web3 s", path);
	run(&r, NULL, command);
	check(r.status == EXIT_USAGE && !r.out[0] && srv.host.runs == 2);
	snprintf(text, sizeof(text), "web3.key: No such file or directory (host web3, by %s:1)",
		 path);
	check_has(r.err, text);
	/* What is said on the command line comes first. */
	snprintf(command, sizeof(command), "send --strict --config %s --port 1 --key %s web3 s",
		 path, server_key);
	run(&r, NULL, command);
	check(r.status == EXIT_NO_ANSWER);
	check_has(r.out, "ops@web3: no answer in 0.4 s");
	check_has(r.out, "port 1 is closed");
	server_stop();
}

/* Each keyword is described, and nothing else is. */
static void test_manual(const char *manual)
{
	static char text[65536];
	char item[64];
	const char *p;
	int i, items = 0;

	read_file(manual, text, sizeof(text));
	for (i = 0; i < SETTINGS; i++) {
		snprintf(item, sizeof(item), "\n.It Cm %s Ar ", settings_keywords[i]);
		check_has(text, item);
	}
	check_has(text, "\n.It Cm Host Ar ");
	for (p = text; (p = strstr(p, "\n.It Cm ")); p++)
		items++;
	check(items == SETTINGS + 1);
}

int main(int argc, char **argv)
{
	check(argc == 3 && sodium_init() >= 0);
	run_binary = argv[1];
	server_begin();
	snprintf(path, sizeof(path), "%s/conf", server_dir);
	test_patterns();
	test_bad();
	test_file_modes();
	test_effective();
	test_user_file();
	test_send();
	test_manual(argv[2]);
	server_end();
	return 0;
}
