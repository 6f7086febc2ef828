"""How suggestions are made: the words of a text, what they speak of, and a model that has learned from coded texts."""
