"""Which connections there are, and which may be used."""
