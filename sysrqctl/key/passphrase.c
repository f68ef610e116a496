// SPDX-License-Identifier: GPL-2.0-only
/*
 * Passphrases from who types them: read by read(2) into the caller's locked
 * memory, as a stdio buffer would keep them.
 */
#include "passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* What ends or stops us, and must not leave a terminal without echo. */
static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

#define NSIGNALS	(sizeof(signals) / sizeof(signals[0]))

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
}

/*
 * One line. @unblocked: signals are blocked, and wait for those to be so; they
 * come while we wait for input, and at no other time, so that none is missed.
 */
static int read_line(int fd, const sigset_t *unblocked, char *buf, size_t size, char *why,
		     size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t used = 0;
	ssize_t n;

	for (;;) {
		n = unblocked ? ppoll(&p, 1, NULL, unblocked) : 1;
		if (n > 0)
			n = read(fd, buf + used, 1);
		if (caught)
			return -EINTR;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			snprintf(why, len, "cannot read the passphrase: %m");
			return -EINVAL;
		}
		if (!n || buf[used] == '\n')
			break;
		if (!buf[used]) {
			snprintf(why, len, "the passphrase holds a zero byte");
			return -EINVAL;
		}
		if (++used == size) {
			snprintf(why, len, "the passphrase is longer than %zu bytes", size - 1);
			return -EINVAL;
		}
	}
	buf[used] = '\0';
	if (used)
		return 0;
	snprintf(why, len, "no passphrase was given");
	return -EINVAL;
}

/**
 * passphrase_line - one line
 * @fd: to be read from
 * @buf: where to, without the line's end; locked memory
 * @size: of @buf
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Return: 0, or -EINVAL.
 */
int passphrase_line(int fd, char *buf, size_t size, char *why, size_t len)
{
	return read_line(fd, NULL, buf, size, why, len);
}

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		return;	/* whoever cannot be asked gives no answer either */
}

/* One attempt; -EINTR: a signal came, and the terminal is as before. */
static int ask_once(int fd, const char *prompt, const sigset_t *unblocked, char *buf, size_t size,
		    char *why, size_t len)
{
	struct termios old, silent;
	int ret;

	if (tcgetattr(fd, &old)) {
		snprintf(why, len, "the terminal: %m");
		return -EINVAL;
	}
	silent = old;
	silent.c_lflag &= ~(ECHO | ECHOE | ECHOK | ECHONL);
	silent.c_lflag |= ICANON | ISIG;
	if (tcsetattr(fd, TCSAFLUSH, &silent)) {
		snprintf(why, len, "the terminal: cannot turn off its echo: %m");
		return -EINVAL;
	}
	say(fd, prompt);
	ret = read_line(fd, unblocked, buf, size, why, len);
	tcsetattr(fd, TCSAFLUSH, &old);
	say(fd, "\n");
	return ret;
}

/**
 * passphrase_ask - one line from the terminal, without echo
 * @prompt: what to ask
 * @buf: where to; locked memory
 * @size: of @buf
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * A signal that ends or stops us does so once the terminal is as it was; after
 * a stop the question is asked again.
 *
 * Return: 0, or -EINVAL.
 */
int passphrase_ask(const char *prompt, char *buf, size_t size, char *why, size_t len)
{
	struct sigaction act = { .sa_handler = on_signal }, old[NSIGNALS];
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	sigset_t watched, before;
	size_t i;
	int ret;

	if (fd < 0) {
		snprintf(why, len, "no terminal to ask for the passphrase (%m); "
			 "--stdin reads it from standard input");
		return -EINVAL;
	}
	sigemptyset(&watched);
	for (i = 0; i < NSIGNALS; i++)
		sigaddset(&watched, signals[i]);
	do {
		caught = 0;
		sigprocmask(SIG_BLOCK, &watched, &before);
		for (i = 0; i < NSIGNALS; i++) {
			sigaction(signals[i], NULL, &old[i]);
			/* Whoever started us had it ignored: nohup, a shell's background job. */
			if (old[i].sa_handler != SIG_IGN)
				sigaction(signals[i], &act, NULL);
		}
		ret = ask_once(fd, prompt, &before, buf, size, why, len);
		/* What came when the line had been read is caught here. */
		sigprocmask(SIG_SETMASK, &before, NULL);
		for (i = 0; i < NSIGNALS; i++)
			sigaction(signals[i], &old[i], NULL);
		if (caught) {
			explicit_bzero(buf, size);
			raise(caught);
			ret = -EINTR;
		}
	} while (ret == -EINTR);
	close(fd);
	return ret;
}
