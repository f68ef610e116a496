# SPDX-License-Identifier: GPL-2.0-only
"""Keys for people: a fleet's from a passphrase, a host's from the fleet's.

Argon2id is that of its inventors, libargon2: the tool uses another, libsodium's.
"""
import ctypes
import hashlib

from .keys import hmac_sha256

PASSPHRASE_LABEL = b"nft-sysrq v1 passphrase "
HOST_LABEL = b"nft-sysrq v1 fleet host "
LANES, PASSES, MEMORY_KIB = 1, 3, 262144


def salt(realm):
    return hashlib.sha256(PASSPHRASE_LABEL + realm.encode("ascii")).digest()[:16]


def fleet_key(passphrase, realm):
    """32 bytes; @passphrase: bytes. Takes a second and 256 MiB."""
    out = ctypes.create_string_buffer(32)
    size = ctypes.c_size_t
    u32 = ctypes.c_uint32
    error = ctypes.CDLL("libargon2.so.1").argon2id_hash_raw(
        u32(PASSES), u32(MEMORY_KIB), u32(LANES), passphrase, size(len(passphrase)),
        salt(realm), size(16), out, size(len(out)))
    if error:
        raise MemoryError(f"argon2id: error {error}")
    return out.raw


def host_key(fleet, identity):
    return hmac_sha256(fleet, HOST_LABEL + identity.encode("ascii"))
