"""A channel that says nothing for longer than it ever does is either closed or cut off: a person should look."""

from datetime import timedelta

from hub.pipeline.hub import Hub
from hub.store import alarms, silence

HOUR = timedelta(hours=1)


def listen(hub: Hub, tenant: int) -> int:
    """Raise one alarm for each channel that fell silent; it closes when the channel is heard again."""
    with hub.store.work(tenant, "chore:listen") as work:
        return sum(
            alarms.open_alarm(
                work,
                silence.SILENT,
                found.connection,
                {"connection": found.connection, "hours": found.lasts // HOUR, "usual": found.habit // HOUR},
            )
            for found in silence.silences(work)
        )
