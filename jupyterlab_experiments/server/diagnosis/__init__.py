"""What is wrong with a connection, in words."""
