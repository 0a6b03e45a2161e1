"""Writes every case into a folder of its own, with a list of them: python -m tests.hostile.write FOLDER."""

import json
import os
import sys
from pathlib import Path

from tests.hostile import attacks_feeds, attacks_files, attacks_text, attacks_word
from tests.hostile.attacks import CASES

UNIT = "so-noi-vu"
assert attacks_feeds and attacks_files and attacks_text and attacks_word  # each adds its cases


def main() -> None:
    folder = Path(sys.argv[1])
    rows = []
    for number, one in enumerate(CASES.values()):
        unit = folder / str(number) / "content" / UNIT
        unit.mkdir(parents=True)
        text = one.write(unit)
        rows.append(
            {"name": one.name, "root": str(unit.parent), "text": os.fsencode(text).hex(), "expect": sorted(one.expect)}
        )
    (folder / "cases.json").write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
