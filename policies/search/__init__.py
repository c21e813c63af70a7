"""Finding policies by words: titles, conditions, topics, synonyms, document numbers, departments; typing tolerated."""
