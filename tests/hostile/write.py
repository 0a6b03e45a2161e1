"""Writes each case into a folder of its own, with a list of them: python -m tests.hostile.write FOLDER EVERY [PART …].

EVERY 1 writes all cases of the parts, 8 every eighth of them.
"""

import json
import os
import sys
from pathlib import Path

from tests.hostile import attacks_feeds, attacks_files, attacks_text, attacks_word
from tests.hostile.attacks import CASES

UNIT = "so-noi-vu"
assert attacks_feeds and attacks_files and attacks_text and attacks_word  # each adds its cases


def main() -> None:
    folder, every, parts = Path(sys.argv[1]), int(sys.argv[2]), tuple(sys.argv[3:]) or ("",)
    rows = []
    for number, one in enumerate([one for one in CASES.values() if one.name.startswith(parts)][::every]):
        unit = folder / str(number) / "content" / UNIT
        unit.mkdir(parents=True)
        text = one.write(unit)
        rows.append(
            {"name": one.name, "root": str(unit.parent), "text": os.fsencode(text).hex(), "expect": sorted(one.expect)}
        )
    (folder / "cases.json").write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
