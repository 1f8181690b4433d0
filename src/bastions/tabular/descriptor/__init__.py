"""The descriptor of a package: its resources, schemas and dialects, read strictly; and where its files may lie."""
