"""The figures of stores, gateway and tracking server: `python -m scripts.bench_parts.backends`."""
