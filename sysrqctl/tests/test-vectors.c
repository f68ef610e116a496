// SPDX-License-Identifier: GPL-2.0-only
/* The protocol's vectors: keys of key files and passphrases, and which replies a sender believes. */
#include <jansson.h>

#include "derive.h"
#include "exchange.h"
#include "keyfile.h"
#include "test.h"

static json_t *root;

static const char *text_of(json_t *v, const char *name)
{
	const char *s = json_string_value(json_object_get(v, name));

	if (!s)
		fprintf(stderr, "no \"%s\"\n", name);
	check(s);
	return s;
}

static size_t unhex(const char *text, void *out, size_t size)
{
	size_t n;

	check(!sodium_hex2bin(out, size, text, strlen(text), NULL, &n, NULL));
	return n;
}

static struct nft_sysrq_secrets secrets_of(const char *name)
{
	struct nft_sysrq_secrets s;
	u8 key[NFT_SYSRQ_KEY_LEN];
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(root, "keys"), i, v) {
		if (strcmp(text_of(v, "name"), name))
			continue;
		check(unhex(text_of(v, "material"), key, sizeof(key)) == sizeof(key));
		nft_sysrq_mac_derive(&s, key);
		return s;
	}
	check(!"key");
	abort();
}

/* Each key as a key file of its id. */
static void test_keys(void)
{
	struct keyfile *key = keyfile_generate();
	char text[512], why[256];
	json_t *v;
	size_t i, n;

	json_array_foreach(json_object_get(root, "keys"), i, v) {
		n = snprintf(text, sizeof(text),
			     "nft-sysrq key v1\nkind: host\nid: %s\nkey: %s\n",
			     text_of(v, "id"), text_of(v, "material"));
		check(!keyfile_parse(key, text, n, "vector", why, sizeof(why)));
	}
	check(i > 1);
	keyfile_free(key);
}

/* Passphrase to fleet's key to hosts' keys; and one bit of each matters. */
static void test_passphrases(void)
{
	u8 want[NFT_SYSRQ_KEY_LEN], host[NFT_SYSRQ_KEY_LEN];
	struct keyfile *fleet = keyfile_generate();
	json_t *v, *h;
	size_t i, j;

	json_array_foreach(json_object_get(root, "passphrases"), i, v) {
		check(!derive_fleet(text_of(v, "passphrase"), text_of(v, "realm"), fleet->material));
		check(unhex(text_of(v, "fleet"), want, sizeof(want)) == sizeof(want));
		check(!memcmp(fleet->material, want, sizeof(want)));
		json_array_foreach(json_object_get(v, "hosts"), j, h) {
			check(unhex(text_of(h, "key"), want, sizeof(want)) == sizeof(want));
			keyfile_derive_host(fleet, text_of(h, "identity"), host);
			check(!memcmp(host, want, sizeof(want)));
		}
		check(j);
	}
	check(i > 1);
	keyfile_free(fleet);
}

/* A sender that has sent one copy of a request, under this nonce and stamp. */
static void sent(struct exchange *x, struct exchange_plan *plan, u8 type, u8 nsteps,
		 u32 nonce, s64 stamp, const struct exchange_clock *now)
{
	memset(plan->steps.step, 's', sizeof(plan->steps.step));
	plan->steps.n = nsteps;
	plan->type = type;
	plan->timeout = 1000000000;
	exchange_begin(x, plan, 1, NULL, now);
	x->state = EXCHANGE_ASKING;
	x->nonce = nonce;
	x->copies[0].stamp = stamp;
	x->ncopies = 1;
	x->first = x->copies[0].sent = now->boot;
}

static void test_replies(void)
{
	struct exchange_clock now = { 1000, 1760000000123456789 };
	struct nft_sysrq_secrets secrets;
	struct exchange_plan plan = { .secrets = &secrets };
	struct nft_sysrq_dgram d;
	struct exchange x;
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(root, "replies"), i, v) {
		secrets = secrets_of(text_of(v, "key"));
		check(unhex(text_of(v, "datagram"), &d, sizeof(d)) == sizeof(d));
		sent(&x, &plan, d.type & ~NFT_SYSRQ_REPLY, d.nsteps, be32_to_cpu(d.nonce),
		     strtoll(text_of(v, "request_stamp"), NULL, 10), &now);
		x.epoch = d.epoch;
		exchange_receive(&x, &d, sizeof(d), 0, &now);
		if (d.flags == NFT_SYSRQ_ST_STALE)
			check(x.state == EXCHANGE_ASKING && x.stale);
		else
			check((x.state == EXCHANGE_DONE || x.state == EXCHANGE_LOOKING) &&
			      x.outcome == EXCHANGE_ANSWERED);
	}
	check(i > 10);
}

static void test_unbelievable(void)
{
	struct exchange_clock now = { 1000, 1760000000123456789 };
	struct nft_sysrq_secrets secrets;
	struct exchange_plan plan = { .secrets = &secrets };
	struct nft_sysrq_dgram q;
	struct exchange x;
	u8 data[256];
	size_t i, n;
	json_t *v;

	json_array_foreach(json_object_get(root, "unbelievable"), i, v) {
		secrets = secrets_of(text_of(v, "key"));
		check(unhex(text_of(v, "request"), &q, sizeof(q)) == sizeof(q));
		sent(&x, &plan, q.type, q.nsteps, be32_to_cpu(q.nonce), be64_to_cpu(q.stamp),
		     &now);
		n = unhex(text_of(v, "datagram"), data, sizeof(data));
		exchange_receive(&x, data, n, 0, &now);
		check(x.state == EXCHANGE_ASKING && !x.stale && !x.redrawn);
	}
	check(i > 5);
}

int main(int argc, char **argv)
{
	check(argc == 2 && sodium_init() >= 0);
	root = json_load_file(argv[1], 0, NULL);
	check(root);
	test_keys();
	test_passphrases();
	test_replies();
	test_unbelievable();
	json_decref(root);
	return 0;
}
