"""What promises and response say of one customer, and the lines they come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from plaincrm.dates import Period
from plaincrm.index.condition import Condition
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.reports.evidence import Explanation, Figure, evidence, percent
from plaincrm.reports.promises import Kept, Promise, promises
from plaincrm.reports.response import Message, ResponseReport, response


def explain_promises(index: Index, who: Named, today: date, period: Period) -> Explanation:
    """Each promise of a customer, given or got, that counts in a period or is open, and what became of it."""
    report = promises(index, today, period, _only(who))
    told = [(who.file, promise.line, _fate(promise)) for promise in report.promises]
    about = f"promises due {period.start} to {period.end}"
    figures = tuple(figure for total in report.totals for figure in _kept(total))
    return Explanation("promises", who.customer, who.name, who.path, about, figures, evidence(index, told))


def explain_response(index: Index, who: Named, today: date, period: Period) -> Explanation:
    """Each message and missed call of a customer in a period, when its answer was due, and when it came."""
    report = response(index, today, period, _only(who))
    told = [(who.file, message.line, _answered(message)) for message in report.messages]
    told += [(who.file, message.answer_line, "an answer") for message in report.messages if message.answer_line]
    about = f"messages and missed calls of {period.start} to {period.end}, working time"
    figures = tuple(_response(report))
    return Explanation("response", who.customer, who.name, who.path, about, figures, evidence(index, told))


def _only(who: Named) -> Condition:
    return Condition("c.file = ?", (who.file,))


def _kept(total: Kept) -> Iterator[Figure]:
    whose = "Ours" if total.owes == "us" else "Theirs"
    if total.n:
        how = f"{total.kept} of {total.n} that fell due in time, {total.late} late, {total.broken} broken."
        yield Figure(f"{whose}, kept in time", percent(total.share_kept), how)
    if total.mean_late_days is not None:
        how = f"The mean of {total.late_or_open} kept late or still open."
        yield Figure(f"{whose}, days late", str(total.mean_late_days), how)


def _fate(promise: Promise) -> str:
    whose = "ours" if promise.owes == "us" else "theirs"
    late = f", {promise.late_days} days" if promise.late_days else ""
    counted = "" if promise.counted else ", not in the period"
    return f"{whose}, due {promise.due}: {promise.state}{late}{counted}"


def _response(report: ResponseReport) -> Iterator[Figure]:
    totals = report.totals
    if totals.n:
        how = f"{totals.met} of {totals.n} answered by the moment due; {totals.open} open ones are not counted."
        yield Figure("Answered in time", percent(totals.share_met), how)
    if totals.median_minutes is not None:
        how = f"The middle of {totals.answered} answered, in minutes of working time."
        yield Figure("Minutes to an answer", str(totals.median_minutes), how)


def _answered(message: Message) -> str:
    due = f"due {message.due:%Y-%m-%d %H:%M} ({message.target})"
    return f"{message.state}, {due}" + (f", answered {message.answered}" if message.answered else ", not answered")
