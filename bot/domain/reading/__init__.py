"""How words become a deadline: tokens, words of a language, a grammar, and the settling of what is left open."""
