"""The release of a package: Parquet, descriptor, codebook, and the database with the keys that it can have."""
