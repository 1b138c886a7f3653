"""The command line's frame in Indonesian: usage line, headings, and click's own errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import click

from zi_eval.core.problems import suggest
from zi_eval.errors import ArgumentError

__all__ = ["Command", "Group", "describe_usage_error"]

RENAMED = {"jalan": "improve", "tren": "trend", "kalibrasi": "calibrate"}
"""Names that commands had, and what they are called now; they go on working unseen."""


class _Indonesian(click.Command):
    """Writes the parts of a help page that click writes in English."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[PILIHAN]")
        super().__init__(*args, **kwargs)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="Pemakaian: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx))]
        if records:
            with formatter.section("Pilihan"):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Tampilkan bantuan ini."
        return option


class Command(_Indonesian):
    """A command whose help page is Indonesian; a value it cannot use is a mistake in the call."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ArgumentError as error:
            named = [one for one in self.params if error.name and one.name == error.name]
            if not named:
                raise click.UsageError(str(error), ctx=ctx) from None
            raise click.BadParameter(str(error), ctx=ctx, param=named[0]) from None


class Group(_Indonesian, click.Group):
    """A group of commands whose help page is Indonesian."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "PERINTAH …")
        super().__init__(*args, **kwargs)
        self.sections: dict[str, tuple[str, ...]] = {}

    def add_section(self, title: str, commands: Sequence[click.Command]) -> None:
        """Add commands that the help shows under a title: who uses them."""
        for command in commands:
            self.add_command(command)
        self.sections[title] = tuple(str(command.name) for command in commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands in the order in which people need them."""
        width = max(map(len, self.commands))
        for title, names in (self.sections or {"Perintah": tuple(self.commands)}).items():
            rows = [
                (name.ljust(width), self.commands[name].get_short_help_str(75)) for name in names
            ]
            with formatter.section(title):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, or say which is nearest."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = suggest(name, list(self.commands))
            raise click.UsageError(f"Perintah '{name}' tidak ada. {near}".strip(), ctx)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, or by the one it had."""
        return super().get_command(ctx, RENAMED.get(cmd_name, cmd_name))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added."""
        return list(self.commands)


ENGLISH: Final = (
    (r"Got unexpected extra arguments? \((.*)\)", "Ada kata yang berlebih: {0}."),
    (r"Option '(.*)' requires (?:an argument|\d+ arguments)\.", "{0} memerlukan nilai."),
    (r"Option '(.*)' does not take a value\.", "{0} tidak memakai nilai."),
    (r"Missing command\.", "Sebut perintahnya."),
    (r"'?(.*?)'? is not one of (.*)\.", "'{0}' tidak dikenal; pilih {1}."),
    (r"'(.*)' is not a valid integer(?: range)?\.", "'{0}' bukan bilangan bulat."),
    (r"'(.*)' is not a valid float(?: range)?\.", "'{0}' bukan bilangan."),
    (r"(.*) is not in the range (.*)\.", "{0} di luar rentang {1}."),
)
"""What click says of a command line, as patterns, and what is said for it."""


def describe_usage_error(error: click.UsageError) -> str:
    """Say in one Indonesian sentence what is wrong with a command line."""
    if isinstance(error, click.NoSuchOption):
        options = error.ctx.command.params if error.ctx else ()
        known = [name for option in options for name in option.opts if name.startswith("--")]
        near = suggest(error.option_name, [*known, "--help"])
        return f"Pilihan {error.option_name} tidak dikenal. {near}".strip()
    name = _parameter_name(error)
    if isinstance(error, click.MissingParameter):
        return f"{name} wajib diisi."
    message = _translate(error.message)
    if isinstance(error, click.BadParameter):
        return f"Nilai untuk {name} tidak sah: {message[:1].lower()}{message[1:]}"
    return message


def _translate(message: str) -> str:
    """Return what click says in English in Indonesian; what is our own stays as it is."""
    for pattern, said in ENGLISH:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            return said.format(*found.groups())
    return message


def _parameter_name(error: click.UsageError) -> str:
    parameter: Any = getattr(error, "param", None)
    if parameter is None:
        return "parameter"
    if isinstance(parameter, click.Option):
        return " / ".join(parameter.opts)
    return str(parameter.metavar or parameter.name)
