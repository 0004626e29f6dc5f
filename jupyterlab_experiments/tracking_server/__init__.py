"""The tracking server: MLflow's own app on a Unix socket, with columnar reads and artifact bytes beside it."""
