"""Alarms: raised once, however often the cause shows itself; closed when it is over."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from hub.core import json
from hub.core.failures import Parameter
from hub.store.tables import AlarmRow
from hub.store.work import View, Work


class Alarm(NamedTuple):
    """Something a person must look at."""

    code: str
    subject: str
    params: Mapping[str, Parameter]
    raised_at: datetime


def open_alarm(work: Work, code: str, subject: str, params: Mapping[str, Parameter]) -> bool:
    """Raise it, if it is not up already."""
    known = select(AlarmRow.id).where(
        AlarmRow.tenant_id == work.tenant,
        AlarmRow.code == code,
        AlarmRow.subject == subject,
        AlarmRow.closed_at.is_(None),
    )
    if work.first(known) is not None:
        return False
    [key] = work.ids(AlarmRow, 1)
    values = {"code": code, "subject": subject, "params": json.dumps(dict(params)).decode()}
    work.insert(AlarmRow, [{"id": key, **values, "raised_at": work.now, "closed_at": None}])
    return True


def close_alarm(work: Work, code: str, subject: str) -> None:
    """The cause is gone."""
    work.run(
        update(AlarmRow)
        .where(
            AlarmRow.tenant_id == work.tenant,
            AlarmRow.code == code,
            AlarmRow.subject == subject,
            AlarmRow.closed_at.is_(None),
        )
        .values(closed_at=work.now)
    )


def alarms(view: View) -> list[Alarm]:
    """What is up now, oldest first."""
    rows = view.all(
        select(AlarmRow.code, AlarmRow.subject, AlarmRow.params, AlarmRow.raised_at)
        .where(AlarmRow.tenant_id == view.tenant, AlarmRow.closed_at.is_(None))
        .order_by(AlarmRow.raised_at)
    )
    return [Alarm(row.code, row.subject, json.loads(row.params.encode()), row.raised_at) for row in rows]  # type: ignore[arg-type]  # our own object
