"""Checks QML against the view-models it is given, so that a misspelt property is found before a run.

The view-models are Python classes marked `@QmlElement`. Their properties, signals and slots are
written down as a QML module description beside a copy of the QML, and qmllint reads both: a name
that no view-model has is then an error, and so is every other warning of qmllint.
"""

import json
import shutil
import subprocess
import sys
import sysconfig
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
    elements = [path for path in sources if "@QmlElement" in path.read_text(encoding="utf-8")]
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


def write_qmldir(module: Path) -> None:
    """Writes the module's `qmldir`: its types in Python, if any; QML finds its own files itself."""
    lines = [f"module {URI}"]
    if (module / "kiosk.qmltypes").exists():
        lines.append("typeinfo kiosk.qmltypes")
    (module / "qmldir").write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(tool: str, *arguments: str) -> int:
    """Runs one of PySide6's tools; its exit code."""
    command = [str(SCRIPTS / tool), *arguments]
    return subprocess.run(command, check=False, timeout=SECONDS).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
