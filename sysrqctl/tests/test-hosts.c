// SPDX-License-Identifier: GPL-2.0-only
/* Hosts, as they are named on a command line and in a file. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "hosts.h"
#include "test-run.h"
#include "test.h"

static char dir[] = "/tmp/sysrqctl-test-XXXXXX";
static char path[64];

static void one_host(const char *text, const char *name, const char *port, bool literal,
		     const char *id0, const char *id1)
{
	struct hosts hosts = { 0 };
	struct host *h;
	char why[256];

	check(!hosts_add(&hosts, text, why, sizeof(why)) && hosts.n == 1);
	h = &hosts.all[0];
	check(!strcmp(h->name, name) && !strcmp(h->port, port) && h->literal == literal);
	check(h->direct == literal && !h->line);
	check(h->nidentities == (unsigned int)(!!id0 + !!id1));
	check(!id0 || !strcmp(h->identities[0], id0));
	check(!id1 || !strcmp(h->identities[1], id1));
	hosts_free(&hosts);
}

static void no_hosts(const char *text, const char *part)
{
	struct hosts hosts = { 0 };
	char why[512];

	check(hosts_add(&hosts, text, why, sizeof(why)) == -EINVAL);
	check_has(why, part);
	hosts_free(&hosts);
}

static void test_one(void)
{
	char text[512];

	one_host("web1", "web1", "", false, "web1", NULL);
	one_host("Web1.Example.ORG.", "Web1.Example.ORG.", "", false, "web1.example.org", "web1");
	one_host("web1:99", "web1", "99", false, "web1", NULL);
	one_host("192.0.2.1:99", "192.0.2.1", "99", true, NULL, NULL);
	one_host("2001:db8::1", "2001:db8::1", "", true, NULL, NULL);
	one_host("[2001:db8::1]:99", "2001:db8::1", "99", true, NULL, NULL);
	one_host("[::1]", "::1", "", true, NULL, NULL);
	one_host("fe80::1%lo", "fe80::1%lo", "", true, NULL, NULL);
	one_host("[web1]:99", "web1", "99", false, "web1", NULL);

	no_hosts("", "an empty host");
	no_hosts("a,", "an empty host");
	no_hosts("a,,b", "an empty host");
	no_hosts("a:", "port '' is not one of");
	no_hosts("a:0", "port '0' is not one of");
	no_hosts("a:65536", "port '65536' is not one of");
	no_hosts("a:9x", "port '9x' is not one of");
	no_hosts("[::1", "not [ADDRESS]:PORT");
	no_hosts("[::1]9", "not [ADDRESS]:PORT");
	no_hosts("[]:9", "neither a name nor an address");
	no_hosts("a b", "neither a name nor an address");
	no_hosts("root@a", "neither a name nor an address");
	no_hosts("a;reboot", "neither a name nor an address");
	no_hosts("$(reboot)", "neither a name nor an address");
	no_hosts("web*", "neither a name nor an address");
	no_hosts("\xc3\xa4", "neither a name nor an address");
	no_hosts("\xc2\x9b" "2J", "neither a name nor an address");
	no_hosts("2001:db8::g", "not an IPv6 address");
	memset(text, 'a', 300);
	text[300] = '\0';
	no_hosts(text, "is longer than 255");
}

static void test_many(void)
{
	char *text = malloc(HOSTS_MAX * 8 + 64);
	struct hosts h = { 0 };
	char why[256];
	size_t i, n;

	check(text);
	for (i = 0, n = 0; i < HOSTS_MAX; i++)
		n += sprintf(text + n, "%sh%zu", i ? "," : "", i);
	check(!hosts_add(&h, text, why, sizeof(why)) && h.n == HOSTS_MAX);
	check(!hosts_check_twice(&h, why, sizeof(why)));
	check(hosts_add(&h, "one", why, sizeof(why)) == -EINVAL);
	check_has(why, "more than 16384 hosts");
	hosts_free(&h);
	free(text);
}

/* The same host, however it is written. */
static void test_spellings(void)
{
	static const char * const twins[] = { "web1,Web1.", "::1,0::1", "[::1]:7,[0:0::1]:7",
		"127.0.0.1,127.1", "192.0.2.1,::ffff:192.0.2.1", "FE80::A%lo,fe80::a%lo" };
	struct hosts h = { 0 };
	char why[256];
	size_t i;

	for (i = 0; i < sizeof(twins) / sizeof(twins[0]); i++) {
		check(!hosts_add(&h, twins[i], why, sizeof(why)) && h.n == 2);
		check(hosts_check_twice(&h, why, sizeof(why)) == -EINVAL);
		check_has(why, "is named twice");
		hosts_free(&h);
	}
	check(!hosts_add(&h, "::1,::2,fe80::1,web1,web1.a,1.1.1.1,::101:101", why, sizeof(why)));
	check(!hosts_check_twice(&h, why, sizeof(why)));
	hosts_free(&h);
}

static void test_twice(void)
{
	struct hosts h = { 0 };
	char why[256], part[256];

	check(!hosts_add(&h, "a,b:9,::1,b:10", why, sizeof(why)) && h.n == 4);
	check(!hosts_check_twice(&h, why, sizeof(why)));
	check(!hosts_add(&h, "A", why, sizeof(why)));
	check(hosts_check_twice(&h, why, sizeof(why)) == -EINVAL);
	check(!strcmp(why, "host 'A' is named twice: by the command line and the command line"));
	hosts_free(&h);

	write_file(path, "# all of them\n\n  web1 \n\tweb2:99\t# the second\n[::1]:7\nweb3", 0644);
	check(!hosts_add(&h, "web4", why, sizeof(why)));
	check(!hosts_read(&h, path, why, sizeof(why)) && h.n == 5);
	check(!hosts_check_twice(&h, why, sizeof(why)));
	check(!strcmp(h.all[1].name, "web1") && h.all[1].line == 3 && !h.all[1].port[0]);
	check(!strcmp(h.all[2].name, "web2") && !strcmp(h.all[2].port, "99"));
	check(h.all[3].literal && h.all[4].line == 6 && !strcmp(h.all[4].name, "web3"));
	check(!hosts_add(&h, "WEB3", why, sizeof(why)));
	check(hosts_check_twice(&h, why, sizeof(why)) == -EINVAL);
	snprintf(part, sizeof(part), "host 'WEB3' is named twice: by %s:6 and the command line",
		 path);
	check(!strcmp(why, part));
	hosts_free(&h);

	write_file(path, "web1\nweb2\nweb1\n", 0644);
	check(!hosts_read(&h, path, why, sizeof(why)));
	check(hosts_check_twice(&h, why, sizeof(why)) == -EINVAL);
	snprintf(part, sizeof(part), "by %s:1 and %s:3", path, path);
	check_has(why, part);
	hosts_free(&h);
}

/* @size bytes of @text are a bad file: @place and @part say why. */
static void bad_file(const char *text, size_t size, const char *place, const char *part)
{
	struct hosts h = { 0 };
	char why[512], where[128];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	check(fd >= 0 && write(fd, text, size) == (ssize_t)size && !close(fd));
	check(hosts_read(&h, path, why, sizeof(why)) == -EINVAL);
	snprintf(where, sizeof(where), "%s:%s", path, place);
	check(!strncmp(why, where, strlen(where)));
	check_has(why, part);
	hosts_free(&h);
}

static void test_bad_files(void)
{
	static char big[9 << 20];
	struct hosts h = { 0 };
	char why[512];

	bad_file("", 0, " ", "names no host");
	bad_file("\n# none\n", 8, " ", "names no host");
	bad_file("a\nb:x\n", 6, "2: ", "port 'x' is not one of");
	bad_file("a\nb c\n", 6, "2: ", "neither a name nor an address");
	bad_file("a,b\n", 4, "1: ", "neither a name nor an address");
	bad_file("a\r\nb\r\n", 6, "1: ", "as on DOS");
	bad_file("a\n\033[2J\n", 7, "2: ", "control character 0x1b");
	bad_file("a\n\0b\n", 5, " ", "zero byte");
	memset(big, 'a', sizeof(big));
	bad_file(big, 2000, "1: ", "longer than 1024 characters");
	bad_file(big, sizeof(big), " ", "longer than 8192 KiB");
	check(hosts_read(&h, "/nonexistent/f", why, sizeof(why)) == -EINVAL);
	check(!strcmp(why, "/nonexistent/f: No such file or directory"));
	check(hosts_read(&h, "/", why, sizeof(why)) == -EINVAL);
	check_has(why, "/: Is a directory");
	hosts_free(&h);
}

int main(void)
{
	check(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/hosts", dir);
	test_one();
	test_many();
	test_twice();
	test_spellings();
	test_bad_files();
	unlink(path);
	rmdir(dir);
	return 0;
}
