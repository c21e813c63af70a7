"""Public notice lists (公示名单): pure functions of a `Notice` → a web page, a workbook and a CSV file."""
