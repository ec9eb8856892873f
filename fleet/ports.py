"""Every port, and the ranges that relay ports are taken from."""

from typing import Final

from fleet.roles import SLOTS_PER_SITE

SSH: Final = 22
P2P: Final = 26656
"""CometBFT `p2p.laddr` (cometbft v0.38.25, config/config.go)."""
PRIVVAL: Final = 1234
"""`priv_validator_laddr` of a validator; the port of Horcrux's own documents (horcrux v3.3.2, docs/migrating.md)."""
COSIGNER: Final = 2222
"""Raft and gRPC between cosigners, one port for both (horcrux v3.3.2, docs/migrating.md)."""
PROXY: Final = 3128
"""squid's default `http_port`."""
NTP: Final = 123
DNS_OVER_TLS: Final = 853
HTTP: Final = 80
HTTPS: Final = 443
DHCP_SERVER: Final = 67
DHCP_CLIENT: Final = 68

NODE_METRICS: Final = 9100
"""Host exporter, on every host."""
COMETBFT_METRICS: Final = 26660
"""CometBFT `instrumentation.prometheus_listen_addr`."""
HORCRUX_METRICS: Final = 6001
"""Horcrux `debugAddr`, as in its docs/metrics.md."""

WIREGUARD: Final = 51820

WAN_FIRST: Final = 51840
"""First of a gateway's wan ports: one for each of the 64 hosts its site can number."""
WAN_LAST: Final = WAN_FIRST + SLOTS_PER_SITE - 1

HIGHEST_SITE_ID: Final = 200
LAN_FIRST: Final = 16384
"""First of a gateway's lan ports: one for each host that any site can number, below Linux's ephemeral ports (32768)."""
LAN_LAST: Final = LAN_FIRST + (HIGHEST_SITE_ID + 1) * SLOTS_PER_SITE - 1


def wan_port(slot: int) -> int:
    """The port at its own gateway's public side that stands for one host of the site."""
    return WAN_FIRST + slot


def lan_port(site_id: int, slot: int) -> int:
    """The port at a gateway's private side that stands for one remote host."""
    return LAN_FIRST + site_id * SLOTS_PER_SITE + slot
