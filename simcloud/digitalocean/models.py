"""All modelled types of the DigitalOcean provider by token."""

from __future__ import annotations

from collections.abc import Mapping

from simcloud.core.model import Model
from simcloud.digitalocean import droplets, firewalls, gateways, keys, networks, projects, tags, volumes

MODELS: Mapping[str, Model] = {
    model.token: model
    for model in (
        networks.Vpc(),
        gateways.VpcNatGateway(),
        droplets.Droplet(),
        firewalls.Firewall(),
        volumes.Volume(),
        volumes.VolumeAttachment(),
        tags.Tag(),
        projects.Project(),
        projects.ProjectResources(),
        keys.SshKey(),
    )
}
