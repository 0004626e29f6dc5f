"""Tracking servers that are processes of ours, and where they run."""
