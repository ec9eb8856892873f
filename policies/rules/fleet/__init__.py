"""Rules of the group `fleet`: what makes these resources a validator, on whichever cloud."""

from typing import Final

from policies.rule import Rule, StackRule
from policies.rules.fleet import (
    claims,
    cosigners_apart,
    firewalled,
    gateway_ssh,
    ignore_changes,
    jump_host,
    known_types,
    names,
    one_machine,
    ownership,
    places,
    private_closed,
    private_routes,
    protected,
    provider,
    public_addresses,
    quorum,
    replaced_first,
    role_tag,
    sentry_p2p,
    wireguard_peers,
)

RULES: Final[tuple[Rule | StackRule, ...]] = (
    role_tag.RULE,
    ownership.RULE,
    names.RULE,
    known_types.RULE,
    provider.RULE,
    ignore_changes.RULE,
    public_addresses.RULE,
    quorum.RULE,
    cosigners_apart.RULE,
    one_machine.RULE,
    replaced_first.RULE,
    places.RULE,
    protected.RULE,
    firewalled.RULE,
    private_closed.RULE,
    private_routes.RULE,
    sentry_p2p.RULE,
    gateway_ssh.RULE,
    wireguard_peers.RULE,
    jump_host.RULE,
    claims.RULE,
)
