"""Versions and changelog pages as facts, and what a release writes."""
