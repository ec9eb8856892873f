"""The arithmetic of t-of-n threshold signing."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Quorum:
    """t shares of n sign.

    Attributes:
        threshold: t, the shares that one signature needs.
        shards: n, the cosigners.
    """

    threshold: int
    shards: int

    @property
    def spare(self) -> int:
        """How many cosigners may be lost while the rest still signs."""
        return self.shards - self.threshold

    @property
    def overlap(self) -> int:
        """How many cosigners any two quorums share at least, 2t - n."""
        return 2 * self.threshold - self.shards

    def statement(self) -> str:
        """What the overlap means, in words for the operator."""
        head = f"{self.threshold} of {self.shards} cosigners sign, {self.spare} may be lost; two quorums share at least"
        if self.overlap == 1:
            return (
                f"{head} 1: a single cosigner that is duplicated or rolled back could sign twice in a partition, so a "
                "replacement must be fenced before its shard opens"
            )
        return f"{head} {self.overlap}: {self.overlap} cosigners would have to be duplicated or rolled back at once"
