// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files and standard input, where libnftables asks libc for them. So it is nft itself that looks
 * for included files, by name, folder and pattern, and counts lines and columns in them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "seams.h"

/*
 * libnftables reads other files too: names of marks, groups and realms, and who holds a table.
 * And a folder it opens only to complain of it, each release in its own words.
 */
static bool is_commands(const struct run *r, const char *path)
{
	static const char *const others[] = { "/etc/iproute2/", "/usr/share/iproute2/",
					      "/usr/lib/iproute2/", "/proc/" };
	struct stat st;
	size_t i;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return false;
	if (r->filename && !strcmp(path, r->filename))
		return true;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strncmp(path, others[i], strlen(others[i])))
			return false;
	return true;
}

/* libnftables wants a regular file, and may seek in it. */
static FILE *file_of(const struct buf *b)
{
	int fd = memfd_create("nft-sysrq", MFD_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w+");

	if (!f) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if (fwrite(b->p, 1, b->len, f) == b->len && !fflush(f)) {
		rewind(f);
		return f;
	}
	fclose(f);
	return NULL;
}

enum block input_block(const struct run *r, const char *path)
{
	return r->filename && !strcmp(path, r->filename) ? BLOCK_TOP : BLOCK_ANY;
}

/* The file with carriers, or @f itself if it is none of our business; @f is closed otherwise. */
static FILE *carried_file(struct run *r, FILE *f, const char *path)
{
	struct buf typed = { 0 }, carried = { 0 };
	enum run_carried what = CARRY_FAILED;
	FILE *to = NULL;
	int err = EINVAL;

	if (!buf_read(&typed, f))
		err = errno ? errno : EIO;
	else
		what = run_carry(r, typed.p, typed.len, input_block(r, path), &carried);
	if (what == CARRY_NOTHING && !fseek(f, 0, SEEK_SET)) {
		to = f;
	} else if (what != CARRY_FAILED) {
		/* A pipe cannot be read twice. */
		to = file_of(what == CARRY_DONE ? &carried : &typed);
		err = errno;
	}
	if (to != f)
		fclose(f);
	buf_free(&typed);
	buf_free(&carried);
	errno = err;
	return to;
}

static FILE *open_file(const char *path, const char *mode,
		       FILE *(*real)(const char *path, const char *mode))
{
	struct run *r = run_current();
	FILE *f = real(path, mode);

	if (!f || !r || strcmp(mode, "r") || !is_commands(r, path))
		return f;
	return carried_file(r, f, path);
}

FILE *input_fopen(const char *path, const char *mode)
{
	return open_file(path, mode, seams()->fopen);
}

FILE *input_fopen64(const char *path, const char *mode)
{
	return open_file(path, mode, seams()->fopen64);
}

static bool read_stdin(struct run *r)
{
	char part[16384];
	ssize_t got;

	while ((got = seams()->read(STDIN_FILENO, part, sizeof(part))) > 0)
		buf_add(&r->stdin_typed, part, got);
	if (!buf_ok(&r->stdin_typed)) {
		run_fail(r, "standard input is too long");
		return false;
	}
	switch (run_carry(r, r->stdin_typed.p, r->stdin_typed.len, BLOCK_TOP, &r->stdin_carried)) {
	case CARRY_NOTHING:
		r->stdin_carried = r->stdin_typed;
		memset(&r->stdin_typed, 0, sizeof(r->stdin_typed));
		return true;
	case CARRY_DONE:
		return true;
	case CARRY_FAILED:
		break;
	}
	buf_free(&r->stdin_carried);
	return false;
}

ssize_t input_read(int fd, void *buf, size_t len)
{
	struct run *r = run_current();

	if (fd != STDIN_FILENO || !r || !r->stdin_wanted)
		return seams()->read(fd, buf, len);
	if (!r->stdin_read) {
		r->stdin_read = true;
		r->failed |= !read_stdin(r);
	}
	if (len > r->stdin_carried.len - r->stdin_given)
		len = r->stdin_carried.len - r->stdin_given;
	if (!len) {
		/* From here on libnftables has the text, and errors are about what was typed. */
		buf_free(&r->stdin_carried);
		r->stdin_given = 0;
		return 0;
	}
	memcpy(buf, r->stdin_carried.p + r->stdin_given, len);
	r->stdin_given += len;
	return len;
}
