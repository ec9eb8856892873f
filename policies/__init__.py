"""The CrossGuard pack: what no stack of this project may be, whoever changed it."""
