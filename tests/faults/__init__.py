"""The fault bench; see README.md."""
