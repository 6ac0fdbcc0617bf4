"""Structure: the tasks in “What you need to do”. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.edition.to_do import MOST_TASKS, sort_tasks
from bulletin.issue.item import Task
from bulletin.issue.to_do_rows import ToDoRows
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


def _notices(count: int) -> str:
    return "\n".join(
        f"- {{kind: notice, title: Notice {number}, text: Please do., do: Send form {number}, by: {number} June 2021}}"
        for number in range(1, count + 1)
    )


@rule(
    "STRU08",
    "too-many-tasks",
    severity=Severity.WARNING,
    reason=f"The box “What you need to do” has the first {MOST_TASKS} tasks. Readers don’t see the others there.",
    wrong=[Example(sections=_notices(8), at="Send form 8")],
    right=[Example(sections=_notices(7)), Example(header="to_do: no", sections=_notices(8))],
)
def too_many_tasks(context: Context) -> Iterator[Violation]:
    """A task that is left out of the box, because seven others come before it."""
    has_box = context.issue.to_do is not ToDoRows.NONE
    left_out = {id(task) for task in sort_tasks(context.issue)[MOST_TASKS:]} if has_box else set()
    for record in context.records:
        if id(record.value) in left_out:
            yield Violation(
                span=context.span(*record.place, "do"),
                message=f"The box has {MOST_TASKS} tasks, and this one is left out.",
                remedy="Remove `do:` from a task that matters less, or join two of them.",
            )


@rule(
    "STRU09",
    "task-without-day",
    severity=Severity.NOTE,
    reason="Readers do what has a day. Without one, a task comes last in the box.",
    wrong=[Example(sections="- {kind: notice, title: Audit, text: Please send it., do: Send your audit}", at="Send")],
    right=[
        Example(sections="- {kind: notice, title: A, text: Send it., do: Send your audit, by: 1 June 2021}"),
        Example(sections="- {kind: notice, title: A, text: It changes., do: Use the new form, from: 1 June 2021}"),
        Example(
            sections="""
            - kind: vacancies
              title: Vacancy
              items: [{title: Chair, closes: 1 June 2021, do: Apply to be chair}]
            """
        ),
    ],
)
def task_without_day(context: Context) -> Iterator[Violation]:
    """A task without a day: its own, or that of its booking, its closing or its end."""
    for record in context.records:
        task = record.value
        if isinstance(task, Task) and task.do and not (task.from_ or task.last_day):
            yield Violation(
                span=context.span(*record.place, "do"),
                message="This task has no day.",
                remedy="Add `by:` with the last day, or `from:` with the first.",
            )


RULES: tuple[Rule, ...] = (too_many_tasks, task_without_day)
