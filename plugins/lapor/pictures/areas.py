"""Rectangles on a picture, in shares of its sides, so that they fit every size of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_AREAS = 40


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in shares of the picture, 0 to 1 from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The smallest box of whole pixels that covers it, at least one by one."""
        left, top = int(self.left * width), int(self.top * height)
        right, bottom = -int(-self.right * width // 1), -int(-self.bottom * height // 1)
        return (
            *(min(left, width - 1), min(top, height - 1)),
            *(min(max(right, left + 1), width), min(max(bottom, top + 1), height)),
        )


def readable(areas: Iterable[Sequence[float]]) -> list[Area]:
    """Areas as they were kept. Raises ValueError for one that is no rectangle inside the picture."""
    found = []
    for each in areas:
        left, top, right, bottom = (float(value) for value in each)
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise ValueError(f"no rectangle inside of the picture: {list(each)}")
        found.append(Area(left, top, right, bottom))
    return found
