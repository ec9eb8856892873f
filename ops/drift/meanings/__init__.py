"""What drift means, by provider: each module here is named as a provider's package and holds `TYPES`.

A provider without a module, and a type without an entry, get the meanings of `generic`.
"""
