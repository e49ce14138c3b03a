"""Small numbers that stay hidden, and as many others as it takes that nobody can work them out.

Counts of people by group and word enter, with what is hidden of their totals; the places to hide leave. A
count from 1 to one below the threshold is hidden. A sum that is shown must not give it away: in each line
at least two counts are hidden, and together they are no small number (`line`); and no chain of subtractions
across groups and words ends at a hidden count (`table`). A zero is shown, unless it is needed to hide
another.

The proof of the second: a table with all its totals is a graph, with a node for each group and each word
and an edge for each hidden count. A hidden count can be worked out exactly when its edge lies on no circle.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Place = tuple[int, int]
"""A group and a word; one behind the last of either is the total."""


def line(
    counts: Sequence[int], below: int, *, settled: bool | None = None, dear: int | None = None
) -> frozenset[int]:
    """What to hide in one line whose sum is shown, or the whole of it where the sum is small itself.

    Shape: where the last count stands in other lines too, `settled` says whether it is hidden everywhere;
    it is then left as it is. `dear` is a count that is hidden last of those that may go.

    >>> sorted(line([3, 40, 12, 0], 10))    # 3 alone would be the sum less the others: 12 goes with it
    [0, 2]
    >>> sorted(line([3, 4, 40, 30], 10))    # 3 and 4 would be seen to be 7 together
    [0, 1, 3]
    """
    if 0 < sum(counts) < below:
        return frozenset(range(len(counts)))
    free = range(len(counts) if settled is None else len(counts) - 1)
    chosen = {at for at in free if 0 < counts[at] < below} | ({len(counts) - 1} if settled else set[int]())
    while _exposed([counts[at] for at in chosen], below) and (left := set(free) - chosen):
        chosen.add(_least(counts, left, dear))
    return frozenset(chosen)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a table beforehand.

    `totals` are the words whose total over all groups is hidden, `groups` the groups whose size is hidden.
    Where the last word is counted in other tables too, `settled` are the groups of which it is hidden
    everywhere; it is then left as it is. `dear` is the word that is hidden last of those that may go.
    """

    totals: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    settled: frozenset[int] | None = None
    dear: int | None = None


def table(counts: Sequence[Sequence[int]], below: int, around: Around) -> frozenset[Place]:
    """What to hide of the counts of a table, group by word."""
    return _Table(counts, below, around).hidden()


class _Table:
    """The places hidden so far, and what is still exposed."""

    def __init__(self, counts: Sequence[Sequence[int]], below: int, around: Around) -> None:
        self._counts, self._below = counts, below
        self._totals, self._groups = around.totals, around.groups
        self._height, self._width = len(counts), len(counts[0]) if counts else 0
        self._last = self._width - 1
        self._pinned, self._dear = around.settled is not None, around.dear
        self._hidden = {(row, self._last) for row in around.settled or ()}
        for row, words in enumerate(counts):
            self._hidden |= {
                (row, at)
                for at, count in enumerate(words)
                if row in around.groups or (0 < count < below and not (self._pinned and at == self._last))
            }

    def hidden(self) -> frozenset[Place]:
        """Hide more until nothing is exposed; each round hides at least one more place."""
        while more := set(self._lines()) or set(self._apart()) or set(self._bridges()):
            self._hidden |= more
        return frozenset(self._hidden)

    def _free(self, row: int) -> list[int]:
        """The words of a group that are shown and may be hidden."""
        words = self._width - 1 if self._pinned else self._width
        return [at for at in range(words) if (row, at) not in self._hidden]

    def _lines(self) -> Iterator[Place]:
        """One more place in each group and each word that its sum gives away."""
        for row, words in enumerate(self._counts):
            there = [at for at in range(self._width) if (row, at) in self._hidden]
            free = self._free(row)
            if row not in self._groups and free and _exposed([words[at] for at in there], self._below):
                yield row, _least(words, free, self._dear)
        for at in range(self._last if self._pinned else self._width):
            column = [words[at] for words in self._counts]
            there = [row for row in range(self._height) if (row, at) in self._hidden]
            free = [row for row in range(self._height) if (row, at) not in self._hidden]
            given = not there if at in self._totals else _exposed([column[row] for row in there], self._below)
            if free and given:
                yield _least(column, free), at

    def _apart(self) -> Iterator[Place]:
        """Hidden totals that move within each other's groups only: one group ties them together."""
        parts = _Graph(self._edges(inner=True))
        free = [row for row in range(self._height) if row not in self._groups]
        tied = {parts.part(("word", at)) for at in self._totals}
        if free and len(tied) > 1:
            sums = [sum(words) for words in self._counts]
            row = min(free, key=lambda one: (len(self._free(one)), sums[one]))
            words = self._last if self._pinned else self._width
            yield from ((row, at) for at in self._totals if at < words and (row, at) not in self._hidden)

    def _bridges(self) -> Iterator[Place]:
        """One more place beside the first hidden count that lies on no circle."""
        for row, at in sorted(_Graph(self._edges()).bridges()):
            if row < self._height and (free := self._free(row)):
                yield row, _least(self._counts[row], free, self._dear)
                return
            column = [words[at] for words in self._counts] if at < self._width else []
            rows = [one for one in range(len(column)) if at in self._free(one)]
            if rows:
                yield _least(column, rows), at
                return

    def _edges(self, *, inner: bool = False) -> set[Place]:
        """The hidden places, and the hidden totals unless only the inner places are asked for."""
        outer = {(self._height, at) for at in self._totals} | {(row, self._width) for row in self._groups}
        return set(self._hidden) if inner else self._hidden | outer


def _exposed(hidden: Sequence[int], below: int) -> bool:
    """The sum of these counts can be worked out, and gives away a count or a small number."""
    return len(hidden) == 1 or 0 < sum(hidden) < below


def _least(counts: Sequence[int], among: Iterable[int], dear: int | None = None) -> int:
    """The smallest count of these: hiding it costs least; a zero only where nothing else is left."""
    return min(among, key=lambda at: (counts[at] == 0, at == dear, counts[at], at))


Node = tuple[str, int]


class _Graph:
    """Groups and words as nodes, hidden counts as edges."""

    def __init__(self, edges: Iterable[Place]) -> None:
        self._beside: dict[Node, list[Node]] = {}
        for row, at in edges:
            self._beside.setdefault(("group", row), []).append(("word", at))
            self._beside.setdefault(("word", at), []).append(("group", row))

    def part(self, node: Node) -> frozenset[Node]:
        """Everything that hangs together with a node."""
        seen, ahead = {node}, [node]
        while ahead:
            for other in self._beside.get(ahead.pop(), []):
                if other not in seen:
                    seen.add(other)
                    ahead.append(other)
        return frozenset(seen)

    def bridges(self) -> Iterator[Place]:
        """The edges on no circle: walk in depth, and note the earliest node each branch leads back to."""
        order: dict[Node, int] = {}
        lowest: dict[Node, int] = {}
        for start in self._beside:
            if start in order:
                continue
            order[start] = lowest[start] = len(order)
            walk = [(start, start, iter(self._beside[start]))]
            while walk:
                node, came_from, others = walk[-1]
                other = next(others, None)
                if other is None:
                    walk.pop()
                    lowest[came_from] = min(lowest[came_from], lowest[node])
                    if node != came_from and lowest[node] > order[came_from]:
                        yield _place(came_from, node)
                elif other not in order:
                    order[other] = lowest[other] = len(order)
                    walk.append((other, node, iter(self._beside[other])))
                elif other != came_from:
                    lowest[node] = min(lowest[node], order[other])


def _place(one: Node, other: Node) -> Place:
    group, word = (one, other) if one[0] == "group" else (other, one)
    return group[1], word[1]
