"""What the name of a firm (企业名称) is made of, and the keys under which spellings of one name are equal."""
