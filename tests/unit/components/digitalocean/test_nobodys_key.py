"""The key that opens nothing is a real point of the curve, the same in every run, and another for each account's site."""

import base64
import hashlib

import pytest

from components.digitalocean.nobodys_key import CURVE_D, PRIME, SENTENCE, is_point, point, public_key

KNOWN_POINTS = (
    # The base point, and the public keys of the first three test vectors of RFC 8032, section 7.1.
    "5866666666666666666666666666666666666666666666666666666666666666",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
)
STACKS = [
    ("redoubt", "testnet", "s1"),
    ("redoubt", "testnet", "s2"),
    ("redoubt", "mainnet", "s1"),
    ("other", "testnet", "s1"),
]


def root(square: int) -> int | None:
    """A square root modulo the prime, which is 5 modulo 8 (RFC 8032, section 5.1.3), or None."""
    candidate = pow(square, (PRIME + 3) // 8, PRIME)
    for x in (candidate, candidate * pow(2, (PRIME - 1) // 4, PRIME) % PRIME):
        if x * x % PRIME == square:
            return x
    return None


def on_the_curve(encoded: bytes) -> bool:
    """By finding x and putting both into the equation of the curve, which is another way than the module's."""
    y = int.from_bytes(encoded, "little") % 2**255
    x = root((y * y - 1) * pow(CURVE_D * y * y + 1, PRIME - 2, PRIME) % PRIME)
    return x is not None and (-x * x + y * y - 1 - CURVE_D * x * x * y * y) % PRIME == 0


@pytest.mark.parametrize("text", KNOWN_POINTS)
def test_keys_that_others_made_are_points(text: str) -> None:
    assert is_point(bytes.fromhex(text))


def test_about_half_of_all_strings_are_no_points_and_both_ways_agree() -> None:
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(100)]
    verdicts = [is_point(digest) for digest in digests]
    assert verdicts == [on_the_curve(digest) for digest in digests]
    assert 25 < sum(verdicts) < 75


def test_what_is_not_canonical_is_no_point() -> None:
    assert not is_point((PRIME + 1).to_bytes(32, "little"))  # y = 1, but not in lowest terms
    assert not is_point((1 + 2**255).to_bytes(32, "little"))  # x = 0 with a sign
    assert is_point((1).to_bytes(32, "little"))
    assert not is_point(bytes.fromhex(KNOWN_POINTS[0]) + b"\0")


@pytest.mark.parametrize("names", STACKS)
def test_the_key_is_a_point_in_openssh_form(names: tuple[str, str, str]) -> None:
    kind, text = public_key(*names).split()
    blob = base64.b64decode(text, validate=True)
    assert (kind, blob[:19], len(blob)) == ("ssh-ed25519", b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20", 51)
    assert on_the_curve(blob[19:])


def test_nothing_but_the_first_counter_that_fits_was_chosen() -> None:
    fleet, stack, site = STACKS[0]
    for attempt in range(1, 100):
        sentence = SENTENCE.format(fleet=fleet, stack=stack, site=site, attempt=attempt)
        digest = hashlib.sha256(sentence.encode()).digest()
        if on_the_curve(digest):
            assert point(fleet, stack, site) == digest
            return
    pytest.fail("none of a hundred hashes is a point")


def test_every_site_of_every_stack_has_a_key_of_its_own_for_ever() -> None:
    assert len({public_key(*names) for names in STACKS}) == len(STACKS)
    assert (
        public_key("redoubt", "testnet", "s1")
        == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF21GbjGH02IliDv70CCAWOvLzyhhNw/Ton3XHX+2ost"
    )
