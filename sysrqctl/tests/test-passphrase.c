// SPDX-License-Identifier: GPL-2.0-only
/* Signals that come between two steps of asking: none is lost, and the terminal has its echo again. */
#include "passphrase.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "test.h"

/* Before which call, counted from 1, the signal comes; 0: before none. */
static int before_ppoll, before_tcsetattr;
static int sig = SIGTERM;
static bool ignored;

int __real_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask);
int __real_tcsetattr(int fd, int actions, const struct termios *to);
int __wrap_tcsetattr(int fd, int actions, const struct termios *to);

int __wrap_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask)
{
	if (before_ppoll && !--before_ppoll)
		raise(sig);
	return __real_ppoll(fds, count, time, mask);
}

int __wrap_tcsetattr(int fd, int actions, const struct termios *to)
{
	if (before_tcsetattr && !--before_tcsetattr)
		raise(sig);
	return __real_tcsetattr(fd, actions, to);
}

/* The status of who is asked on a terminal of its own, and types @typed when it is asked. */
static int ask(const char *typed)
{
	char buf[32], why[128], seen[256];
	int tty, slave, status;
	struct termios t;
	pid_t pid;

	check(!openpty(&tty, &slave, NULL, NULL, NULL));
	pid = fork();
	check(pid >= 0);
	if (!pid) {
		close(tty);
		check(!login_tty(slave));
		alarm(60);
		signal(sig, ignored ? SIG_IGN : SIG_DFL);
		if (passphrase_ask("Passphrase: ", buf, sizeof(buf), why, sizeof(why)))
			_exit(2);
		_exit(strcmp(buf, "typed") ? 3 : 0);
	}
	if (typed[0]) {
		check(read(tty, seen, sizeof(seen)) > 0);
		check(write(tty, typed, strlen(typed)) == (ssize_t)strlen(typed));
	}
	check(waitpid(pid, &status, 0) == pid);
	check(!tcgetattr(slave, &t) && (t.c_lflag & ECHO));
	close(tty);
	close(slave);
	return status;
}

int main(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	int status;
	size_t i;

	status = ask("typed\n");
	check(WIFEXITED(status) && !WEXITSTATUS(status));
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		sig = ends[i];
		/* When it is about to wait, and nothing is ever typed. */
		before_ppoll = 1;
		status = ask("");
		check(WIFSIGNALED(status) && WTERMSIG(status) == sig);
		before_ppoll = 0;
		/* When the echo goes, and when it comes back, with the line read. */
		before_tcsetattr = 1;
		status = ask("");
		check(WIFSIGNALED(status) && WTERMSIG(status) == sig);
		before_tcsetattr = 2;
		status = ask("typed\n");
		check(WIFSIGNALED(status) && WTERMSIG(status) == sig);
		before_tcsetattr = 0;
		/* Unless it is ignored. */
		ignored = true;
		before_ppoll = 1;
		status = ask("typed\n");
		check(WIFEXITED(status) && !WEXITSTATUS(status));
		before_ppoll = 0;
		ignored = false;
	}
	return 0;
}
