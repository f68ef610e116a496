// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys for people: from a passphrase to a fleet's key, from that to a host's.
 *
 * Whoever records one request can try passphrases at home, at one Argon2id
 * each: hence its cost, and hence no passphrase that is soon found.
 */
#include "derive.h"

#include <sodium.h>
#include <stdlib.h>

/**
 * derive_realm_valid - may a fleet be called so?
 * @realm: the rules are those of a host's identity, but that it is not empty
 */
bool derive_realm_valid(const char *realm)
{
	return realm[0] && nft_sysrq_wire_identity(realm);
}

static unsigned int class_of(unsigned char c)
{
	if (c >= 'a' && c <= 'z')
		return 1;
	if (c >= 'A' && c <= 'Z')
		return 2;
	return c >= '0' && c <= '9' ? 4 : 8;
}

/**
 * derive_weakness - why a passphrase must not be used
 * @passphrase: it
 *
 * A floor, no measure: what is in a dictionary or a song passes.
 *
 * Return: the reason, which does not repeat it, or NULL: it may be used.
 */
const char *derive_weakness(const char *passphrase)
{
	unsigned int classes = 0, distinct = 0, unforeseen = 0;
	const unsigned char *p = (const unsigned char *)passphrase;
	bool seen[256] = { false };
	const char *why = NULL;

	for (; *p; p++) {
		if (*p < ' ' || *p == 0x7f) {
			why = "it has a control character";
			break;
		}
		classes |= class_of(*p);
		distinct += !seen[*p];
		seen[*p] = true;
		/* One that repeats, or goes on in a row like abc or 321, adds nothing. */
		unforeseen += (const char *)p == passphrase || abs(*p - p[-1]) > 1;
	}
	if (!why && (const char *)p - passphrase > PASSPHRASE_MAX)
		why = "it is longer than 1023 bytes";
	else if (!why && unforeseen < PASSPHRASE_MIN)
		why = "it is too short: it needs 12 characters, not counting those that repeat "
		      "the one before, or follow it as in abc or 321";
	else if (!why && distinct < PASSPHRASE_DISTINCT)
		why = "it has fewer than 8 different characters";
	else if (!why && !(classes & (classes - 1)) && unforeseen < PASSPHRASE_ONE_CLASS)
		why = "it is of one kind only, all lower case, upper case, digits or others; "
		      "that is enough only from 20 characters on";
	sodium_memzero(seen, sizeof(seen));
	return why;
}

/**
 * derive_fleet - a fleet's key from a passphrase
 * @passphrase: any; derive_weakness() tells whether it should be
 * @realm: of the fleet
 * @out: the key; belongs into locked memory
 *
 * Takes about a second, and 256 MiB of memory.
 *
 * Return: 0, or -ENOMEM.
 */
int derive_fleet(const char *passphrase, const char *realm, u8 out[NFT_SYSRQ_KEY_LEN])
{
	u8 digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state sha;

	_Static_assert(crypto_pwhash_argon2id_SALTBYTES <= sizeof(digest), "salt");
	crypto_hash_sha256_init(&sha);
	crypto_hash_sha256_update(&sha, (const u8 *)DERIVE_LABEL_PASSPHRASE,
				  strlen(DERIVE_LABEL_PASSPHRASE));
	crypto_hash_sha256_update(&sha, (const u8 *)realm, strlen(realm));
	crypto_hash_sha256_final(&sha, digest);
	return crypto_pwhash_argon2id(out, NFT_SYSRQ_KEY_LEN, passphrase, strlen(passphrase),
				      digest, DERIVE_PASSES, DERIVE_MEMORY_MIB << 20,
				      crypto_pwhash_argon2id_ALG_ARGON2ID13) ? -ENOMEM : 0;
}

/**
 * derive_host - a host's key from the fleet's
 * @fleet: the fleet's key
 * @identity: of the host
 * @out: the host's key; belongs into locked memory
 */
void derive_host(const u8 fleet[NFT_SYSRQ_KEY_LEN], const char *identity,
		 u8 out[NFT_SYSRQ_KEY_LEN])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, fleet, NFT_SYSRQ_KEY_LEN);
	crypto_auth_hmacsha256_update(&state, (const u8 *)DERIVE_LABEL_HOST,
				      strlen(DERIVE_LABEL_HOST));
	crypto_auth_hmacsha256_update(&state, (const u8 *)identity, strlen(identity));
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}
