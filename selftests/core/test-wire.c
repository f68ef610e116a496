// SPDX-License-Identifier: GPL-2.0-only
/* Layout: every byte where the vectors have it, every value at its edges. */
#include "wire.h"

#include <stddef.h>

#include "mac.h"
#include "tap.h"
#include "vectors.h"

static void test_layout(void)
{
	ok_u64(sizeof(struct nft_sysrq_dgram), NFT_SYSRQ_DGRAM_LEN, "datagram length");
	ok_u64(offsetof(struct nft_sysrq_dgram, key_id), 8, "offset of the key id");
	ok_u64(offsetof(struct nft_sysrq_dgram, nonce), 12, "offset of the nonce");
	ok_u64(offsetof(struct nft_sysrq_dgram, epoch), 16, "offset of the epoch");
	ok_u64(offsetof(struct nft_sysrq_dgram, stamp), 24, "offset of the stamp");
	ok_u64(offsetof(struct nft_sysrq_dgram, body), 32, "offset of the body");
	ok_u64(offsetof(struct nft_sysrq_dgram, mac), NFT_SYSRQ_MAC_OFFSET, "offset of the HMAC");
	ok_u64(offsetof(struct nft_sysrq_dgram, admission), NFT_SYSRQ_ADM_OFFSET,
	       "offset of the admission tag");
	ok_u64(sizeof(struct nft_sysrq_outcome), NFT_SYSRQ_BODY_LEN, "length of an outcome");
	ok_u64(sizeof(struct nft_sysrq_pending), NFT_SYSRQ_BODY_LEN, "length of a pending page");
}

static u8 type_of(const json_t *item)
{
	const char *type = text_of(item, "type");

	return !strcmp(type, "probe") ? NFT_SYSRQ_PROBE :
	       !strcmp(type, "run") ? NFT_SYSRQ_RUN : NFT_SYSRQ_CANCEL;
}

static bool head_is(const struct nft_sysrq_dgram *d, const json_t *item, u8 type)
{
	u8 epoch[8];

	bytes_of(item, "epoch", epoch, sizeof(epoch));
	return !memcmp(d->magic, "SRQ", 3) && d->version == 1 && d->type == type &&
	       d->nsteps == number_of(item, "nsteps") &&
	       be32_to_cpu(d->nonce) == strtoul(text_of(item, "nonce"), NULL, 16) &&
	       !memcmp(&d->epoch, epoch, sizeof(epoch)) &&
	       (s64)be64_to_cpu(d->stamp) == strtoll(text_of(item, "stamp"), NULL, 10);
}

static void test_requests(const json_t *root, const char *list, bool meaningful)
{
	struct nft_sysrq_dgram d;
	u8 body[22];
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(root, list), i, item) {
		const char *what = text_of(item, "name");

		bytes_of(item, "datagram", &d, sizeof(d));
		bytes_of(item, "body", body, sizeof(body));
		ok(head_is(&d, item, type_of(item)) && d.flags == number_of(item, "flags") &&
		   !d.spoken && !memcmp(d.body, body, sizeof(body)), "%s: fields", what);
		ok_u64(nft_sysrq_wire_check(&d), 0, "is a request");
		ok(nft_sysrq_wire_meaningful(&d) == meaningful, "%s: %s", what,
		   meaningful ? "has a meaning" : "has none");
		ok(json_is_true(json_object_get(item, "meaningful")) == meaningful,
		   "the vector says so too");
	}
}

static void test_forged(const json_t *root)
{
	struct nft_sysrq_secrets s;
	struct nft_sysrq_dgram d;
	const char *fails, *got;
	u8 bytes[128];
	json_t *item;
	size_t i, len;

	json_array_foreach(json_object_get(root, "forged"), i, item) {
		secrets_of(root, item, &s);
		len = bytes_of(item, "datagram", bytes, sizeof(bytes));
		memcpy(&d, bytes, sizeof(d));
		fails = text_of(item, "fails");
		if (len != sizeof(d))
			got = "length";
		else if (nft_sysrq_wire_check(&d) == NFT_SYSRQ_STAT_MAGIC)
			got = "magic";
		else if (nft_sysrq_wire_check(&d) == NFT_SYSRQ_STAT_VERSION)
			got = "version";
		else if (nft_sysrq_wire_check(&d) == NFT_SYSRQ_STAT_HEADER)
			got = "header";
		else if (d.key_id != s.key_id)
			got = "key_id";
		else if (!nft_sysrq_mac_admits(&s, NFT_SYSRQ_DIR_REQUEST, &d))
			got = "admission";
		else if (!nft_sysrq_mac_holds(&s, NFT_SYSRQ_DIR_REQUEST, &d))
			got = "mac";
		else
			got = "nothing";
		ok(!strcmp(fails, got), "forged: %s: fails at %s, got %s",
		   text_of(item, "name"), fails, got);
	}
}

static bool outcome_is(const struct nft_sysrq_dgram *d, const json_t *item)
{
	const struct nft_sysrq_outcome *o = (const void *)d->body;
	const json_t *v = json_object_get(item, "outcome");
	u8 wall[6], reasons[3];
	json_t *reason;
	u32 packed = 0;
	size_t i;

	json_array_foreach(json_object_get(v, "reasons"), i, reason) {
		packed |= (u32)json_integer_value(reason) << (2 * i);
		if (nft_sysrq_wire_reason(nft_sysrq_wire_get_reasons(o->reasons), i) !=
		    json_integer_value(reason))
			return false;
	}
	nft_sysrq_wire_put_reasons(reasons, packed);
	/* 2^48 ms do not fit into ns: the other way is tested below. */
	if (number_of(v, "wall_ms") < 9000000000000ULL) {
		nft_sysrq_wire_put_wall(wall, number_of(v, "wall_ms") * 1000000 + 999999);
		if (memcmp(wall, o->wall_ms, sizeof(wall)))
			return false;
	}
	return !memcmp(reasons, o->reasons, sizeof(reasons)) &&
	       (s64)be64_to_cpu(o->stamp) ==
		       strtoll(text_of(item, "request_stamp"), NULL, 10) &&
	       (u64)nft_sysrq_wire_get_wall_ms(o->wall_ms) == number_of(v, "wall_ms") &&
	       be16_to_cpu(o->mask) == number_of(v, "mask") &&
	       be16_to_cpu(o->fires_s) == number_of(v, "fires_s") &&
	       o->bits == number_of(v, "bits");
}

static bool pending_is(const struct nft_sysrq_dgram *d, const json_t *item)
{
	const struct nft_sysrq_pending *p = (const void *)d->body;
	const json_t *v = json_object_get(item, "pending"), *next = json_object_get(v, "next");
	struct nft_sysrq_step want[3] = {};
	json_t *step;
	size_t i;

	json_array_foreach(next, i, step) {
		want[i].letter = json_integer_value(json_array_get(step, 0));
		want[i].wait = json_integer_value(json_array_get(step, 1));
	}
	return be32_to_cpu(p->nonce) == strtoul(text_of(v, "nonce"), NULL, 16) &&
	       be32_to_cpu(p->fires_ms) == number_of(v, "fires_ms") &&
	       !memcmp(p->next, want, sizeof(want));
}

static void test_replies(const json_t *root)
{
	struct nft_sysrq_dgram d;
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(root, "replies"), i, item) {
		bytes_of(item, "datagram", &d, sizeof(d));
		ok(head_is(&d, item, type_of(item) | NFT_SYSRQ_REPLY) &&
		   d.flags == number_of(item, "status") &&
		   d.spoken == number_of(item, "spoken") &&
		   (json_object_get(item, "pending") ? pending_is(&d, item) :
						       outcome_is(&d, item)),
		   "reply: %s", text_of(item, "name"));
		ok_u64(nft_sysrq_wire_check(&d), NFT_SYSRQ_STAT_HEADER, "is no request");
	}
}

static void test_waits(const json_t *root)
{
	bool trip = true, shortest = true;
	json_t *item;
	size_t i;
	u32 ms;

	json_array_foreach(json_object_get(root, "waits"), i, item) {
		ms = nft_sysrq_wire_wait_ms(i);
		/* 10 s is 100 x 100 ms and 1 x 10 s. */
		trip &= ms == json_integer_value(item) &&
			nft_sysrq_wire_wait_code(ms) == (i == 128 ? 100 : i);
	}
	ok(trip && i == 256, "every wait code there and back");
	json_array_foreach(json_object_get(root, "wait_codes"), i, item)
		ok_u64(nft_sysrq_wire_wait_code(number_of(item, "ms")), number_of(item, "code"),
		       "wait code of a length");

	/* Every ms there is: at least so long, and no shorter code would do. */
	for (ms = 0; ms <= NFT_SYSRQ_WAIT_MAX_MS; ms++) {
		u8 code = nft_sysrq_wire_wait_code(ms);

		shortest &= nft_sysrq_wire_wait_ms(code) >= ms &&
			    (!code || nft_sysrq_wire_wait_ms(code - 1) < ms);
	}
	ok(shortest, "the shortest wait that is long enough, for every ms");
}

static void test_reasons(const json_t *root)
{
	json_t *item, *reason;
	u8 want[3], got[3];
	size_t i, j;

	json_array_foreach(json_object_get(root, "reasons"), i, item) {
		u32 packed = 0;

		json_array_foreach(json_object_get(item, "reasons"), j, reason)
			packed |= (u32)json_integer_value(reason) << (2 * j);
		bytes_of(item, "bytes", want, sizeof(want));
		nft_sysrq_wire_put_reasons(got, packed);
		ok_bytes(got, want, sizeof(want), "reasons into bytes");
		ok_u64(nft_sysrq_wire_get_reasons(want), packed, "bytes into reasons");
	}
}

static void test_wall(void)
{
	static const s64 real[] = {
		0, 1, 999999, 1000000, 1760000000123456789, INT64_MAX, -1, INT64_MIN,
	};
	static const u8 highest[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	size_t i;
	u8 buf[6];

	for (i = 0; i < sizeof(real) / sizeof(real[0]); i++) {
		nft_sysrq_wire_put_wall(buf, real[i]);
		ok_u64(nft_sysrq_wire_get_wall_ms(buf), real[i] < 0 ? 0 : real[i] / 1000000,
		       "wall clock there and back");
	}
	ok_u64(nft_sysrq_wire_get_wall_ms(highest), (1ULL << 48) - 1, "highest wall clock");
}

static void test_letters(void)
{
	static const char letters[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	bool all = true;
	int c;

	for (c = 0; c < 256; c++)
		all &= nft_sysrq_wire_letter(c) == (c && strchr(letters, c));
	ok(all, "letters are 0-9, a-z, A-Z, of 256 bytes");
}

static void test_names(void)
{
	static const char *good[] = {
		"a", "ops", "Z9", "_", ".", "a-b", "web1.example_net",
		"0123456789012345678901234567890",
	};
	static const char *bad[] = {
		"", "-", "-ops", "a b", "a/b", " a", "/", "a\n", "\xc3\xa4", "a\"",
		"01234567890123456789012345678901",
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ok(nft_sysrq_wire_name(good[i]), "name \"%s\"", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!nft_sysrq_wire_name(bad[i]), "no name, number %zu", i);
}

static void test_identities(const json_t *root)
{
	static const char *bad[] = {
		"Web1", "wAb", "weZ", "web1.", ".", "web 1", "web1\n", "\x7f", "w\xc3\xa4",
	};
	const json_t *key = json_array_get(json_object_get(root, "keys"), 0);
	char longest[NFT_SYSRQ_IDENTITY_LEN + 1];
	json_t *tag;
	size_t i;

	json_array_foreach(json_object_get(key, "host_tags"), i, tag)
		ok(nft_sysrq_wire_identity(text_of(tag, "identity")), "identity of the vectors");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!nft_sysrq_wire_identity(bad[i]), "no identity, number %zu", i);
	memset(longest, 'a', sizeof(longest));
	longest[NFT_SYSRQ_IDENTITY_LEN] = '\0';
	ok(!nft_sysrq_wire_identity(longest), "identity of 254 bytes is too long");
	longest[NFT_SYSRQ_IDENTITY_LEN - 1] = '\0';
	ok(nft_sysrq_wire_identity(longest), "identity of 253 bytes is not");
	ok(nft_sysrq_wire_identity("!~"), "the first and the last that can be printed");
}

/* Any byte anywhere in a body: a request has a meaning only if it should. */
static void test_bodies(void)
{
	struct nft_sysrq_dgram d = { .magic = { 'S', 'R', 'Q' }, .version = 1 };
	unsigned int type, nsteps, at, value;
	bool all = true, want;

	for (type = NFT_SYSRQ_PROBE; type <= NFT_SYSRQ_CANCEL; type++)
		for (nsteps = 0; nsteps <= NFT_SYSRQ_MAX_STEPS; nsteps++)
			for (at = 0; at < NFT_SYSRQ_BODY_LEN; at++)
				for (value = 0; value < 256; value++) {
					d.type = type;
					d.nsteps = nsteps;
					memset(d.body, 0, sizeof(d.body));
					d.body[at] = value;
					want = !value || (at < 2 * nsteps &&
					       (at % 2 || nft_sysrq_wire_letter(value)));
					if (type == NFT_SYSRQ_PROBE && !nsteps && !at)
						want = value <= 1;
					if (type == NFT_SYSRQ_RUN && !nsteps)
						want = false;
					if (type == NFT_SYSRQ_CANCEL && nsteps)
						want = false;
					all &= nft_sysrq_wire_meaningful(&d) == want;
				}
	ok(all, "one byte of any value, anywhere in any body");
}

int main(int argc, char **argv)
{
	json_t *root;

	if (sodium_init() < 0)
		return EXIT_FAILURE;
	root = vectors_load(argc, argv);
	test_layout();
	test_requests(root, "requests", true);
	test_requests(root, "malformed", false);
	test_forged(root);
	test_replies(root);
	test_waits(root);
	test_reasons(root);
	test_wall();
	test_letters();
	test_names();
	test_identities(root);
	test_bodies();
	json_decref(root);
	return done();
}
