"""Return files (回盘文件): bytes → `AnswerFile`. What is damaged, cut or contradictory is refused, never half read."""
