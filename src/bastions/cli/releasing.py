"""The verb that makes a release: `release`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bastions.cli.common import AddVerb, refuse

FEW = 5
"""As many uncommitted files are named."""


def add(verb: AddVerb) -> None:
    """Adds the verb."""
    sub = verb("release", _release, "make a versioned archive of a release, with checksums and a changelog of its data")
    sub.add_argument("--out", type=Path, metavar="DIR", help="folder to make (default: dist in that of the dataset)")
    before = "the release before: folder, archive, or git ref (default: the tag of the last release)"
    sub.add_argument("--previous", metavar="RELEASE", help=before)
    day = "day of the release (default: that of its heading in CHANGELOG.md)"
    sub.add_argument("--date", metavar="YYYY-MM-DD", help=day)
    only = "write releases/lock.json for a version that is not released yet, and nothing else"
    sub.add_argument("--lock-only", action="store_true", help=only)


def _release(arguments: argparse.Namespace) -> int:
    from bastions import publish, releasing, reports
    from bastions.problems import visible
    from bastions.schema import SchemaError

    root: Path = arguments.root
    if arguments.lock_only and (arguments.out or arguments.previous or arguments.date):
        return refuse("--lock-only makes no release; leave out --out, --previous and --date")
    try:
        if arguments.lock_only:
            print(f"wrote {releasing.write_lock(root)}")
            return 0
        made = releasing.release(root, arguments.out or root / "dist", arguments.previous, arguments.date)
    except publish.Refused as refused:
        print(reports.render(refused.report, "text"))
        return refuse("nothing was released: there are errors", 1)
    except (publish.CannotPublish, releasing.CannotRelease) as error:
        return refuse(f"nothing was released: {error}")
    except SchemaError as error:
        return refuse(f"nothing was released, since these cannot be read:\n{error}", 1)
    print(made)
    if made.uncommitted:
        few = ", ".join(visible(name) for name in made.uncommitted[:FEW])
        more = f" and {len(made.uncommitted) - FEW:,} more" if len(made.uncommitted) > FEW else ""
        again = "commit them and run this again, or no tag will have what this release has"
        print(f"note: this was made of files that are not committed: {few}{more}; {again}", file=sys.stderr)
    return 0
