"""The paper while it is being sorted: its lines, the roles given so far, and how to walk over its lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from broadcaster.text.papers.line_features import LineFeatures


@dataclass
class RoleSheet:
    """Rules give roles in a fixed order; a line keeps the first role it was given."""

    lines: tuple[LineFeatures, ...]
    roles: list[str] = field(default_factory=list)
    """A role for each line; "" while nobody knows it."""
    silent: set[int] = field(default_factory=set)
    """Lines that are not said although their role is: the heads of a table's columns, an asking for likes."""
    heads: list[tuple[int, int]] = field(default_factory=list)
    """First and last line of each head that was found."""

    @classmethod
    def of(cls, text: str) -> "RoleSheet":
        """Lay out a text."""
        lines = tuple(LineFeatures(line) for line in text.split("\n"))
        return cls(lines, ["blank" if line.blank else "" for line in lines])

    def give(self, at: int, role: str) -> None:
        """Give the line its role unless it has one."""
        self.roles[at] = self.roles[at] or role

    def open_lines(self) -> Iterator[int]:
        """The lines without a role, as they are when each is reached."""
        for at in range(len(self.lines)):
            if not self.roles[at]:
                yield at

    def after(self, at: int) -> int:
        """The next line that is not blank, or the number of lines."""
        at += 1
        while at < len(self.lines) and self.roles[at] == "blank":
            at += 1
        return at

    def before(self, at: int) -> int:
        """The last line before that is not blank, or -1."""
        at -= 1
        while at >= 0 and self.roles[at] == "blank":
            at -= 1
        return at

    def blank_between(self, first: int, second: int) -> bool:
        """Whether a blank line stands between two lines."""
        return any(self.roles[at] == "blank" for at in range(first + 1, second))
