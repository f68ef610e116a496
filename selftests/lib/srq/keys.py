# SPDX-License-Identifier: GPL-2.0-only
"""Keys and tags.

HMAC-SHA256 is the standard library's. SipHash-2-4 is written from the paper:
Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, section 2.
"""
import base64
import hashlib
import hmac
import re

KEY_LEN = 32
MAC_OFFSET = 54
ADM_OFFSET = 86
DGRAM_LEN = 94

LABELS = {
    "request_mac": b"nft-sysrq v1 request mac",
    "request_adm": b"nft-sysrq v1 request admission",
    "reply_mac": b"nft-sysrq v1 reply mac",
    "reply_adm": b"nft-sysrq v1 reply admission",
    "key_id": b"nft-sysrq v1 key id",
    "host_tag": b"nft-sysrq v1 host ",
}

MASK64 = (1 << 64) - 1


def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def _rotate(value, bits):
    return (value << bits | value >> (64 - bits)) & MASK64


def _round(v0, v1, v2, v3):
    v0 = (v0 + v1) & MASK64
    v2 = (v2 + v3) & MASK64
    v1 = _rotate(v1, 13) ^ v0
    v3 = _rotate(v3, 16) ^ v2
    v0 = _rotate(v0, 32)
    v2 = (v2 + v1) & MASK64
    v0 = (v0 + v3) & MASK64
    v1 = _rotate(v1, 17) ^ v2
    v3 = _rotate(v3, 21) ^ v0
    return v0, v1, _rotate(v2, 32), v3


def siphash24(key, message):
    """SipHash-2-4 of a message under 16 bytes of key, as 8 bytes."""
    k0 = int.from_bytes(key[:8], "little")
    k1 = int.from_bytes(key[8:16], "little")
    v = (k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d,
         k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573)

    # Whole words; the last has the message's length modulo 256 on top.
    padded = message + bytes(7 - len(message) % 8) + bytes([len(message) & 0xff])
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at:at + 8], "little")
        v = (v[0], v[1], v[2], v[3] ^ word)
        v = _round(*_round(*v))
        v = (v[0] ^ word, v[1], v[2], v[3])

    v = (v[0], v[1], v[2] ^ 0xff, v[3])
    for _ in range(4):
        v = _round(*v)
    return (v[0] ^ v[1] ^ v[2] ^ v[3]).to_bytes(8, "little")


class Key:
    """32 bytes of key material and what is derived from them."""

    def __init__(self, material):
        if len(material) != KEY_LEN:
            raise ValueError(f"a key has {KEY_LEN} bytes, not {len(material)}")
        self.material = bytes(material)
        self.request_mac = self._derive("request_mac")
        self.reply_mac = self._derive("reply_mac")
        self.request_adm = self._derive("request_adm")[:16]
        self.reply_adm = self._derive("reply_adm")[:16]
        self.id = self._derive("key_id")[:4]

    def _derive(self, label, suffix=b""):
        return hmac_sha256(self.material, LABELS[label] + suffix)

    def host_tag(self, identity):
        """What binds wall-clock mode to the host of that identity: 8 bytes."""
        return self._derive("host_tag", identity.encode("ascii"))[:8]

    def _keys(self, reply):
        if reply:
            return self.reply_mac, self.reply_adm
        return self.request_mac, self.request_adm

    def seal(self, head, reply=False):
        """Both tags behind the first 54 bytes: a whole datagram."""
        mac, admission = self._keys(reply)
        data = head + hmac_sha256(mac, head)
        return data + siphash24(admission, data)

    def reseal_admission(self, data, reply=False):
        """The right admission tag over whatever the first 86 bytes are."""
        return data[:ADM_OFFSET] + siphash24(self._keys(reply)[1], data[:ADM_OFFSET])

    def admits(self, data, reply=False):
        tag = siphash24(self._keys(reply)[1], data[:ADM_OFFSET])
        return hmac.compare_digest(tag, data[ADM_OFFSET:DGRAM_LEN])

    def holds(self, data, reply=False):
        tag = hmac_sha256(self._keys(reply)[0], data[:MAC_OFFSET])
        return hmac.compare_digest(tag, data[MAC_OFFSET:ADM_OFFSET])

    @classmethod
    def load(cls, path):
        """From a file: 32 raw bytes, or text with a word of 64 hex digits or base64."""
        with open(path, "rb") as file:
            data = file.read()
        if len(data) == KEY_LEN:
            return cls(data)
        text = data.decode("ascii", "replace")
        for word in re.findall(r"\b[0-9A-Fa-f]{64}\b", text):
            return cls(bytes.fromhex(word))
        for word in re.findall(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=", text):
            return cls(base64.b64decode(word))
        raise ValueError(f"{path}: no key in it")
