"""How servers are logged in to."""
