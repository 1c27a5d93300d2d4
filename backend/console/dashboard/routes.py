"""The manager's view: the hotline in figures, the rows behind each, and both as files."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from pydantic import BeforeValidator
from starlette.responses import Response

from backend.agents.permissions import Action
from backend.console.dashboard import figures
from backend.console.page import ConsoleRoute, Page, ReadPage, opens_for
from backend.console.words import Times
from backend.depends import Now, Ref
from backend.kernel import working_time
from backend.reference import Reference
from backend.reports import export, rules, service
from backend.reports.measures import Measure
from backend.reports.rules import Period, Span

router = APIRouter(prefix="/dashboard", route_class=ConsoleRoute, dependencies=[opens_for(Action.SEE_REPORTS)])

Day = Annotated[date | None, BeforeValidator(lambda value: value or None), Query()]
DIMENSIONS = (
    "channel", "hour", "weekday", "kind", "tier", "outlet", "outcome", "status", "reason", "trigger", "type", "grade",
    "low", "by",
)  # fmt: skip


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    XLSX = "xlsx"


MIME = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("")
def dashboard(
    page: ReadPage, now: Now, reference: Ref, span: Span = Span.TODAY, first: Day = None, last: Day = None
) -> Response:
    """The figures of today, or of the days asked for."""
    period = _period(reference, now, span, first, last)
    found = service.figures(page.session, period, calendar=reference.calendar, now=now)
    times = Times(reference.calendar, page.words.language, now)
    channels = {key: figures.name_of("", "channel", key, page.words) for key in found.channel_hours}
    weekdays = {day: times.weekday(date(2024, 1, 1 + day)) for day in found.weekday_hours}
    return page.show(
        "dashboard/dashboard.html",
        found=found,
        channels=figures.heat(found.channel_hours, channels),
        weekdays=figures.heat(found.weekday_hours, weekdays) if period.days > 1 else [],
        **_shared(page, period),
    )


@router.get("/list")
def listing(
    page: ReadPage,
    now: Now,
    reference: Ref,
    of: Measure,
    span: Span = Span.TODAY,
    first: Day = None,
    last: Day = None,
    page_no: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """The rows behind a figure."""
    period, chosen = _period(reference, now, span, first, last), _chosen(page)
    rows, total = service.behind(
        page.session, of, period, chosen, calendar=reference.calendar, now=now, offset=page_no * service.PAGE
    )
    return page.show(
        "dashboard/list.html",
        measure=of,
        chosen={name: _told(of, name, value, page) for name, value in chosen.items()},
        keys=chosen,
        lines=figures.lines(page.session, rows, page.words),
        total=total,
        page_no=page_no,
        has_more=(page_no + 1) * service.PAGE < total,
        **_shared(page, period),
    )


@router.get("/list.{kind}")
def export_list(
    page: ReadPage,
    now: Now,
    reference: Ref,
    kind: Annotated[Format, Path()],
    of: Measure,
    span: Span = Span.TODAY,
    first: Day = None,
    last: Day = None,
) -> Response:
    """The rows behind a figure as a file; telephone numbers stay masked."""
    period, chosen = _period(reference, now, span, first, last), _chosen(page)
    rows, _total = service.behind(
        page.session, of, period, chosen, calendar=reference.calendar, now=now, limit=service.LONGEST_EXPORT
    )
    times = Times(reference.calendar, page.words.language, now)
    shown = figures.lines(page.session, rows, page.words)
    sheet = figures.sheet_of(page.say(figures.MEASURES[of]), shown, page.words, times)
    return _file([sheet], kind, f"{of}-{period.first}-{period.last}")


@router.get("/figures.{kind}")
def export_figures(
    page: ReadPage,
    now: Now,
    reference: Ref,
    kind: Annotated[Format, Path()],
    span: Span = Span.TODAY,
    first: Day = None,
    last: Day = None,
) -> Response:
    """All figures of a period as a file."""
    period = _period(reference, now, span, first, last)
    found = service.figures(page.session, period, calendar=reference.calendar, now=now)
    return _file(figures.sheets(found, page.words), kind, f"hotline-{period.first}-{period.last}")


def _file(sheets: list[export.Sheet], kind: Format, name: str) -> Response:
    body = export.as_csv(sheets) if kind is Format.CSV else export.as_workbook(sheets)
    headers = {"content-disposition": f'attachment; filename="{name}.{kind}"', "cache-control": "no-store"}
    return Response(body, media_type=MIME[kind], headers=headers)


def _period(reference: Reference, now: datetime, span: Span, first: date | None, last: date | None) -> Period:
    today = working_time.local_day(reference.calendar, now)
    return rules.period(Span.CHOSEN if first or last else span, today, first, last)


def _chosen(page: Page) -> dict[str, str]:
    """What the rows are told apart by, as the address says it."""
    asked = page.request.query_params
    return {name: asked[name][:80] for name in DIMENSIONS if asked.get(name)}


def _told(measure: Measure, name: str, value: str, page: Page) -> str:
    if name == "hour" and value.isdecimal():
        return f"{int(value):02d}:00"
    if name == "weekday" and value.isdecimal():
        return page.words.gettext(figures.WEEKDAYS[int(value) % 7])
    return figures.name_of(measure, name, value, page.words)


def _shared(page: Page, period: Period) -> dict[str, Any]:
    days: dict[str, Any] = {"first": period.first, "last": period.last}
    if period.span is not Span.CHOSEN:
        days = {"span": period.span.value}

    def address(path: str = "", **more: object) -> str:
        return f"/console/dashboard{path}?{urlencode(days | more)}"

    def behind(of: str, **more: object) -> str:
        return address("/list", of=of, **more)

    def name(measure: str, dimension: str, key: str) -> str:
        return figures.name_of(measure, dimension, key, page.words)

    return {"address": address, "behind": behind, "name": name, "period": period, "sheets": figures}
