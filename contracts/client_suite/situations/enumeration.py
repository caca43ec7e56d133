"""Every situation that the contract allows a server to bring a client into, enumerated from the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...contract.document import Document
from ...judging.attempts import Answer
from .failing import failing_situations
from .model import AVAILABLE, NOT_AVAILABLE, Delivery, Situation, stub
from .pairs import Row, every, pairwise
from .variants import ABSENT, THERE, blame, details_axes, extra_axes, identity_axes


def enumerate_situations(document: Document, *, exhaustive: bool = False) -> tuple[Situation, ...]:
    """Return every situation, by default with each pair of choices, *exhaustive* with each combination."""
    offered = _offered(document)
    others = (*_not_available(), *failing_situations(document, exhaustive=exhaustive), *_visits(document))
    return (
        *_available(document, exhaustive=exhaustive),
        *(replace(one, features={**offered, **one.features}) if one.offers else one for one in others),
    )


def _offered(document: Document) -> Mapping[str, str]:
    """Return the features of the mock's own engagement: as printed, and not authenticated."""
    choices = dict.fromkeys(details_axes(document), "printed") | {"connectorId": ABSENT}
    return {f"{axis} {choice}": blame(axis, choice) for axis, choice in choices.items()}


def _available(document: Document, *, exhaustive: bool) -> Iterator[Situation]:
    groups = (details_axes(document), identity_axes(), extra_axes())
    axes = {
        f"{number}.{axis}": tuple(choices) for number, group in enumerate(groups) for axis, choices in group.items()
    }
    rows = _one_by_one_and_pairs(axes) if exhaustive else pairwise(axes)
    for number, row in enumerate(rows, 1):
        names = [{axis[2:]: choice for axis, choice in row.items() if axis[0] == str(group)} for group in range(3)]
        details = {name: groups[0][name][choice] for name, choice in names[0].items() if choice != ABSENT}
        details |= groups[2]["in engagementDetails"][names[2]["in engagementDetails"]]
        ids = {name: str(groups[1][name][choice]) for name, choice in names[1].items()}
        extras = groups[2]["beside status"][names[2]["beside status"]]
        body = {"status": "Available", **ids, "engagementDetails": details, **extras}
        yield Situation(
            name=f"available-{number}",
            sentence=f"Available: {_differences(row) or 'as the pages print it'}.",
            stubs=(stub({"reply": {"status": 200, "body": body}}),),
            delivery=Delivery("engagement", Answer.DONE),
            outcomes=AVAILABLE,
            clause="GE-200-STATUS",
            features={
                f"{axis} {choice}": blame(axis, choice)
                for group in names
                for axis, choice in (*group.items(), *_connector(group))
            },
        )


def _connector(choices: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield that connectorId is there, where it is: a client may cope with no shape of it."""
    if choices.get("connectorId", ABSENT) != ABSENT:
        yield "connectorId", THERE


def _one_by_one_and_pairs(axes: Mapping[str, tuple[str, ...]]) -> Iterator[Row]:
    """Yield every combination of the shapes (absent, number or text, unknown members), and each pair of the rest."""
    shapes = {"absent", "a number", "none", "unknown text", "unknown object"}
    shaped = {
        axis: tuple(choice for choice in choices if choice in shapes | {"printed"}) for axis, choices in axes.items()
    }
    yield from every({axis: choices or axes[axis][:1] for axis, choices in shaped.items()})
    yield from pairwise(axes)


def _differences(row: Row) -> str:
    ordinary = {"printed", "none"}
    return ", ".join(f"{axis[2:]} {choice}" for axis, choice in row.items() if choice not in ordinary)


def _not_available() -> Iterator[Situation]:
    plain = Situation(
        name="not-available",
        sentence="NotAvailable, without engagementDetails.",
        stubs=(stub("not_available"),),
        delivery=Delivery("engagement", Answer.NOT_AVAILABLE),
        outcomes=NOT_AVAILABLE,
        clause="GE-200-NOTAVAILABLE",
    )
    yield plain
    body = {"status": "NotAvailable", "sessionId": "abc", "visitorId": "xyz", "pageId": "4743822558"}
    yield replace(
        plain,
        name="not-available-extra",
        sentence="NotAvailable with a member that the contract does not list.",
        stubs=(stub({"reply": {"status": 200, "body": {**body, "unknownMember": [1]}}}),),
        clause="GE-200-OPEN",
    )


def _visits(document: Document) -> Iterator[Situation]:
    printed = document.data["components"]["examples"]["Available"]["value"]
    ids = {"visitorId": "xyz", "sessionId": "a-new-session", "pageId": "9999999999"}
    renewed = {**printed, **ids, "engagementDetails": {**printed["engagementDetails"], "contextId": "2"}}
    yield Situation(
        name="session-lost",
        sentence="The session is lost: the second request of a known visitor is given a new sessionId.",
        stubs=(stub([{"offer": {}, "times": 1}, {"reply": {"status": 200, "body": renewed}}]),),
        ids={"visitor": "xyz", "session": "abc"},
        delivery=Delivery("engagement", Answer.DONE, times=2),
        outcomes=AVAILABLE,
        clause="CL-IDS-CARRIED",
    )
    yield Situation(
        name="second-not-available",
        sentence="The first request finds an engagement, the second does not.",
        stubs=(stub([{"offer": {}, "times": 1}, "not_available"]),),
        delivery=Delivery("engagement", Answer.NOT_AVAILABLE),
        outcomes=AVAILABLE | NOT_AVAILABLE,
        clause="GE-200-NOTAVAILABLE",
    )
    yield Situation(
        name="slow",
        sentence="Every answer takes 2.5 seconds.",
        stubs=({**stub({"offer": {}}), "faults": [{"delay": {"ms": 2500}}]},),
        delivery=Delivery("engagement", Answer.DONE),
        outcomes=AVAILABLE,
        clause="GE-200-STATUS",
        waits_s=6,
    )
