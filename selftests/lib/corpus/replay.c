// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay SCRIPT LOG: commands for libnftables, and all that comes of them. One process for many
 * commands, as starting nft is what takes time in an emulated guest.
 *
 * SCRIPT is records of an operation, a number N and a newline, and then N bytes and a newline:
 *	label	the bytes go to the log
 *	ctx	a new context, as of a new nft
 *	out	flags of the output, a decimal number
 *	debug	the same of debugging
 *	check	1: nothing is to be carried out (nft -c), 0: it is
 *	opt	1: rules are to be merged (nft -o), 0: not
 *	run	a command, by nft_run_cmd_from_buffer()
 *	file	the same, by nft_run_cmd_from_filename()
 *	save	a command whose output goes to a file
 *	load	that file, by nft_run_cmd_from_filename()
 * LOG has for each: what it was, what was printed, all bytes that went into a socket, the status.
 * Of messages the sequence number, port and padding are left out: they differ between two runs of anything.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <nftables/libnftables.h>

#define COMMANDS	"replay.nft"
#define SAVED		"saved.nft"

static FILE *logfile;
static struct nft_ctx *ctx;

static void die(const char *what)
{
	fprintf(stderr, "replay: %s\n", what);
	exit(2);
}

/* Attributes' padding is whatever was in memory. */
static void mask_attributes(unsigned char *p, size_t len)
{
	struct nlattr a;
	size_t padded;

	while (len >= sizeof(a)) {
		memcpy(&a, p, sizeof(a));
		padded = NLA_ALIGN(a.nla_len);
		if (a.nla_len < sizeof(a) || padded > len)
			return;
		if (a.nla_type & NLA_F_NESTED)
			mask_attributes(p + sizeof(a), a.nla_len - sizeof(a));
		memset(p + a.nla_len, 0, padded - a.nla_len);
		p += padded;
		len -= padded;
	}
}

static void mask(unsigned char *p, size_t len)
{
	const size_t header = sizeof(struct nlmsghdr) + sizeof(struct nfgenmsg);
	struct nlmsghdr h;

	while (len >= sizeof(h)) {
		memcpy(&h, p, sizeof(h));
		if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > len)
			return;
		memset(p + offsetof(struct nlmsghdr, nlmsg_seq), 0, 8);
		if (h.nlmsg_len > header)
			mask_attributes(p + header, h.nlmsg_len - header);
		if (NLMSG_ALIGN(h.nlmsg_len) >= len)
			return;
		p += NLMSG_ALIGN(h.nlmsg_len);
		len -= NLMSG_ALIGN(h.nlmsg_len);
	}
}

/* The parts of a message are taken together: how a batch is cut into buffers shows as well. */
static void note(const struct iovec *iov, size_t count)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char *bytes;
	size_t i, j;
	char *text;

	for (i = 0; i < count; i++) {
		bytes = malloc(iov[i].iov_len + 1);
		text = malloc(iov[i].iov_len * 2 + 1);
		if (!bytes || !text)
			die("out of memory");
		memcpy(bytes, iov[i].iov_base, iov[i].iov_len);
		mask(bytes, iov[i].iov_len);
		for (j = 0; j < iov[i].iov_len; j++) {
			text[j * 2] = digits[bytes[j] >> 4];
			text[j * 2 + 1] = digits[bytes[j] & 15];
		}
		text[j * 2] = 0;
		fprintf(logfile, "> %s\n", text);
		free(bytes);
		free(text);
	}
}

/* In the program itself, so that the libraries' calls lead here. */
ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	static ssize_t (*real)(int, const struct msghdr *, int);

	if (!real)
		real = (ssize_t (*)(int, const struct msghdr *, int))dlsym(RTLD_NEXT, "sendmsg");
	note(m->msg_iov, m->msg_iovlen);
	return real(fd, m, flags);
}

ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
	       socklen_t tolen)
{
	static ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = len };

	if (!real)
		real = (ssize_t (*)(int, const void *, size_t, int, const struct sockaddr *,
				    socklen_t))dlsym(RTLD_NEXT, "sendto");
	note(&iov, 1);
	return real(fd, buf, len, flags, to, tolen);
}

static void new_ctx(void)
{
	if (ctx)
		nft_ctx_free(ctx);
	ctx = nft_ctx_new(NFT_CTX_DEFAULT);
	if (!ctx)
		die("no context");
	nft_ctx_set_output(ctx, logfile);
	nft_ctx_set_error(ctx, logfile);
}

static void put_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "we");

	if (!f || fputs(text, f) < 0 || fclose(f))
		die("cannot write a file of commands");
}

static int save(const char *text)
{
	FILE *f = fopen(SAVED, "we");
	int rc;

	if (!f)
		die("cannot write " SAVED);
	nft_ctx_set_output(ctx, f);
	rc = nft_run_cmd_from_buffer(ctx, text);
	nft_ctx_set_output(ctx, logfile);
	if (fclose(f))
		die("cannot write " SAVED);
	return rc;
}

static void replay(const char *op, const char *text)
{
	int rc = 0;

	fprintf(logfile, "%s %s\n", op, text);
	if (!strcmp(op, "label"))
		return;
	if (!strcmp(op, "ctx")) {
		new_ctx();
	} else if (!strcmp(op, "out")) {
		nft_ctx_output_set_flags(ctx, atoi(text));
	} else if (!strcmp(op, "debug")) {
		nft_ctx_output_set_debug(ctx, atoi(text));
	} else if (!strcmp(op, "check")) {
		nft_ctx_set_dry_run(ctx, *text == '1');
	} else if (!strcmp(op, "opt")) {
		nft_ctx_set_optimize(ctx, *text == '1' ? NFT_OPTIMIZE_ENABLED : 0);
	} else if (!strcmp(op, "run")) {
		rc = nft_run_cmd_from_buffer(ctx, text);
	} else if (!strcmp(op, "file")) {
		put_file(COMMANDS, text);
		rc = nft_run_cmd_from_filename(ctx, COMMANDS);
	} else if (!strcmp(op, "save")) {
		rc = save(text);
	} else if (!strcmp(op, "load")) {
		rc = nft_run_cmd_from_filename(ctx, SAVED);
	} else {
		die("unknown operation");
	}
	fprintf(logfile, "= %d\n", rc);
}

int main(int argc, char **argv)
{
	char op[16], *text;
	FILE *script;
	size_t len;

	if (argc != 3)
		die("usage: replay SCRIPT LOG");
	script = fopen(argv[1], "re");
	logfile = fopen(argv[2], "we");
	if (!script || !logfile)
		die("cannot open SCRIPT or LOG");
	new_ctx();
	while (fscanf(script, "%15s %zu", op, &len) == 2) {
		text = calloc(1, len + 1);
		if (!text || fgetc(script) != '\n' || fread(text, 1, len, script) != len)
			die("SCRIPT is cut off");
		replay(op, text);
		free(text);
	}
	if (!feof(script))
		die("SCRIPT is not of the form");
	fputs("end\n", logfile);
	nft_ctx_free(ctx);
	if (fclose(logfile))
		die("cannot write LOG");
	return 0;
}
