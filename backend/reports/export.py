"""Tables as files to take away: CSV that Excel reads, and Excel workbooks. No cell is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from backend.reports.rules import cell

Value = str | int | float | None


@dataclass(frozen=True)
class Sheet:
    """A table with a name and a heading for each column."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]


def as_csv(sheets: Iterable[Sheet]) -> bytes:
    """The sheets one below the other, in UTF-8 with the mark by which Excel knows it."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    for number, sheet in enumerate(sheets):
        if number:
            writer.writerow([])
        writer.writerow([cell(sheet.name)])
        writer.writerow([cell(head) for head in sheet.heads])
        writer.writerows([[value if _is_number(value) else cell(value) for value in row] for row in sheet.rows])
    return out.getvalue().encode("utf-8-sig")


def as_workbook(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an Excel workbook. Texts are written as texts, whatever they begin with."""
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in sheets:
        page = book.create_sheet(_title(sheet.name, taken))
        page.freeze_panes = "A2"
        for column in range(len(sheet.heads)):
            page.column_dimensions[chr(ord("A") + column)].width = 24
        heads = [_text(page, head) for head in sheet.heads]
        for head in heads:
            head.font = Font(bold=True)
        page.append(heads)
        for row in sheet.rows:
            page.append([value if _is_number(value) else _text(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float)


def _text(page: object, value: Value) -> WriteOnlyCell:
    written = WriteOnlyCell(page, value=cell(value))
    written.data_type = "s"
    return written


def _title(name: str, taken: set[str]) -> str:
    """A name as a tab of a workbook may have it: short, without some signs, and only once."""
    bare = "".join(" " if char in "[]:*?/\\" else char for char in name)[:28].strip("' ") or "Sheet"
    title, number = bare, 1
    while title in taken:
        number += 1
        title = f"{bare} {number}"
    taken.add(title)
    return title
