"""Upgrading and copying of stores, when asked for."""
