"""A small chart parser: patterns of word kinds in, every meaning that begins at a place out.

A pattern is a line of symbols:

    UPPER      a token of that kind; UPPER=value one with that value
    A|B        either kind
    lower      another rule
    symbol?    there or not
    ~symbol    with nothing between it and the symbol before

The rule's function is called with the values of its symbols (kinds that only join have none). None means that the rule
does not apply after all.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from bot.domain.reading.kinds import Kind, Token
from bot.domain.reading.meaning import View

Build = Callable[..., Any]
#: (name of the rule, its pattern, what to make of its values)
Rule = tuple[str, str, Build]
#: How deep rules may nest: people's deadlines need six.
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Symbol:
    rule: str | None
    kinds: tuple[tuple[Kind, str | None], ...]
    glued: bool


@dataclass(frozen=True, slots=True)
class Production:
    order: int
    symbols: tuple[Symbol, ...]
    build: Build


class Grammar:
    """Rules, sorted by the kinds of token that they can begin with."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._productions: dict[str, list[Production]] = {}
        for name, pattern, build in rules:
            productions = self._productions.setdefault(name, [])
            for symbols in variants(pattern):
                productions.append(Production(len(productions), symbols, build))
        self._starts = {name: self._by_first_kind(name) for name in self._productions}
        #: What was asked before: a language has few combinations of kinds.
        self._starting: dict[tuple[str, ...], tuple[Production, ...]] = {}
        self._starting_among: dict[tuple[str, ...], tuple[str, ...]] = {}

    def starting(self, name: str, token: Token) -> Sequence[Production]:
        """The productions of a rule that a token can begin, in the order of the grammar."""
        key = (name, *token.means)
        known = self._starting.get(key)
        if known is None:
            starts = self._starts[name]
            found = {one.order: one for kind in token.means for one in starts.get(kind, ())}
            known = self._starting[key] = tuple(found[order] for order in sorted(found))
        return known

    def starting_among(self, names: tuple[str, ...], token: Token) -> Sequence[str]:
        """Those of some rules that a token can begin."""
        key = (*names, *token.means)
        known = self._starting_among.get(key)
        if known is None:
            known = self._starting_among[key] = tuple(name for name in names if self.starting(name, token))
        return known

    def _by_first_kind(self, name: str) -> dict[Kind, tuple[Production, ...]]:
        starts: dict[Kind, list[Production]] = {}
        for production in self._productions[name]:
            for kind in self._first_kinds(production.symbols[0], frozenset({name})):
                starts.setdefault(kind, []).append(production)
        return {kind: tuple(found) for kind, found in starts.items()}

    def _first_kinds(self, symbol: Symbol, seen: frozenset[str]) -> set[Kind]:
        if symbol.rule is None:
            return {kind for kind, _ in symbol.kinds}
        if symbol.rule in seen:
            raise ValueError(f"The rule {symbol.rule} begins with itself.")
        kinds: set[Kind] = set()
        for production in self._productions[symbol.rule]:
            kinds |= self._first_kinds(production.symbols[0], seen | {symbol.rule})
        return kinds


class Chart:
    """What a grammar finds in one list of tokens, each place looked at once."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token], view: View) -> None:
        self.tokens = tokens
        self.view = view
        self._grammar = grammar
        self._found: dict[tuple[str, int], Sequence[tuple[int, Any]]] = {}
        self._depth = 0

    def rules_at(self, at: int, names: tuple[str, ...]) -> Sequence[str]:
        """Those of some rules that can begin at a place."""
        return self._grammar.starting_among(names, self.tokens[at])

    def find(self, name: str, at: int) -> Sequence[tuple[int, Any]]:
        """(end, value) of everything called `name` that begins at a place; for each end the earliest rule's."""
        if at >= len(self.tokens) or self._depth > DEEPEST:
            return ()
        key = (name, at)
        known = self._found.get(key)
        if known is None:
            self._depth += 1
            found: dict[int, Any] = {}
            for production in self._grammar.starting(name, self.tokens[at]):
                self._match(production, 0, at, (), found)
            self._depth -= 1
            known = self._found[key] = tuple(found.items())
        return known

    def _match(self, production: Production, nth: int, at: int, values: tuple[Any, ...], found: dict[int, Any]) -> None:
        """Go through a production from its nth symbol on; at another rule, once for each of its ends."""
        for place, symbol in enumerate(production.symbols[nth:], start=nth):
            if at >= len(self.tokens) or (symbol.glued and not self.tokens[at].glued):
                return
            if symbol.rule is not None:
                for end, value in self.find(symbol.rule, at):
                    self._match(production, place + 1, end, (*values, value), found)
                return
            means = self.tokens[at].means
            for kind, wanted in symbol.kinds:
                if kind in means and (wanted is None or str(means[kind]) == wanted):
                    values = values if wanted or means[kind] is None else (*values, means[kind])
                    break
            else:
                return
            at += 1
        if at not in found:
            value = production.build(self.view, *values)
            if value is not None:
                found[at] = value


def variants(pattern: str) -> Iterable[tuple[Symbol, ...]]:
    """The pattern with and without each of its optional symbols; with, first."""
    parts = [(part.rstrip("?"), part.endswith("?")) for part in pattern.split()]
    for kept in product(*(((True, False) if optional else (True,)) for _, optional in parts)):
        yield tuple(_symbol(part) for (part, _), keep in zip(parts, kept, strict=True) if keep)


def _symbol(part: str) -> Symbol:
    name = part.lstrip("~")
    if name.islower():
        return Symbol(name, (), part.startswith("~"))
    kinds, _, wanted = name.partition("=")
    return Symbol(None, tuple((Kind[kind], wanted or None) for kind in kinds.split("|")), part.startswith("~"))
