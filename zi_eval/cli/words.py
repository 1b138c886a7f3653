"""The command line's frame in Indonesian: usage line, headings, and click's own errors."""

from __future__ import annotations

from typing import Any

import click

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
            raise click.BadParameter(str(error), ctx=ctx) from None


class Group(_Indonesian, click.Group):
    """A group of commands whose help page is Indonesian."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "PERINTAH …")
        super().__init__(*args, **kwargs)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands in the order in which people need them."""
        rows = [(name, command.get_short_help_str(70)) for name, command in self.commands.items()]
        with formatter.section("Perintah"):
            formatter.write_dl(rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, or by the one it had."""
        return super().get_command(ctx, RENAMED.get(cmd_name, cmd_name))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added."""
        return list(self.commands)


def describe_usage_error(error: click.UsageError) -> str:
    """Say in one Indonesian sentence what is wrong with a command line."""
    if isinstance(error, click.NoSuchOption):
        near = f" Mungkin maksudnya {error.possibilities[0]}." if error.possibilities else ""
        return f"Pilihan {error.option_name} tidak dikenal.{near}"
    name = _parameter_name(error)
    if isinstance(error, click.MissingParameter):
        return f"{name} wajib diisi."
    if isinstance(error, click.BadParameter):
        return f"Nilai untuk {name} tidak sah: {error.message}"
    if "No such command" in error.message:
        return error.message.replace("No such command", "Tidak ada perintah")
    return error.message


def _parameter_name(error: click.UsageError) -> str:
    parameter: Any = getattr(error, "param", None)
    if parameter is None:
        return "parameter"
    if isinstance(parameter, click.Option):
        return " / ".join(parameter.opts)
    return str(parameter.metavar or parameter.name)
