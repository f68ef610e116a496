// SPDX-License-Identifier: GPL-2.0-only
/* Remembered epochs as a user meets them: a host that answered, and then does not any more. */
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "duration.h"
#include "fake-server.h"
#include "test.h"

static char state[128];
static struct run r;

static void ask(const char *command, const char *rest)
{
	char text[512];

	snprintf(text, sizeof(text), "%s --key %s --port %d %s", command, server_key, srv.port,
		 rest);
	run(&r, NULL, text);
}

/* A host that has been probed once, then hears without being heard. */
static void begin(void)
{
	unlink(state);
	server_start("web1");
	/* No way by the wall clock. */
	srv.host.wall = false;
	server_go();
	ask("probe", "127.0.0.1");
	check(r.status == 0 && !r.err[0]);
	srv.mute = true;
}

static void test_blind(void)
{
	char date[64];
	time_t now;

	begin();
	ask("send", "--timeout 600ms 127.0.0.1 s");
	check(r.status == 3 && srv.host.runs == 1 && !r.err[0]);
	now = time(NULL);
	strftime(date, sizeof(date), "sent blind, for the boot that answered on %Y-%m-%d ",
		 localtime(&now));
	check_has(r.out, date);
	check_has(r.out, "; it may still run until ");
	ask("cancel", "--json --timeout 600ms 127.0.0.1");
	check(r.status == 3);
	check_has(r.out, "\"blind\":true,\"blind_by\":\"epoch\"");

	/* At once, where the user says so; a name is not needed. */
	ask("send", "--timeout 600ms --blind 127.0.0.1 s");
	check(r.status == 3 && srv.host.runs == 2);

	/* Not at all, or by the wall clock, where he says that. */
	ask("send", "--timeout 300ms --strict 127.0.0.1 s");
	check_has(r.out, "nothing was sent but probes (--strict)");
	ask("send", "--timeout 600ms --wall-clock --blind --identity web1 127.0.0.1 s");
	check(r.status == 3 && srv.host.runs == 2);
	check_has(r.out, "also sent blind, by the wall clock; it may still run until ");
	ask("send", "--timeout 600ms --wall-clock --blind 127.0.0.1 s");
	check(r.status == 2);
	check_has(r.err, "--blind: 127.0.0.1 is no host name; give --identity");
	server_stop();
}

/* It has restarted since: the copy is for the boot that is gone. */
static void test_restarted(void)
{
	struct timespec now;

	begin();
	clock_gettime(CLOCK_BOOTTIME, &now);
	fake_host_boot(&srv.host, &(struct exchange_clock){
		.boot = now.tv_sec * NS_PER_S, .real = time(NULL) * NS_PER_S });
	ask("send", "--timeout 600ms --blind 127.0.0.1 s");
	check(r.status == 3 && !srv.host.runs);
	check_has(r.out, "for the boot that answered on ");
	server_stop();
}

/* Who has just taken a program that ends him is forgotten; for later, he is not. */
static void test_forgotten(void)
{
	begin();
	srv.mute = false;
	ask("send", "127.0.0.1 b");
	check(r.status == 0 && srv.host.runs == 1);
	ask("send", "--timeout 300ms --blind 127.0.0.1 s");
	check(r.status == 2);
	check_has(r.err, "--blind: 127.0.0.1 is no host name");
	ask("send", "--after 5m 127.0.0.1 b");
	check(r.status == 0 && srv.host.runs == 2);
	srv.mute = true;
	ask("cancel", "--timeout 300ms --blind 127.0.0.1");
	check(r.status == 3 && srv.host.cancels == 1);
	server_stop();
}

/* A file that is damaged, or cannot be written: a warning, and the request goes its way. */
static void test_damaged(void)
{
	char part[256];

	begin();
	srv.mute = false;
	write_file(state, "sysrqctl epochs v1\nnonsense\n", 0600);
	snprintf(part, sizeof(part), "sysrqctl send: epochs of hosts are not remembered as they "
		 "should be: %s:2: makes no sense, and is passed over\n", state);
	ask("send", "127.0.0.1 s");
	check(r.status == 0 && srv.host.runs == 1);
	check(!strcmp(r.err, part));
	ask("send", "127.0.0.1 s");
	check(r.status == 0 && !r.err[0]);
	check(!chmod(state, 0666));
	ask("send", "127.0.0.1 s");
	check(r.status == 0);
	check_has(r.err, "others may write it (mode 0666)\n");
	check(!unlink(state) && !mkdir(state, 0700));
	ask("send", "127.0.0.1 s");
	check(r.status == 0);
	check_has(r.err, "not a regular file\n");
	check(!rmdir(state));
	server_stop();
}

static void test_places(void)
{
	char home[160], text[256];

	server_start("web1");
	server_go();
	snprintf(home, sizeof(home), "%s/home", server_dir);
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", home, 1);
	ask("probe", "127.0.0.1");
	snprintf(text, sizeof(text), "%s/.local/state/sysrqctl/epochs", home);
	check(r.status == 0 && !access(text, F_OK));
	snprintf(text, sizeof(text), "%s/unit:/nonexistent", server_dir);
	setenv("STATE_DIRECTORY", text, 1);
	ask("probe", "127.0.0.1");
	snprintf(text, sizeof(text), "%s/unit/epochs", server_dir);
	check(r.status == 0 && !access(text, F_OK));
	/* A path that is not absolute does not count. */
	unsetenv("STATE_DIRECTORY");
	setenv("XDG_STATE_HOME", "elsewhere", 1);
	ask("probe", "127.0.0.1");
	check(r.status == 0 && !r.err[0] && access("elsewhere", F_OK));
	server_stop();
}

int main(int argc, char **argv)
{
	check(argc == 2 && sodium_init() >= 0);
	run_binary = argv[1];
	server_begin();
	snprintf(state, sizeof(state), "%s/sysrqctl/epochs", server_dir);
	test_blind();
	test_restarted();
	test_forgotten();
	test_damaged();
	test_places();
	server_end();
	return 0;
}
