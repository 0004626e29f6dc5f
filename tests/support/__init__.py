"""Real servers for the tests of every part."""
