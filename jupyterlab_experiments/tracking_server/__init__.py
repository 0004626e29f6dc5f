"""The tracking server: MLflow's own app on a socket, columnar reads and artifact bytes beside it."""
