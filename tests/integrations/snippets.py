"""Writes the YAML that pages tell people to paste into files and holds each against its schema.

    snippets.py FOLDER PAGE...

What a block is for stands in its first line: a comment with the name of the file.
"""

import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

KINDS = [
    (".github/workflows/", ["check-jsonschema", "--quiet", "--builtin-schema", "vendor.github-workflows"]),
    (".gitlab-ci.yml", ["check-jsonschema", "--quiet", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
    (".pre-commit-config.yaml", ["pre-commit", "validate-config"]),
]

folder, seen = Path(sys.argv[1]), 0
for page in map(Path, sys.argv[2:]):
    for found in re.finditer(r"^```ya?ml\n(.*?)^```$", page.read_text(), re.M | re.S):
        first, text = found[1].splitlines()[0], found[1]
        kinds = [command for name, command in KINDS if first.startswith("#") and name in first]
        if not kinds:
            continue
        seen += 1
        file = folder / f"{page.stem}-{seen}.yml"
        if isinstance(YAML(typ="safe").load(text), list):
            text = "repos:\n" + text  # a list of repositories, for pre-commit
        file.write_text(text.replace("COMMIT", 40 * "a"))
        line = page.read_text()[: found.start()].count("\n") + 1
        print(f"  {page}:{line}: {first.lstrip('# ')}")
        subprocess.run([*kinds[0], str(file)], check=True)
        if "workflows" in kinds[0][-1]:
            # Whose commit the action is pinned to is for the reader to choose.
            policy = folder / "zizmor.yml"
            policy.write_text('rules: {unpinned-uses: {config: {policies: {"*": any}}}}\n')
            subprocess.run(["zizmor", "--offline", "--quiet", "--no-progress", "--config", policy, file], check=True)
if not seen:
    sys.exit("no snippet was found")
