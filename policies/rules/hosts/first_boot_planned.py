"""What a machine runs at first boot is what `cloudinit` renders from the plan, to the last byte.

Other rules know what must not stand there; this one knows what must. DigitalOcean keeps only a hash of user data in its
outputs, the inputs have the text.

A host that exists keeps the user data it was made with (`ignore_changes`), and the engine shows rules that one, in a
preview as in `policy analyze`. So when a release renders something else, or the CA changes, every older host is found:
renew it, or, until then, name the SHA-256 of what it runs in the setting `former`, after a look at it.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from pulumi_policy import Severity

from cloudinit.first_boot import user_data
from cloudinit.startup_script import startup_script
from fleet.hosts import Host
from fleet.plan import Plan
from policies.intended import planned
from policies.rule import Finding, Seen, Stack, StackRule, each
from policies.rules.hosts.boot import GCP, TYPES, NotFirstBoot, boot_text

MACHINE: Final[Mapping[str, str]] = {
    "aws": "aws:ec2/instance:Instance",
    "gcp": GCP,
    "digitalocean": "digitalocean:index/droplet:Droplet",
}
"""What a host is made of, by its provider; metal is made of nothing."""


def _check(stack: Stack) -> Iterator[Finding]:
    plan = planned(stack)

    def look(machine: Seen) -> Iterator[str]:
        host = plan.host.get(machine.name)
        if host is None or MACHINE.get(host.provider) != machine.type:
            yield "it is no host of the plan, so nothing says what it may run"
            return
        text = boot_text(machine)
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if text != _rendered(plan, host) and digest != stack.settings.text(f"former.{host.name}"):
            yield f"its first boot is not what cloudinit renders from the plan (SHA-256 {digest})"

    yield from each(stack.of(*TYPES), look)


def _rendered(plan: Plan, host: Host) -> str:
    try:
        return startup_script(plan, host) if host.provider == "gcp" else user_data(plan, host)
    except ValueError as error:
        raise NotFirstBoot(str(error)) from None


RULE: Final = StackRule(
    id="hosts-first-boot-planned",
    title="A machine's first boot is what cloudinit renders from the plan, byte for byte.",
    why="Another CA, principal or command at first boot is root on a signer before anybody else is there.",
    remedy="make it with cloudinit alone; renew a host that an older release made, or name what it runs in `former`",
    severity=Severity.CRITICAL,
    tags=("identity", "signing"),
    waivable=False,
    settings={
        "former": {
            "type": "object",
            "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "default": {},
            "description": "SHA-256 of the first boot of each host that an older release made, by the host's name",
        }
    },
    check=_check,
)
