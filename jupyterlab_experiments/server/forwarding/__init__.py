"""Where the requests of a connection go, and what comes back."""
