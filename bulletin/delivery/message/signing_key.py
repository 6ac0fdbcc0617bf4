"""The key of DKIM signatures: made, read, and written for DNS (RFC 6376, 3.6.1; RFC 8301: RSA, 2048 bits).

Ed25519 (RFC 8463) is no choice: the large receivers don't check it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bulletin.errors import BulletinError
from bulletin.parts import Part, require_part

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BITS: Final = 2048
"""The size of a key that we make. Receivers check no more than 2048 for sure, and distrust less."""

_LEAST_BITS: Final = 1024  # RFC 8301, 3.2: signatures by shorter keys are never valid
_LONGEST_STRING: Final = 255  # octets of one string in a record (RFC 1035, 3.3.14)


def make_key() -> bytes:
    """A new private key as PEM. It takes some tenths of a second. Raises MissingPart, as all that reads a key does."""
    require_part(Part.DKIM)
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def prepare_signature(pem: bytes) -> Callable[[bytes], bytes]:
    """What signs bytes with this private key: RSA with SHA-256, by PKCS #1 v1.5. Raises BulletinError."""
    require_part(Part.DKIM)
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    key, padding, algorithm = _read_key(pem), PKCS1v15(), SHA256()
    return lambda data: key.sign(data, padding, algorithm)


def write_record(pem: bytes) -> str:
    """The text of the TXT record that publishes the key. Raises BulletinError."""
    require_part(Part.DKIM)
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = _read_key(pem).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"


def split_record(text: str) -> list[str]:
    """The text in strings as short as a record takes."""
    return [text[start : start + _LONGEST_STRING] for start in range(0, len(text), _LONGEST_STRING)]


def _read_key(pem: bytes) -> RSAPrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise _refusal(
            "is locked with a password", "Use a key without a password, in a file that only you can read."
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise _refusal("can't be read", "It is a file in PEM form, from “-----BEGIN PRIVATE KEY-----” on.") from None
    if not isinstance(key, RSAPrivateKey):
        raise _refusal("isn't an RSA key", "Receivers check no other kind. `bulletin dkim` makes one.")
    if key.key_size < _LEAST_BITS:
        raise _refusal(f"has only {key.key_size} bits", f"Use one of {BITS}. `bulletin dkim` makes one.")
    return key


def _refusal(problem: str, remedy: str) -> BulletinError:
    return BulletinError(f"The key that signs emails (DKIM) {problem}.", remedy)
