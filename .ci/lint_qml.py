"""Checks QML against the view-models it is given: a misspelt property is found before a run.

The view-models are Python classes marked `@QmlElement`. Their properties, signals and slots are
written down as a QML module description beside a copy of the QML, and qmllint reads both: a name
that no view-model has is then an error, and so is every other warning of qmllint.
"""

import ast
import json
import shutil
import subprocess
import sys
import sysconfig
from graphlib import TopologicalSorter
from pathlib import Path

URI = "Kiosk"
VERSION = "1.0"
BUILD = Path("build/qml-lint")
SCRIPTS = Path(sysconfig.get_path("scripts"))
SECONDS = 300


def main(qml: Path) -> int:
    """Lints every QML file below the folder `qml`; 0 if nothing was found or there is none."""
    files = sorted(qml.rglob("*.qml"))
    if not files:
        return 0
    module = BUILD / URI
    shutil.rmtree(BUILD, ignore_errors=True)
    module.mkdir(parents=True)
    write_types(sorted(qml.parent.rglob("*.py")), module)
    write_qmldir(module)
    return run("pyside6-qmllint", "--max-warnings", "0", "-I", str(BUILD), *map(str, files))


def write_types(sources: list[Path], module: Path) -> None:
    """Writes `kiosk.qmltypes`: what the view-models in the Python files offer to QML."""
    metatypes = BUILD / "metatypes.json"
    elements = bases_first([path for path in sources if "PySide6" in path.read_text("utf-8")])
    if not elements:
        return
    if run("pyside6-metaobjectdump", "--out-file", str(metatypes), *map(str, elements)):
        raise SystemExit("the view-models could not be read for QML")
    if not json.loads(metatypes.read_text(encoding="utf-8")):
        raise SystemExit("no view-model was found, though there are some")
    failed = run(
        "pyside6-qmltyperegistrar",
        "--generate-qmltypes", str(module / "kiosk.qmltypes"),
        "--import-name", URI,
        "--major-version", VERSION.partition(".")[0],
        "--minor-version", VERSION.partition(".")[2],
        "-o", str(BUILD / "registration.cpp"),
        str(metatypes),
    )  # fmt: skip
    if failed:
        raise SystemExit("the view-models could not be described for QML")


def bases_first(sources: list[Path]) -> list[Path]:
    """The files in such an order that each class comes after its base.

    pyside6-metaobjectdump reads one file after the other, and takes a class for one of Qt's only
    if it has met its base before.
    """
    classes = {path: defined_classes(path) for path in sources}
    home = {name: path for path, defined in classes.items() for name in defined}
    order = TopologicalSorter[Path]()
    for path, defined in classes.items():
        homes = {home[base] for bases in defined.values() for base in bases if base in home}
        order.add(path, *sorted(homes - {path}))
    return list(order.static_order())


def defined_classes(path: Path) -> dict[str, list[str]]:
    """The names of the classes of a file, with the names of their bases."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for node in nodes
        if isinstance(node, ast.ClassDef)
    }


def write_qmldir(module: Path) -> None:
    """Writes the module's `qmldir`: its types in Python, if any; QML finds its own files itself."""
    lines = [f"module {URI}"]
    if (module / "kiosk.qmltypes").exists():
        lines.append("typeinfo kiosk.qmltypes")
    (module / "qmldir").write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(tool: str, *arguments: str) -> int:
    """Runs one of PySide6's tools; its exit code. What it says is shown only if it failed."""
    command = [str(SCRIPTS / tool), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
