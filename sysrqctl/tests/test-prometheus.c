// SPDX-License-Identifier: GPL-2.0-only
/* show --prometheus: names, labels, and files that are whole. */
#include "prometheus.h"

#include <sys/stat.h>
#include <unistd.h>

#include "test-run.h"
#include "test.h"

static char text[65536];

static void print(const struct host_state *s)
{
	FILE *f = tmpfile();

	check(f);
	prometheus_print(s, f);
	rewind(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
}

static bool ends_in_total(const char *name)
{
	return strlen(name) > 6 && !strcmp(name + strlen(name) - 6, "_total");
}

/* HELP and TYPE come once each, right before their samples. */
static void check_form(void)
{
	char name[128] = "", copy[sizeof(text)], word[128];
	char *line, *rest = copy;

	strcpy(copy, text);
	while ((line = strsep(&rest, "\n")) && *line) {
		if (sscanf(line, "# HELP %127s", word) == 1) {
			strcpy(name, word);
			snprintf(word, sizeof(word), "# HELP %s ", name);
			check(strstr(strstr(text, word) + 1, word) == NULL);
			line = strsep(&rest, "\n");
			snprintf(word, sizeof(word), "# TYPE %s ", name);
			check(line && !strncmp(line, word, strlen(word)));
			check(!strcmp(line + strlen(word), ends_in_total(name) ? "counter" : "gauge"));
		} else {
			check(name[0] && !strncmp(line, name, strlen(name)));
			check(strchr(" {", line[strlen(name)]));
		}
	}
	check(rest == NULL || !*rest);
}

static struct key_state key[] = {
	{ .name = "ops", .id = 0xabc, .age = 10, .last_use = 5, .left = -1, .accepted = 7,
	  .refused = 2, .window = 64, .used = 3, .expires = 1900000000 },
	{ .name = "ops", .id = 0xdef, .age = 100, .last_use = -1, .left = 60, .window = 128 },
};

static struct host_state state = {
	.module = { .version = "1\"\\\n2", .proto = 1, .mask = 438, .exprs = 2,
		    .realtime = 1700000000123000000 },
	.keys = { key, 2, 2 },
};

static void test_text(void)
{
	state.stats[NFT_SYSRQ_STAT_ADMISSION] = 1ULL << 60;
	state.stats[NFT_SYSRQ_STAT_STEPS] = 5;
	state.stats[NFT_SYSRQ_STAT_REPLY_SENT] = 6;
	print(&state);
	check_form();
	check_has(text, "nft_sysrq_module_info{version=\"1\\\"\\\\\\n2\",protocol=\"1\"} 1\n");
	check_has(text, "nft_sysrq_kernel_sysrq 438\n");
	check_has(text, "nft_sysrq_packets_total{verdict=\"admission\"} 1152921504606846976\n");
	check_has(text, "nft_sysrq_packets_total{verdict=\"cancel\"} 0\n");
	check(!strstr(text, "verdict=\"steps\"") && !strstr(text, "verdict=\"unknown\""));
	check_has(text, "nft_sysrq_replies_total{result=\"sent\"} 6\n");
	check_has(text, "nft_sysrq_steps_total 5\n");
	check_has(text, "nft_sysrq_keys 2\n");
	check_has(text, "nft_sysrq_key_requests_total{key=\"ops\",id=\"00000abc\","
			"result=\"accepted\"} 7\n");
	check_has(text, "_last_use_timestamp_seconds{key=\"ops\",id=\"00000abc\"} 1699999995\n");
	check_has(text, "_replaced_until_timestamp_seconds{key=\"ops\",id=\"00000def\"} 1700000060\n");
	check(!strstr(text, "_last_use_timestamp_seconds{key=\"ops\",id=\"00000def\"}"));
	check(!strstr(text, "_expiry_timestamp_seconds{key=\"ops\",id=\"00000def\"}"));
	check_has(text, "nft_sysrq_pending 0\n");
	check(!strstr(text, "pending_fires"));

	state.module.nsteps = 1;
	state.module.pending_fires_ms = 1500;
	strcpy(state.module.pending_key, "ops");
	print(&state);
	check_form();
	check_has(text, "nft_sysrq_pending_fires_timestamp_seconds{key=\"ops\"} 1700000001.623\n");
	state.keys.n = 0;
	print(&state);
	check_form();
	check(!strstr(text, "key_"));
}

static void test_file(void)
{
	char dir[] = "/tmp/sysrqctl-test-XXXXXX", path[64], why[4608], got[65536];
	struct stat st;

	check(mkdtemp(dir));
	umask(077);
	snprintf(path, sizeof(path), "%s/x.prom", dir);
	write_file(path, "old", 0600);
	check(!prometheus_write(&state, path, why, sizeof(why)));
	read_file(path, got, sizeof(got));
	check(!strcmp(got, text));
	check(!stat(path, &st) && (st.st_mode & 07777) == 0644);
	unlink(path);
	check(!mkdir(path, 0700));
	check(prometheus_write(&state, path, why, sizeof(why)));
	check_has(why, "x.prom: Is a directory");
	check(!rmdir(path));
	check(!rmdir(dir));	/* nothing is left in it */
	check(prometheus_write(&state, path, why, sizeof(why)));
	check_has(why, "No such file or directory");
}

int main(void)
{
	test_text();
	test_file();
	return 0;
}
