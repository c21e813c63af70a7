"""Working days (工作日) of the Chinese calendar, with its shifted weekends (调休)."""
