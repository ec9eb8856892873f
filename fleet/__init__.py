"""The pure model of a fleet: from the stack's config to a plan of plain values.

Nothing here imports Pulumi or a cloud's SDK, reads a clock or touches the network: the same config gives the same plan.
"""
