"""Conformed and linked data, sealed: immutable Parquet files and a manifest whose hash is the snapshot's id."""
