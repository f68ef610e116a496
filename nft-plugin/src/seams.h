/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions between nft, libnftables, libnftnl, jansson and libc that we stand in for, and
 * those of libnftables that we call. All are found at run time, behind us.
 */
#ifndef NFT_SYSRQ_SEAMS_H
#define NFT_SYSRQ_SEAMS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <jansson.h>

struct nft_ctx;
struct nftnl_expr;
struct nftnl_rule;
struct nlmsghdr;

struct seams {
	int (*run_buffer)(struct nft_ctx *ctx, const char *buf);
	int (*run_filename)(struct nft_ctx *ctx, const char *filename);
	FILE *(*set_output)(struct nft_ctx *ctx, FILE *fp);
	FILE *(*set_error)(struct nft_ctx *ctx, FILE *fp);
	uint32_t (*get_optimize)(struct nft_ctx *ctx);
	unsigned int (*get_debug)(struct nft_ctx *ctx);
	void (*expr_build)(struct nlmsghdr *nlh, struct nftnl_expr *expr);
	int (*rule_parse)(const struct nlmsghdr *nlh, struct nftnl_rule *rule);
	json_t *(*json_loads)(const char *input, size_t flags, json_error_t *error);
	json_t *(*json_load_file)(const char *path, size_t flags, json_error_t *error);
	int (*json_dumpf)(const json_t *json, FILE *fp, size_t flags);
	char *(*json_dumps)(const json_t *json, size_t flags);
	FILE *(*fopen)(const char *path, const char *mode);
	FILE *(*fopen64)(const char *path, const char *mode);
	ssize_t (*read)(int fd, void *buf, size_t len);
};

/* The functions behind us; those that do not exist are NULL. */
const struct seams *seams(void);

/* Whether libnftables really calls us. If not, says so once, and the plugin is off. */
bool seams_good(void);

/*
 * Outside of a run @caller met a rule of ours. If it is libnftables, somebody looked up its functions
 * in it, not in us (as dlopen() and dlsym() do): says so once.
 */
void seams_passed(const void *caller);

#define SEAM	__attribute__((visibility("default")))

#endif
