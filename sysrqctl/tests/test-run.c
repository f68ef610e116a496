// SPDX-License-Identifier: GPL-2.0-only
/* For tests: run the tool as a user does. */
#include "test-run.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define ARGS	64

const char *run_binary;

/*
 * Words between blanks; 'a b' is one word, and '' an empty one. No shell: what
 * is tested is what the tool itself gets.
 */
static void split(char *text, char **argv)
{
	int n = 0;

	argv[n++] = (char *)run_binary;
	while (*text) {
		text += strspn(text, " ");
		if (!*text)
			break;
		check(n < ARGS - 1);
		if (*text == '\'') {
			argv[n++] = ++text;
			text = strchr(text, '\'');
			check(text);
		} else {
			argv[n++] = text;
			text += strcspn(text, " ");
		}
		if (*text)
			*text++ = '\0';
	}
	argv[n] = NULL;
}

static void slurp(int fd, char *buf, size_t size)
{
	size_t used = 0;
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while (used < size - 1 && (n = read(fd, buf + used, size - 1 - used)) > 0)
		used += n;
	buf[used] = '\0';
}

static int temporary(void)
{
	char path[] = "/tmp/sysrqctl-test-XXXXXX";
	int fd = mkstemp(path);

	check(fd >= 0);
	unlink(path);
	return fd;
}

static void run_fds(struct run *r, int in, int out, const char *command)
{
	char text[8192], *argv[ARGS];
	int err = temporary(), status;
	pid_t pid;

	check(strlen(command) < sizeof(text));
	strcpy(text, command);
	split(text, argv);
	pid = fork();
	check(pid >= 0);
	if (!pid) {
		dup2(in, 0);
		dup2(out, 1);
		dup2(err, 2);
		execv(run_binary, argv);
		_exit(127);
	}
	check(waitpid(pid, &status, 0) == pid);
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	slurp(err, r->err, sizeof(r->err));
	close(err);
}

/** run - run the tool with @input, NULL: nothing, as its standard input */
void run(struct run *r, const char *input, const char *command)
{
	int in = temporary(), out = temporary();

	if (input) {
		check(write(in, input, strlen(input)) == (ssize_t)strlen(input));
		lseek(in, 0, SEEK_SET);
	}
	run_fds(r, in, out, command);
	slurp(out, r->out, sizeof(r->out));
	close(in);
	close(out);
}

/** run_to_file - run the tool with its standard output in a file */
void run_to_file(struct run *r, const char *file, int flags, const char *command)
{
	int in = temporary(), out = open(file, O_WRONLY | O_CREAT | flags, 0644);

	check(out >= 0);
	run_fds(r, in, out, command);
	r->out[0] = '\0';
	close(in);
	close(out);
}

/** write_file - make a file with @text and @mode */
void write_file(const char *path, const char *text, unsigned int mode)
{
	FILE *f = fopen(path, "w");

	check(f);
	check(fputs(text, f) >= 0);
	check(!fchmod(fileno(f), mode));
	check(!fclose(f));
}

/** read_file - all of a file, NUL-terminated. Return: its length */
size_t read_file(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	check(f);
	n = fread(buf, 1, size - 1, f);
	buf[n] = '\0';
	fclose(f);
	return n;
}
