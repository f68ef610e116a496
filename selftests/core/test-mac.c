// SPDX-License-Identifier: GPL-2.0-only
/* Tags and derivation: published vectors, and ours from another implementation. */
#include "mac.h"

#include <stddef.h>

#include "tap.h"
#include "vectors.h"

/* RFC 4231, with keys of at most a block, as all keys here are. */
static const struct {
	const char	*key;
	const char	*data;
	const char	*mac;
	size_t		len;
} rfc4231[] = {
	{
		"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		"4869205468657265",
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7", 32,
	}, {
		"4a656665",
		"7768617420646f2079612077616e7420666f72206e6f7468696e673f",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", 32,
	}, {
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"dddddddddddddddddddddddddddddddddddddddddddddddddddd"
		"dddddddddddddddddddddddddddddddddddddddddddddddd",
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe", 32,
	}, {
		"0102030405060708090a0b0c0d0e0f10111213141516171819",
		"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
		"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
		"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b", 32,
	}, {
		"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
		"546573742057697468205472756e636174696f6e",
		"a3b6167473100ee06e0c796c2955552b", 16,
	},
};

static void test_hmac(void)
{
	u8 key[64], data[64], want[32], got[32];
	struct compat_hmac_key prepared;
	struct compat_hmac_ctx ctx;
	size_t i, j, key_len, len;
	char what[64];

	for (i = 0; i < sizeof(rfc4231) / sizeof(rfc4231[0]); i++) {
		key_len = unhex(rfc4231[i].key, key, sizeof(key));
		len = unhex(rfc4231[i].data, data, sizeof(data));
		unhex(rfc4231[i].mac, want, sizeof(want));
		compat_hmac_prepare(&prepared, key, key_len);
		compat_hmac(&prepared, data, len, got);
		snprintf(what, sizeof(what), "RFC 4231 test case %zu", i + 1);
		ok_bytes(got, want, rfc4231[i].len, what);

		/* A prepared key serves more than once, and in pieces. */
		compat_hmac_begin(&ctx, &prepared);
		for (j = 0; j < len; j++)
			compat_hmac_add(&ctx, data + j, 1);
		compat_hmac_end(&ctx, got);
		snprintf(what, sizeof(what), "RFC 4231 test case %zu, byte by byte", i + 1);
		ok_bytes(got, want, rfc4231[i].len, what);
	}
}

static void test_siphash(const json_t *root)
{
	const json_t *v = json_object_get(root, "siphash");
	u8 key[16], data[64], want[8], got[8];
	struct compat_sip_key prepared;
	bool all = true;
	size_t i;
	json_t *tag;

	bytes_of(v, "key", key, sizeof(key));
	compat_sip_prepare(&prepared, key);
	for (i = 0; i < sizeof(data); i++)
		data[i] = i;

	/* Appendix A of the paper; the other 63 are of its reference code. */
	compat_sip(&prepared, data, 15, got);
	unhex("e545be4961ca29a1", want, sizeof(want));
	ok_bytes(got, want, sizeof(want), "SipHash-2-4: the paper's example");

	json_array_foreach(json_object_get(v, "tags"), i, tag) {
		unhex(json_string_value(tag), want, sizeof(want));
		compat_sip(&prepared, data, i, got);
		all &= !memcmp(got, want, sizeof(want));
	}
	ok(all && i == 64, "SipHash-2-4: the %zu reference vectors", i);
}

static void test_derivation(const json_t *root)
{
	u8 material[32], want[32], head[NFT_SYSRQ_ADM_OFFSET], got[32], id[4];
	struct nft_sysrq_secrets s;
	struct compat_hmac_key mac;
	struct compat_sip_key adm;
	json_t *key, *tag;
	size_t i, j;
	__be64 be;
	int dir;

	memset(head, 0x5a, sizeof(head));
	json_array_foreach(json_object_get(root, "keys"), i, key) {
		bytes_of(key, "material", material, sizeof(material));
		nft_sysrq_mac_derive(&s, material);
		bytes_of(key, "id", id, sizeof(id));
		ok_bytes(&s.key_id, id, sizeof(id), "key id");

		/* Prepared keys cannot be read: compare what they make. */
		for (dir = 0; dir < NFT_SYSRQ_DIRS; dir++) {
			bytes_of(key, dir ? "reply_mac" : "request_mac", want, sizeof(want));
			compat_hmac_prepare(&mac, want, sizeof(want));
			compat_hmac(&mac, head, NFT_SYSRQ_MAC_OFFSET, want);
			compat_hmac(&s.mac[dir], head, NFT_SYSRQ_MAC_OFFSET, got);
			ok_bytes(got, want, 32, dir ? "reply MAC key" : "request MAC key");

			bytes_of(key, dir ? "reply_adm" : "request_adm", want, 16);
			compat_sip_prepare(&adm, want);
			compat_sip(&adm, head, sizeof(head), want);
			compat_sip(&s.admission[dir], head, sizeof(head), got);
			ok_bytes(got, want, 8, dir ? "reply admission key" :
						     "request admission key");
		}
		json_array_foreach(json_object_get(key, "host_tags"), j, tag) {
			const char *identity = text_of(tag, "identity");

			bytes_of(tag, "tag", want, 8);
			be = nft_sysrq_mac_host_tag(material, identity, strlen(identity));
			ok_bytes(&be, want, 8, "host tag");
		}
	}
}

/* What the vectors seal, we seal and accept; in the right direction only. */
static void test_sealed(const json_t *root, const char *list, enum nft_sysrq_dir dir)
{
	struct nft_sysrq_secrets s;
	struct nft_sysrq_dgram d, mine;
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(root, list), i, item) {
		const char *what = text_of(item, "name");

		secrets_of(root, item, &s);
		if (bytes_of(item, "datagram", &d, sizeof(d)) != sizeof(d))
			abort();
		ok(d.key_id == s.key_id && nft_sysrq_mac_admits(&s, dir, &d) &&
		   nft_sysrq_mac_holds(&s, dir, &d), "%s: %s: tags hold", list, what);
		ok(!nft_sysrq_mac_admits(&s, !dir, &d) && !nft_sysrq_mac_holds(&s, !dir, &d),
		   "%s: %s: not in the other direction", list, what);

		mine = d;
		memset(mine.mac, 0, sizeof(mine.mac) + sizeof(mine.admission));
		nft_sysrq_mac_seal(&s, dir, &mine);
		ok_bytes(&mine, &d, sizeof(d), "sealed the same");
	}
}

/* Each bit counts: for the admission tag all, for the HMAC those before it. */
static void test_flips(const json_t *root)
{
	const json_t *item = json_array_get(json_object_get(root, "requests"), 5);
	bool admits = false, holds = false, adm_only = true;
	struct nft_sysrq_secrets s;
	struct nft_sysrq_dgram d;
	u8 *bytes = (u8 *)&d;
	size_t bit;

	secrets_of(root, item, &s);
	for (bit = 0; bit < 8 * sizeof(d); bit++) {
		bytes_of(item, "datagram", &d, sizeof(d));
		bytes[bit / 8] ^= 1 << bit % 8;
		admits |= nft_sysrq_mac_admits(&s, NFT_SYSRQ_DIR_REQUEST, &d);
		if (bit < 8 * NFT_SYSRQ_ADM_OFFSET)
			holds |= nft_sysrq_mac_holds(&s, NFT_SYSRQ_DIR_REQUEST, &d);
		else
			adm_only &= nft_sysrq_mac_holds(&s, NFT_SYSRQ_DIR_REQUEST, &d);
	}
	ok(!admits, "no datagram that is one bit away is admitted");
	ok(!holds, "nor does its HMAC hold");
	ok(adm_only, "the HMAC does not look at the admission tag");
}

int main(int argc, char **argv)
{
	json_t *root;

	if (sodium_init() < 0)
		return EXIT_FAILURE;
	root = vectors_load(argc, argv);
	test_hmac();
	test_siphash(root);
	test_derivation(root);
	test_sealed(root, "requests", NFT_SYSRQ_DIR_REQUEST);
	test_sealed(root, "malformed", NFT_SYSRQ_DIR_REQUEST);
	test_sealed(root, "replies", NFT_SYSRQ_DIR_REPLY);
	test_flips(root);
	json_decref(root);
	return done();
}
