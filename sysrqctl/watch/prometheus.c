// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of this host's module in Prometheus' text exposition format, 0.0.4:
 * base units, counters that end in _total, points in time as s since 1970.
 */
#include "prometheus.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "duration.h"
#include "words.h"

#define PREFIX	"nft_sysrq_"

static void head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help, name, type);
}

static void put_u64(FILE *out, const char *name, u64 value)
{
	fprintf(out, PREFIX "%s %llu\n", name, (unsigned long long)value);
}

static void gauge(FILE *out, const char *name, const char *help, u64 value)
{
	head(out, name, "gauge", help);
	put_u64(out, name, value);
}

/* A label's value: \ " and line feed are escaped. */
static void put_value(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '\n') {
			fputs("\\n", out);
			continue;
		}
		if (*text == '\\' || *text == '"')
			putc('\\', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void put_module(const struct module_state *m, FILE *out)
{
	head(out, "module_info", "gauge", "The module that is loaded; always 1.");
	fputs(PREFIX "module_info{version=", out);
	put_value(out, m->version);
	fprintf(out, ",protocol=\"%u\"} 1\n", m->proto);
	gauge(out, "kernel_sysrq", "The mask kernel.sysrq.", m->mask);
	gauge(out, "rules", "Expressions in rules of this network namespace.", m->exprs);
	gauge(out, "pending", "Whether a program is pending.", m->nsteps != 0);
	if (!m->nsteps)
		return;
	head(out, "pending_fires_timestamp_seconds", "gauge",
	     "When the pending program's next step runs.");
	fprintf(out, PREFIX "pending_fires_timestamp_seconds{key=");
	put_value(out, m->pending_key);
	fprintf(out, "} %.3f\n",
		(m->realtime / NS_PER_MS + (s64)m->pending_fires_ms) / 1000.0);
}

static void put_stats(const u64 stats[NFT_SYSRQ_STAT_PAD], FILE *out)
{
	unsigned int i;

	head(out, "packets_total", "counter", "What became of the packets that met a rule.");
	for (i = 1; i <= NFT_SYSRQ_STAT_CANCEL; i++)
		fprintf(out, PREFIX "packets_total{verdict=\"%s\"} %llu\n", words_stat_id(i),
			(unsigned long long)stats[i]);
	head(out, "replies_total", "counter", "Replies to genuine requests.");
	fprintf(out, PREFIX "replies_total{result=\"sent\"} %llu\n",
		(unsigned long long)stats[NFT_SYSRQ_STAT_REPLY_SENT]);
	fprintf(out, PREFIX "replies_total{result=\"failed\"} %llu\n",
		(unsigned long long)stats[NFT_SYSRQ_STAT_REPLY_FAILED]);
	head(out, "steps_total", "counter", "Letters handed to the kernel.");
	put_u64(out, "steps_total", stats[NFT_SYSRQ_STAT_STEPS]);
}

/* The name of a metric, and the labels that tell a key from others. */
static void key_sample(FILE *out, const char *name, const struct key_state *key,
		       const char *more)
{
	fprintf(out, PREFIX "%s{key=", name);
	put_value(out, key->name);
	fprintf(out, ",id=\"%08x\"%s} ", key->id, more);
}

/* One number of a key, and when it has one. */
struct key_metric {
	const char	*name;
	const char	*help;
	bool		(*get)(const struct key_state *key, s64 now_s, s64 *value);
};

static bool get_set(const struct key_state *key, s64 now_s, s64 *value)
{
	*value = now_s - (s64)key->age;
	return true;
}

static bool get_used(const struct key_state *key, s64 now_s, s64 *value)
{
	*value = now_s - key->last_use;
	return key->last_use >= 0;
}

static bool get_expires(const struct key_state *key, s64 now_s, s64 *value)
{
	(void)now_s;
	*value = key->expires;
	return key->expires;
}

static bool get_left(const struct key_state *key, s64 now_s, s64 *value)
{
	*value = now_s + key->left;
	return key->left >= 0;
}

static bool get_window(const struct key_state *key, s64 now_s, s64 *value)
{
	(void)now_s;
	*value = key->window;
	return true;
}

static bool get_window_used(const struct key_state *key, s64 now_s, s64 *value)
{
	(void)now_s;
	*value = key->used;
	return true;
}

static const struct key_metric key_metrics[] = {
	{ "key_set_timestamp_seconds", "When the key got its material.", get_set },
	{ "key_last_use_timestamp_seconds", "When the key's last request was accepted.", get_used },
	{ "key_expiry_timestamp_seconds", "When the key expires; absent if never.", get_expires },
	{ "key_replaced_until_timestamp_seconds",
	  "Until when a replaced key is still good; absent if it is not replaced.", get_left },
	{ "key_window_entries", "Requests that the key's window has room for.", get_window },
	{ "key_window_used", "Requests that the key's window remembers.", get_window_used },
};

static void put_key_metric(const struct key_metric *m, const struct keys_state *keys, s64 now_s,
			   FILE *out)
{
	bool any = false;
	s64 value;
	size_t i;

	for (i = 0; i < keys->n; i++) {
		if (!m->get(&keys->key[i], now_s, &value))
			continue;
		if (!any)
			head(out, m->name, "gauge", m->help);
		any = true;
		key_sample(out, m->name, &keys->key[i], "");
		fprintf(out, "%lld\n", (long long)value);
	}
}

static void put_keys(const struct keys_state *keys, s64 now_s, FILE *out)
{
	const struct key_state *k;
	size_t i;
	size_t left;

	gauge(out, "keys", "Keys of this network namespace, those replaced and still good included.",
	      keys->n);
	if (keys->n)
		head(out, "key_requests_total", "counter",
		     "Genuine requests by the key, since it got its material.");
	for (k = keys->key, left = keys->n; left; left--, k++) {
		key_sample(out, "key_requests_total", k, ",result=\"accepted\"");
		fprintf(out, "%llu\n", (unsigned long long)k->accepted);
		key_sample(out, "key_requests_total", k, ",result=\"refused\"");
		fprintf(out, "%llu\n", (unsigned long long)k->refused);
	}
	for (i = 0; i < sizeof(key_metrics) / sizeof(key_metrics[0]); i++)
		put_key_metric(&key_metrics[i], keys, now_s, out);
}

/**
 * prometheus_print - everything, in the text exposition format
 * @s: the state
 * @out: where to
 */
void prometheus_print(const struct host_state *s, FILE *out)
{
	put_module(&s->module, out);
	put_stats(s->stats, out);
	put_keys(&s->keys, s->module.realtime / NS_PER_S, out);
}

/**
 * prometheus_write - everything into a file, at once or not at all
 * @s: the state
 * @path: of the file, which all may read: a collector is not root
 * @why: says what is wrong, if something is
 * @len: of @why
 *
 * Until it is whole, the file's name ends in no .prom, which collectors look for.
 *
 * Return: 0, or -EINVAL.
 */
int prometheus_write(const struct host_state *s, const char *path, char *why, size_t len)
{
	char temporary[4096];
	bool good;
	FILE *out;
	int fd;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
	    (int)sizeof(temporary)) {
		snprintf(why, len, "%.64s...: too long a path", path);
		return -EINVAL;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out) {
		snprintf(why, len, "%s: %m", temporary);
		if (fd >= 0) {
			close(fd);
			unlink(temporary);
		}
		return -EINVAL;
	}
	prometheus_print(s, out);
	good = !fflush(out) && !ferror(out) && !fchmod(fd, 0644) && !fsync(fd);
	if (!good)
		snprintf(why, len, "%s: %m", temporary);
	fclose(out);
	if (good && rename(temporary, path)) {
		snprintf(why, len, "%s: %m", path);
		good = false;
	}
	if (!good)
		unlink(temporary);
	return good ? 0 : -EINVAL;
}
