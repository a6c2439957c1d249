#!/bin/sh
# Builds the one-folder program, says how large it is and how long it took, and has it prove
# itself: an encrypted buffer, a sale, a pass, every screen, a practice drain.
set -eu
cd "$(dirname "$0")/.."

started=$(date +%s)
.venv/bin/python -m PyInstaller --noconfirm --log-level WARN \
    --distpath dist --workpath build/pyinstaller build.spec
finished=$(date +%s)

program=dist/kiosk/kiosk
[ -x "$program" ] || program=$program.exe
"./$program" --self-check
echo "dist/kiosk: $(du -sm dist/kiosk | cut -f1) MB, built in $((finished - started)) s"
