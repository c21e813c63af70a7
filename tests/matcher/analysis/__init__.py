"""The analysis of policies before they meet data."""
