"""superapp lapor routing: evaluate a file of decided reports; train and choose a tenant's versions."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from plugins.lapor.learn import tenant_commands
from plugins.lapor.learn.evaluate import Evaluation
from plugins.lapor.learn.measure import Unit


@click.group("routing")
def group() -> None:
    """Suggestions of who owns a report: train, measure, choose a version."""


@group.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--text", default="", help="The column of the text; found by itself when not given.")
@click.option("--label", default="", help="The column of the unit that owned it in the end.")
@click.option("--time", default="", help="The column of the day on which it came.")
@click.option(
    "--train-share",
    type=click.FloatRange(0.05, 0.95),
    default=0.8,
    show_default=True,
    help="The earlier share to learn from; the later rest is measured.",
)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of tables.")
def evaluate(file: Path, text: str, label: str, time: str, train_share: float, as_json: bool) -> None:
    """Train on the earlier part of FILE (CSV), report on the later. Needs no tenant and no database."""
    from plugins.lapor.learn.evaluate import evaluate as run
    from plugins.lapor.learn.table import BadTable, read

    try:
        table = read(file, text, label, time)
        found = run(table.samples, train_share)
    except (BadTable, ValueError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        told = {"columns": table.columns, "notices": table.notices, **facts(found)}
        sys.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    for notice in table.notices:
        click.echo(f"note: {notice}", err=True)
    columns = ", ".join(f"{part} {name!r}" for part, name in table.columns.items() if name)
    click.echo(f"{file.name}: {columns}")
    show(found)


def facts(found: Evaluation) -> dict[str, object]:
    """The evaluation as one object. Shares 0..1."""
    measures, cost = found.measures, found.cost
    return {
        "earlier": found.earlier,
        "later": found.later,
        "later_from": found.split_day,
        "top1": round(measures.first, 4),
        "top3": round(measures.three, 4),
        "macro_f1": round(measures.macro_f1, 4),
        "surest_half": round(measures.half, 4),
        "coverage": [
            {"share": part, "precision": round(right, 4), "cases": cases}
            for part, right, cases in measures.coverage
        ],
        "labels": {code: _unit(unit) for code, unit in measures.units.items()},
        "train_seconds": round(cost.train_seconds, 2),
        "peak_megabytes": round(cost.peak_megabytes),
        "model_bytes": cost.model_bytes,
        "suggestion_ms": {"p50": round(cost.p50_ms, 2), "p95": round(cost.p95_ms, 2)},
    }


def _unit(unit: Unit) -> dict[str, object]:
    return {
        "cases": unit.cases,
        "suggested": unit.suggested,
        "right": unit.right,
        "recall": None if unit.recall is None else round(unit.recall, 4),
        "precision": None if unit.precision is None else round(unit.precision, 4),
    }


def show(found: Evaluation) -> None:
    """The same as tables for people."""
    from rich.console import Console
    from rich.table import Table

    measures, cost = found.measures, found.cost
    console = Console()
    console.print(
        f"learnt from {found.earlier} earlier reports, measured on {found.later} later ones "
        f"(from {found.split_day})"
    )
    head = Table("measure", "value", title="Suggestions", title_justify="left")
    for name, value in (
        ("first suggestion right (top-1)", measures.first),
        ("among three (top-3)", measures.three),
        ("macro-F1", measures.macro_f1),
        ("surest half right", measures.half),
    ):
        head.add_row(name, f"{value:.4f}")
    console.print(head)
    steps = Table("surest share", "cases", "right", title="Coverage and precision", title_justify="left")
    for part, right, cases in measures.coverage:
        steps.add_row(f"{part:.0%}", str(cases), f"{right:.4f}")
    console.print(steps)
    units = Table("unit", "cases", "recall", "precision", title="Units", title_justify="left")
    for code, unit in measures.units.items():
        units.add_row(code, str(unit.cases), _share(unit.recall), _share(unit.precision))
    console.print(units)
    console.print(
        f"training {cost.train_seconds:.1f} s, peak memory {cost.peak_megabytes:.0f} MB, model "
        f"{cost.model_bytes / 1e6:.1f} MB, one suggestion {cost.p50_ms:.2f} ms (p95 {cost.p95_ms:.2f} ms)"
    )


for command in (tenant_commands.train, tenant_commands.models, tenant_commands.use):
    group.add_command(command)
for command in (tenant_commands.rollback, tenant_commands.report):
    group.add_command(command)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
