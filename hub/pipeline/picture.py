"""The journeys as a picture, drawn from their tables: `python -m hub.pipeline.picture`."""

from collections.abc import Iterator, Sequence

from hub.pipeline.journey import FOLLOWS_UP, FULFILMENT_STEPS, ORDER_STEPS
from hub.pipeline.steps import Step
from hub.store.travellers import CANCELLING


def picture() -> str:
    """A Mermaid state diagram: arrows carry the step that moves, notes the effects that follow side by side."""
    lines = ["stateDiagram-v2", "  state Order {", *_indented(_moves(ORDER_STEPS)), "  }"]
    lines += ["  state Fulfilment {", *_indented(_moves(FULFILMENT_STEPS))]
    lines += [f"    {_box(state)}: {state.value} ⇒ {', '.join(effects)}" for state, effects in FOLLOWS_UP.items()]
    return "\n".join([*lines, "  }", "  Order --> Fulfilment: route"])


def _moves(steps: Sequence[Step]) -> Iterator[str]:
    """Every step's arrows; the journey begins where no step ends."""
    walked = [step for step in steps if step.traveller is not CANCELLING]
    begins = {start for step in walked for start in step.starts} - {end for step in walked for end in step.ends}
    yield from (f"[*] --> {_box(state)}" for state in sorted(begins))
    for step in walked:
        for start in sorted(step.starts):
            yield from (f"{_box(start)} --> {_box(end)}: {step.name}" for end in sorted(step.ends) if end != start)


def _box(state: str) -> str:
    return state.replace("_", " ").title().replace(" ", "")


def _indented(lines: Iterator[str]) -> list[str]:
    return [f"    {line}" for line in lines]


if __name__ == "__main__":
    print(picture())  # noqa: T201  this module is a command
