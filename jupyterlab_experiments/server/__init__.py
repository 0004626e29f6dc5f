"""The part in the Jupyter server: authenticates, routes, streams; starts and stops tracking servers."""
