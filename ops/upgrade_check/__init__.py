"""Does an upgrade of the SDKs keep what exists? Tried on a rehearsal: made with some versions, previewed with newer ones."""
