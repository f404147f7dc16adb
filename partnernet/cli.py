"""The `partnernet` command. Exit 0, or non-zero with one plain sentence on stderr."""

import errno
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import click

from partnernet import __version__
from partnernet.core.errors import Refused
from partnernet.core.memory import collect_rarely

COMMANDS: dict[str, str] = {
    "serve": "partnernet.serve",
    "init": "partnernet.network.cli",
    "join": "partnernet.network.cli",
    "card": "partnernet.nodes.cli",
    "network-key": "partnernet.nodes.key_cli",
    "demo": "partnernet.demo.cli",
    "account": "partnernet.people.cli",
    "invite": "partnernet.people.cli",
    "load": "partnernet.load.cli",
    "search": "partnernet.search.cli",
    "index": "partnernet.search.cli",
    "export": "partnernet.exchange.incoming.cli",
    "inspect": "partnernet.exchange.incoming.cli",
    "import": "partnernet.exchange.incoming.cli",
    "have": "partnernet.exchange.incoming.cli",
    "log": "partnernet.exchange.incoming.cli",
    "write-out": "partnernet.interchange.cli",
    "sync": "partnernet.sync.cli",
    "backup": "partnernet.backups.cli",
    "restore": "partnernet.backups.cli",
    "verify": "partnernet.maintenance",
    "check": "partnernet.maintenance",
}
"""Each command and the module that brings it, so that only the one that is called is imported."""

FULL = "The disk is full, so this was not finished: make room, and run the command again."

NEEDS_NO_NODE = ("serve", "inspect", "restore")


class Commands(click.Group):
    """The commands, each found by name in the module that brings it."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        from importlib import import_module

        commands: Sequence[click.Command] = import_module(COMMANDS[name]).commands
        return next(command for command in commands if command.name == name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="PartnerNet %(version)s")
@click.pass_context
def partnernet(context: click.Context) -> None:
    """A partnership network's shared memory and meeting place."""
    if context.invoked_subcommand not in NEEDS_NO_NODE and not _only_helps(context.obj):
        context.with_resource(_node())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status."""
    collect_rarely()
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        status = partnernet(args=given, obj=given, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except BrokenPipeError:
        return 141
    except Refused as error:
        click.echo(error.sentence, err=True)
        return 1
    except OSError as error:
        click.echo(_sentence(error), err=True)
        return 1
    except SystemExit as stop:
        return int(stop.code or 0)
    except Exception as error:
        if not _is_full(error):
            raise
        click.echo(FULL, err=True)
        return 1
    return status if isinstance(status, int) else 0  # that of an Exit, where there was one


@contextmanager
def _node() -> Iterator[Any]:
    """The node of the data folder, opened for one command."""
    from partnernet import create_app
    from partnernet.background import note_state

    app = create_app()
    with app.app_context():
        try:
            yield app
        except BaseException:
            with suppress(OSError):  # what went wrong before says more, and the next command notes it
                note_state(app)
            raise
        note_state(app)


def _only_helps(arguments: Sequence[str]) -> bool:
    return any(argument in ("-h", "--help") for argument in arguments)


def _is_full(error: Exception) -> bool:
    """Whether the database had no room in the middle of a statement; nothing of that is kept."""
    from sqlalchemy.exc import DBAPIError

    from partnernet.core.engine import is_full

    return isinstance(error, DBAPIError) and is_full(error)


def _sentence(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return FULL
    where = f" ({error.filename})" if error.filename else ""
    return f"{(error.strerror or str(error)).rstrip('.')}{where}."


if __name__ == "__main__":
    sys.exit(main())
