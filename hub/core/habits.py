"""How long an outside system is usually silent, and how long is too long."""

from datetime import timedelta

LEARNS_FOR = timedelta(days=7)
"""Until it has been known for a week, weekends included, nobody can say what is usual."""

_LEAST = timedelta(hours=1)
_FADES = 14


def patience(habit: timedelta) -> timedelta:
    """Silence is too long at half as much again as usual; never within an hour."""
    return max(_LEAST, habit + habit / 2)


def learned(habit: timedelta, silence: timedelta, *, settled: bool) -> timedelta:
    """The usual silence after one that ended just now.

    The longest one counts, nights and weekends as well; what does not come again fades within two weeks. Once the
    habit is `settled`, a silence beyond patience lengthens it to the patience only: an outage is no habit.
    """
    longest = min(silence, patience(habit)) if settled else silence
    return max(longest, habit - silence / _FADES)
