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
from dataclasses import dataclass, field
from itertools import pairwise, product
from operator import itemgetter
from typing import Any

from bot.domain.reading.kinds import Token, WordKind
from bot.domain.reading.meaning import View

Build = Callable[..., Any]
#: (name of the rule, its pattern, what to make of its values)
Rule = tuple[str, str, Build]
#: The kinds that one token can be.
Kinds = tuple[WordKind, ...]
#: (the rule's place in the grammar, where the match ends, what to make of its values, the values)
Match = tuple[int, int, Build, tuple[Any, ...]]
#: The symbols that may follow a place in a pattern, and the places behind them.
Ways = tuple[tuple["Symbol", "Node"], ...]
ORDER = itemgetter(0)
#: Maximum nesting of rules: deadlines in the corpus need six.
DEEPEST = 20
#: Maximum number of cached answers of a grammar: a language has few combinations of kinds, a hostile text many.
MAX_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Symbol:
    rule: str | None
    kinds: tuple[tuple[WordKind, str | None], ...]
    glued: bool


@dataclass(slots=True, eq=False)
class Node:
    """A place in the patterns of one rule, shared by all that begin alike."""

    #: Patterns that end here: their place in the grammar, and what to make of their values.
    ends: list[tuple[int, Build]] = field(default_factory=list)
    #: The symbols that may follow, with the kinds of token that they can begin with.
    next: dict[Symbol, "Node"] = field(default_factory=dict)
    openings: dict[Symbol, frozenset[WordKind]] = field(default_factory=dict)
    #: Cache: the symbols that may follow for a token of certain kinds.
    known: dict[Kinds, Ways] = field(default_factory=dict)

    def steps(self, kinds: Kinds) -> Ways:
        """The ways on that a token of such kinds can begin."""
        found = self.known.get(kinds)
        if found is None:
            ways = self.next.items()
            found = tuple((symbol, node) for symbol, node in ways if not self.openings[symbol].isdisjoint(kinds))
            self.known[kinds] = found
        return found


class Grammar:
    """Rules, each a tree of its patterns."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._roots: dict[str, Node] = {}
        for order, (name, pattern, build) in enumerate(rules):
            for symbols in variants(pattern):
                node = self._roots.setdefault(name, Node())
                for symbol in symbols:
                    node = node.next.setdefault(symbol, Node())
                node.ends.append((order, build))
        for name, root in self._roots.items():
            self._first_kinds(Symbol(name, (), glued=False))
            self._foresee(root)
        #: Cache of what may match from two tokens of certain kinds on.
        self._pairs: dict[tuple[Kinds, Kinds], Pair] = {}

    def root(self, name: str) -> Node:
        return self._roots[name]

    def pair(self, first: Kinds, second: Kinds) -> "Pair":
        """Return what may match from two tokens of such kinds on; `second` is empty after the last."""
        known = self._pairs.get((first, second))
        if known is None:
            if len(self._pairs) >= MAX_KNOWN:
                self._pairs.clear()
            known = self._pairs[first, second] = Pair(self, first, second)
        return known

    def fits(self, name: str, first: Kinds, second: Kinds) -> bool:
        """Return whether a rule may match from two tokens of such kinds on; if not, it need not be tried."""
        return bool(self._roots[name].ends) or self._is_one(name, first) or self._goes_on(name, first, second)

    def leads_on(self, symbol: Symbol, following: Node, first: Kinds, second: Kinds) -> bool:
        """Return whether a pattern may match that has a symbol at the first of two tokens of such kinds."""
        is_one = symbol.rule is None or self._is_one(symbol.rule, first)
        if is_one and (following.ends or following.steps(second)):
            return True
        return symbol.rule is not None and self._goes_on(symbol.rule, first, second)

    def _is_one(self, name: str, first: Kinds) -> bool:
        """Return whether one token of such kinds may match a whole rule."""
        return any(
            following.ends and (symbol.rule is None or self._is_one(symbol.rule, first))
            for symbol, following in self._roots[name].steps(first)
        )

    def _goes_on(self, name: str, first: Kinds, second: Kinds) -> bool:
        """Return whether a rule may begin with two tokens of such kinds."""
        for symbol, following in self._roots[name].steps(first):
            is_one = symbol.rule is None or self._is_one(symbol.rule, first)
            if (is_one and following.steps(second)) or (symbol.rule and self._goes_on(symbol.rule, first, second)):
                return True
        return False

    def _foresee(self, node: Node) -> None:
        for symbol, following in node.next.items():
            node.openings[symbol] = frozenset(self._first_kinds(symbol))
            self._foresee(following)

    def _first_kinds(self, symbol: Symbol, seen: frozenset[str] = frozenset()) -> set[WordKind]:
        if symbol.rule is None:
            return {kind for kind, _ in symbol.kinds}
        if symbol.rule in seen:
            raise ValueError(f"The rule {symbol.rule} begins with itself.")
        kinds: set[WordKind] = set()
        for first in self._roots[symbol.rule].next:
            kinds |= self._first_kinds(first, seen | {symbol.rule})
        return kinds


class Pair:
    """Two kinds of adjacent tokens, and the rules that may match from the first one on."""

    __slots__ = ("_first", "_fitting", "_grammar", "_second", "_starting", "_ways", "kinds")

    def __init__(self, grammar: Grammar, first: Kinds, second: Kinds) -> None:
        self._grammar, self._first, self._second = grammar, first, second
        #: The kinds of the first.
        self.kinds = frozenset(first)
        self._starting: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._fitting: dict[str, bool] = {}
        self._ways: dict[Node, Ways] = {}

    def steps(self, node: Node) -> Ways:
        """Return the ways on from a place in a pattern that may lead to a match."""
        known = self._ways.get(node)
        if known is None:
            first, second = self._first, self._second
            known = tuple(way for way in node.steps(first) if self._grammar.leads_on(*way, first, second))
            self._ways[node] = known
        return known

    def starting_among(self, names: tuple[str, ...]) -> Sequence[str]:
        """Filter rules to those that may match."""
        known = self._starting.get(names)
        if known is None:
            known = self._starting[names] = tuple(name for name in names if self.fits(name))
        return known

    def fits(self, name: str) -> bool:
        known = self._fitting.get(name)
        if known is None:
            known = self._fitting[name] = self._grammar.fits(name, self._first, self._second)
        return known


class Chart:
    """The matches of a grammar in one list of tokens; each place is parsed once."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token], view: View) -> None:
        self.tokens = tokens
        self.view = view
        self._grammar = grammar
        kinds: list[Kinds] = [*(tuple(token.means) for token in tokens), ()]
        self._pairs = [grammar.pair(first, second) for first, second in pairwise(kinds)]
        #: The kinds of each token.
        self.sets = [pair.kinds for pair in self._pairs]
        #: Cache: the phrases that begin at a place, by what they begin with (bot.domain.reading.phrase).
        self.phrases: dict[tuple[int, object], Any] = {}
        self._found: dict[tuple[str, int], Sequence[tuple[int, Any]]] = {}
        self._depth = 0

    def rules_at(self, at: int, names: tuple[str, ...]) -> Sequence[str]:
        """Filter rules to those that can begin at a place."""
        return self._pairs[at].starting_among(names)

    def find(self, name: str, at: int) -> Sequence[tuple[int, Any]]:
        """(end, value) of everything called `name` that begins at a place; for each end the earliest rule's."""
        if at >= len(self.tokens) or self._depth > DEEPEST:
            return ()
        key = (name, at)
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = self._matched(name, at) if self._pairs[at].fits(name) else ()
        return known

    def _matched(self, name: str, at: int) -> Sequence[tuple[int, Any]]:
        matches: list[Match] = []
        self._depth += 1
        self._walk(self._grammar.root(name), at, (), matches)
        self._depth -= 1
        matches.sort(key=ORDER)
        found: dict[int, Any] = {}
        for _, end, build, values in matches:
            if end not in found and (value := build(self.view, *values)) is not None:
                found[end] = value
        return tuple(found.items())

    def _walk(self, node: Node, at: int, values: tuple[Any, ...], matches: list[Match]) -> None:
        """Collect every pattern that ends at or behind a node; at another rule, once for each of its ends."""
        for order, build in node.ends:
            matches.append((order, at, build, values))
        if not node.next or at >= len(self.tokens):
            return
        token = self.tokens[at]
        means = token.means
        for symbol, following in self._pairs[at].steps(node):
            if symbol.glued and not token.glued:
                continue
            if symbol.rule is not None:
                for end, value in self.find(symbol.rule, at):
                    self._walk(following, end, (*values, value), matches)
                continue
            for kind, wanted in symbol.kinds:
                if kind not in means:
                    continue
                value = means[kind]
                if wanted is None or str(value) == wanted:
                    is_bare = wanted or value is None
                    self._walk(following, at + 1, values if is_bare else (*values, value), matches)
                    break


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
    return Symbol(None, tuple((WordKind[kind], wanted or None) for kind in kinds.split("|")), part.startswith("~"))
