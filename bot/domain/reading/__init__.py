"""Parse a deadline from words: tokens, the words of a language, a grammar, and rules that settle what is open."""
