"""The pages are true: what they show is run, what they link to is there, what they list is what the code has."""
