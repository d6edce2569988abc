"""Lenient reading."""

from .reading import read_claims as read_claims_leniently

__all__ = ["read_claims_leniently"]
