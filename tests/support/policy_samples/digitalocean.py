"""DigitalOcean resources as the program registers them, in the shape of the provider's checked inputs."""

import json
from typing import Any

from tests.support.policy_cases import Sample

SITE = "urn:pulumi:testnet::redoubt::pulumi:providers:digitalocean::s3-digitalocean"
PREFIX = "redoubt-testnet"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVfegUbM0arrPvD6ExwaJ2ZRVtKUa9PJg9k0aASxEQq"
KEPT = frozenset({"gateway", "validator", "cosigner"})
WORLD = ["0.0.0.0/5", "11.0.0.0/8", "12.0.0.0/6", "128.0.0.0/1", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2", "8.0.0.0/7"]


def tag_of(role: str) -> str:
    return f"{PREFIX}-s3-{role}"


def sshd() -> str:
    return (
        "HostKey /etc/ssh/ssh_host_ed25519_key\n"
        "KexAlgorithms mlkem768x25519-sha256,sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com\n"
        "TrustedUserCAKeys /etc/ssh/redoubt_user_ca.pub\n"
        "AuthorizedPrincipalsFile /etc/ssh/redoubt_principals/%u\n"
        "AuthorizedKeysFile none\n"
        "AuthenticationMethods publickey\n"
        "PasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\n"
        "PermitRootLogin no\n"
        "X11Forwarding no\n"
        "AllowAgentForwarding no\n"
        "AllowStreamLocalForwarding no\n"
        "AllowTcpForwarding no\n"
        "LogLevel VERBOSE\n"
    )


def document(name: str = "s3-cosigner-1") -> dict[str, Any]:
    """What user data says, as `cloudinit.first_boot` has it."""
    role = name.split("-")[1]
    files = {
        "/etc/ssh/redoubt_user_ca.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIQF9kgjqSndTKDoz+zCNdMgKKWFFGbwnooZIGNPuBe2\n",
        "/etc/ssh/redoubt_principals/redoubt": f"{PREFIX}\n{PREFIX}:{role}\n",
        "/etc/ssh/sshd_config.d/00-redoubt.conf": sshd(),
    }
    return {
        "hostname": f"{PREFIX}-{name}",
        "manage_etc_hosts": True,
        "ssh_deletekeys": False,
        "ssh_genkeytypes": ["ed25519"],
        "ssh_pwauth": False,
        "disable_root": True,
        "users": [{"name": "redoubt", "shell": "/bin/bash", "lock_passwd": True, "sudo": "ALL=(ALL) NOPASSWD:ALL"}],
        "write_files": [
            {"path": path, "owner": "root:root", "permissions": "0644", "content": content}
            for path, content in files.items()
        ],
        "runcmd": [["sh", "-c", "/usr/sbin/sshd -t && systemctl reload ssh && touch /etc/cloud/cloud-init.disabled"]],
    }


def cloud_config(said: dict[str, Any]) -> str:
    return "#cloud-config\n" + json.dumps(said, indent=1) + "\n"


def droplet(role: str = "cosigner", name: str = "") -> Sample:
    own = name or f"s3-{role}-1"
    return Sample(
        type="digitalocean:index/droplet:Droplet",
        name=own,
        protect=role in KEPT,
        ignore_changes=("image", "sshKeys", "userData"),
        provider=SITE,
        dependencies={
            "tags": (f"digitalocean:index/tag:Tag::s3-{role}",),
            "sshKeys": ("digitalocean:index/sshKey:SshKey::s3-nobody",),
            "vpcUuid": ("digitalocean:index/vpc:Vpc::s3",),
        },
        props={
            "publicNetworking": role in ("gateway", "sentry"),
            "tags": [tag_of(role)],
            "gracefulShutdown": True,
            "userData": cloud_config(document(own)),
            "sshKeys": ["410867812"],
            "region": "fra1",
            "resizeDisk": False,
            "name": f"{PREFIX}-{own}",
            "vpcUuid": "4d4ad8b3-8a71-4a0f-9d0e-6b8e1f8a1c11",
            "image": "debian-13-x64",
            "dropletAgent": False,
            "size": "c-2",
            "monitoring": False,
            "backups": False,
            "ipv6": False,
            "__defaults": [],
        },
    )


def volume(role: str = "cosigner") -> Sample:
    return Sample(
        type="digitalocean:index/volume:Volume",
        name=f"s3-{role}-1",
        protect=role in KEPT,
        provider=SITE,
        dependencies={"tags": (f"digitalocean:index/tag:Tag::s3-{role}",)},
        props={"tags": [tag_of(role)], "region": "fra1", "size": 50.0, "name": f"{PREFIX}-s3-{role}-1"},
    )


def tag(role: str = "cosigner") -> Sample:
    return Sample(
        type="digitalocean:index/tag:Tag",
        name=f"s3-{role}",
        protect=role in KEPT,
        provider=SITE,
        props={"name": tag_of(role)},
    )


def ssh_key() -> Sample:
    return Sample(
        type="digitalocean:index/sshKey:SshKey",
        name="s3-nobody",
        provider=SITE,
        props={"publicKey": KEY, "name": f"{PREFIX}-s3-nobody"},
    )


def vpc() -> Sample:
    return Sample(
        type="digitalocean:index/vpc:Vpc",
        name="s3",
        provider=SITE,
        props={
            "name": f"{PREFIX}-s3",
            "description": "Redoubt: redoubt, testnet, fra-do",
            "region": "fra1",
            "ipRange": "10.3.0.0/16",
        },
    )


def nat_gateway() -> Sample:
    return Sample(
        type="digitalocean:index/vpcNatGateway:VpcNatGateway",
        name="s3-nat",
        provider=SITE,
        dependencies={"vpcs": ("digitalocean:index/vpc:Vpc::s3",)},
        props={
            "vpcs": [{"vpcUuid": "4d4ad8b3-8a71-4a0f-9d0e-6b8e1f8a1c11", "defaultGateway": True}],
            "type": "PUBLIC",
            "size": 1.0,
            "region": "fra1",
            "name": f"{PREFIX}-s3-nat",
        },
    )


def project() -> Sample:
    return Sample(
        type="digitalocean:index/project:Project",
        name="s3",
        provider=SITE,
        props={
            "description": "Redoubt: site fra-do of fleet redoubt, stack testnet",
            "environment": "Staging",
            "purpose": "A proof-of-stake validator",
            "name": f"{PREFIX}-s3",
        },
    )


def project_resources(role: str = "cosigner") -> Sample:
    name = f"s3-{role}-1"
    return Sample(
        type="digitalocean:index/projectResources:ProjectResources",
        name="s3",
        provider=SITE,
        dependencies={
            "project": ("digitalocean:index/project:Project::s3",),
            "resources": (f"digitalocean:index/droplet:Droplet::{name}", f"digitalocean:index/volume:Volume::{name}"),
        },
        props={"resources": ["do:droplet:410947793", "do:volume:volume-1"], "project": "project-1"},
    )


def provider() -> Sample:
    return Sample(
        type="pulumi:providers:digitalocean",
        name="s3-digitalocean",
        provider=None,
        props={"apiEndpoint": "https://api.digitalocean.com"},
    )


def firewall(role: str = "sentry", part: str = "base") -> Sample:
    return Sample(
        type="digitalocean:index/firewall:Firewall",
        name=f"s3-{role}-{part}",
        protect=role in KEPT and part == "base",
        provider=SITE,
        dependencies={"tags": (f"digitalocean:index/tag:Tag::s3-{role}",)},
        props={"tags": [tag_of(role)], "name": f"{PREFIX}-s3-{role}-{part}", **_rules(role, part)},
    )


def inbound(protocol: str, ports: str = "", addresses: list[str] | None = None, *roles: str) -> dict[str, Any]:
    return _rule("source", protocol, ports, addresses, roles)


def outbound(protocol: str, ports: str = "", addresses: list[str] | None = None, *roles: str) -> dict[str, Any]:
    return _rule("destination", protocol, ports, addresses, roles)


def _rule(side: str, protocol: str, ports: str, addresses: list[str] | None, roles: tuple[str, ...]) -> dict[str, Any]:
    return {
        "protocol": protocol,
        **({"portRange": ports} if ports else {}),
        **({f"{side}Addresses": addresses} if addresses else {}),
        **({f"{side}Tags": [tag_of(role) for role in roles]} if roles else {}),
    }


def _rules(role: str, part: str) -> dict[str, Any]:
    if part == "peers":
        return {
            "inboundRules": [
                inbound("udp", "51820", ["198.18.26.98/32"]),
                inbound("udp", "51840-51903", ["198.18.26.98/32", "198.18.39.134/32"]),
            ],
            "outboundRules": [outbound("udp", "51840-51903", ["198.18.26.98/32"])],
        }
    if role == "sentry":
        return {
            "inboundRules": [
                inbound("icmp", "", ["0.0.0.0/0", "10.3.0.0/16"]),
                inbound("tcp", "22", None, "gateway"),
                inbound("tcp", "26656", ["0.0.0.0/0"]),
            ],
            "outboundRules": [
                outbound("tcp", "1-65535", WORLD),
                outbound("tcp", "3128", None, "gateway"),
                outbound("udp", "123", None, "gateway"),
            ],
        }
    if role == "gateway":
        return {
            "inboundRules": [
                inbound("icmp", "", ["0.0.0.0/0", "10.3.0.0/16"]),
                inbound("tcp", "22", ["198.18.0.1/32"]),
                inbound("tcp", "3128", None, "cosigner", "sentry"),
                inbound("udp", "16384-29247", None, "cosigner"),
            ],
            "outboundRules": [
                outbound("tcp", "22", None, "cosigner", "sentry"),
                outbound("tcp", "443", WORLD),
                outbound("tcp", "853", ["149.112.112.112/32", "9.9.9.9/32"]),
                outbound("udp", "51820", None, "cosigner"),
            ],
        }
    return {
        "inboundRules": [
            inbound("icmp", "", ["10.3.0.0/16"]),
            inbound("tcp", "22", None, "gateway"),
            inbound("udp", "51820", None, "gateway"),
        ],
        "outboundRules": [
            outbound("tcp", "3128", None, "gateway"),
            outbound("tcp", "443", WORLD),
            outbound("udp", "16384-29247", None, "gateway"),
        ],
    }
