#!/bin/sh
# Builds the one-folder program, says how large it is and how long it took, and has it prove
# itself: an encrypted buffer, a sale, a pass, every screen, a practice drain.
set -eu
cd "$(dirname "$0")/.."

# A pop-up's uplink has to carry an update; build.spec says what may go in.
MOST_MB=180

started=$(date +%s)
.venv/bin/python -m PyInstaller --noconfirm --log-level WARN \
    --distpath dist --workpath build/pyinstaller build.spec
finished=$(date +%s)

program=dist/kiosk/kiosk
[ -x "$program" ] || program=$program.exe
"./$program" --self-check

size=$(du -sm dist/kiosk | cut -f1)
echo "dist/kiosk: $size MB, built in $((finished - started)) s"
[ "$size" -le "$MOST_MB" ] || { echo "installer: more than $MOST_MB MB" >&2; exit 1; }
