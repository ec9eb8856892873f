"""Cloud firewalls of DigitalOcean."""

import pytest

from simcloud.core.errors import CloudError
from simcloud.core.values import UNKNOWN
from simcloud.digitalocean import tokens
from tests.simcloud.digitalocean_samples import ALL, DIGITALOCEAN, droplet
from tests.simcloud.driver import Props, RefusedError, World, paths

PACKAGE = DIGITALOCEAN


def ssh(**changes: object) -> Props:
    rule = {"protocol": "tcp", "portRange": "22", "sourceAddresses": ["198.51.100.7"], **changes}
    return {name: value for name, value in rule.items() if value is not None}


def only(*rules: Props) -> Props:
    """Changes of the sample that leave these inbound rules alone in it."""
    return {"inboundRules": list(rules), "outboundRules": None, "tags": None, "dropletIds": None}


def test_the_provider_refuses_a_firewall_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    rule = "inboundRules[0]"
    cases: list[tuple[dict, str]] = [
        ({"name": ""}, "name"),
        ({"tags": ["a b"]}, "tags[0]"),
        (only(), "inboundRules"),
        (only(ssh(protocol="gre")), f"{rule}.protocol"),
        (only(ssh(protocol="TCP")), f"{rule}.protocol"),
        (only(ssh(portRange=None)), f"{rule}.portRange"),
        (only(ssh(protocol="udp", portRange="")), f"{rule}.portRange"),
        (only(ssh(protocol="icmp", portRange="all")), f"{rule}.portRange"),
        (only(ssh(action="deny")), f"{rule}.action"),
        (only(ssh(action="drop")), f"{rule}.action"),
        (only(ssh(sourceTags=["a b"])), f"{rule}.sourceTags[0]"),
        (only(ssh(sourceKubernetesIds=["k"])), f"{rule}.sourceKubernetesIds"),
        (only(ssh(sourceLoadBalancerUids=["l"])), f"{rule}.sourceLoadBalancerUids"),
        (only(ssh(destinationAddresses=ALL)), f"{rule}.destinationAddresses"),
        ({"outboundRules": [{"protocol": "udp", "destinationAddresses": ALL}]}, "outboundRules[0].portRange"),
    ]
    for change, refused in cases:
        with subtests.test(change=change):
            with pytest.raises(RefusedError) as error:
                world.cloud.check(tokens.FIREWALL, "x", world.sample(tokens.FIREWALL, **change))
            assert error.value.properties == {refused}


def test_the_cloud_refuses_a_firewall_that_cannot_be(world: World, subtests: pytest.Subtests) -> None:
    out = {"protocol": "tcp", "portRange": "all"}
    cases: list[tuple[dict, str]] = [
        ({"name": "-x"}, "firewall name '-x' is invalid"),
        ({"tags": ["unheard-of"]}, "tags unheard-of do not exist"),
        ({"dropletIds": [7]}, "droplet 7 does not exist"),
        (only(ssh(sourceTags=["unheard-of"])), "tags unheard-of do not exist"),
        (only(ssh(sourceDropletIds=[7])), "droplet 7 does not exist"),
        ({"outboundRules": [{**out, "destinationTags": ["unheard-of"]}]}, "tags unheard-of do not exist"),
        (only(ssh(portRange="0")), "invalid port range '0'"),
        (only(ssh(portRange="22,80")), "invalid port range '22,80'"),
        (only(ssh(portRange="90-80")), "invalid port range '90-80'"),
        (only(ssh(portRange="1-65536")), "invalid port range '1-65536'"),
        (only(ssh(sourceAddresses=["10.0.0.0/33"])), r"invalid address '10\.0\.0\.0/33'"),
        (only(ssh(sourceAddresses=["sentry"])), "invalid address 'sentry'"),
        (only(ssh(sourceAddresses=[])), "a rule has 0 sources"),
    ]
    for change, message in cases:
        with subtests.test(change=change), pytest.raises(CloudError, match=f"422: {message}"):
            world.cloud.create(tokens.FIREWALL, world.sample(tokens.FIREWALL, **change))


def test_a_firewall_and_its_rules_have_limits(world: World, subtests: pytest.Subtests) -> None:
    world.cloud.ledger.set("quota.droplets", "11")
    tags = [world.cloud.create(tokens.TAG, {"name": f"t{number}"})["name"] for number in range(6)]
    droplets = [int(droplet(world, name=f"d{number}").id) for number in range(11)]
    rules = [ssh(portRange=str(port)) for port in range(1, 52)]
    addresses = [f"10.{high}.{low}.0" for high in range(4) for low in range(250)]
    cases: list[tuple[dict, dict, str]] = [
        (only(*rules[:50]), only(*rules), "51 rules are more than"),
        ({**only(ssh()), "tags": tags[:5]}, {"tags": tags}, "6 tags are more than"),
        ({**only(ssh()), "dropletIds": droplets[:10]}, {"dropletIds": droplets}, "11 droplets are more than"),
        (only(ssh(sourceAddresses=addresses)), only(ssh(sourceAddresses=addresses, sourceTags=["t0"])), "1001 sources"),
    ]
    common = {"name": "limits"}
    for most, more, message in cases:
        with subtests.test(message=message):
            good = {name: value for name, value in {**common, **most}.items() if value is not None}
            made = world.cloud.create(tokens.FIREWALL, good)
            bad = {name: value for name, value in {**good, **more}.items() if value is not None}
            with pytest.raises(CloudError, match=message):
                world.cloud.update(made, bad)
            world.cloud.delete(made)


def test_names_are_unique(world: World) -> None:
    world.have(tokens.FIREWALL)
    with pytest.raises(CloudError, match="409: firewall name 'sentries' is already in use"):
        world.cloud.create(tokens.FIREWALL, world.sample(tokens.FIREWALL))


def test_rules_are_sets_and_nothing_replaces(world: World, subtests: pytest.Subtests) -> None:
    made = world.have(tokens.FIREWALL)
    good = world.sample(tokens.FIREWALL)
    first, second = good["inboundRules"]
    reordered = {**first, "sourceAddresses": [*reversed(first["sourceAddresses"]), first["sourceAddresses"][0]]}
    cases: list[tuple[dict, set[str]]] = [
        ({"inboundRules": [second, first]}, set()),
        ({"inboundRules": [reordered, second]}, set()),
        ({"inboundRules": [first, second, first]}, set()),
        ({"inboundRules": [first, {**second, "sourceTags": ["FLEET"]}], "tags": ["Testnet-SENTRY"]}, set()),
        ({"inboundRules": [{**first, "portRange": "23"}, second]}, {"inboundRules[0].portRange"}),
        ({"inboundRules": [{**first, "action": "allow"}, second]}, {"inboundRules[0].action"}),
        ({"inboundRules": [second]}, {"inboundRules[0]"}),
        ({"inboundRules": UNKNOWN}, {"inboundRules"}),
        ({"dropletIds": None}, {"dropletIds[0]"}),
        ({"name": "new"}, {"name"}),
    ]
    for change, expected in cases:
        with subtests.test(change=change):
            answer = world.cloud.diff(made, {name: v for name, v in {**good, **change}.items() if v is not None})
            assert (set(paths(answer)), answer.replaces) == (expected, [])


def test_an_update_is_in_place_and_complete(world: World) -> None:
    made = world.have(tokens.FIREWALL)
    props = world.sample(tokens.FIREWALL, **only(ssh()))
    after = world.cloud.update(made, props)
    assert (after.id, after["inboundRules"], "tags" in after.outputs) == (made.id, [ssh()], False)
    assert (after["status"], after["pendingChanges"]) == ("succeeded", [])
    seen = world.cloud.read(after)
    assert seen is not None
    assert world.cloud.diff(seen, props).changes is False


def test_a_droplet_that_goes_leaves_its_firewalls(world: World) -> None:
    at = int(world.have(tokens.DROPLET).id)
    both = ssh(sourceDropletIds=[at])
    made = world.cloud.create(tokens.FIREWALL, world.sample(tokens.FIREWALL, inboundRules=[both], outboundRules=None))
    world.cloud.delete(world.have(tokens.DROPLET))
    seen = world.cloud.read(made)
    assert seen is not None
    assert (seen["dropletIds"], seen["inboundRules"][0]["sourceDropletIds"]) == ([], [])
    assert set(paths(world.cloud.diff(seen, dict(made.inputs)))) == {
        "dropletIds[0]",
        "inboundRules[0].sourceDropletIds[0]",
    }
