"""Tools of other languages that the tests hold pages against, pinned in `package-lock.json`."""

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
VNU = FOLDER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
"""No package's own scripts are run: vnu's would fetch a Java of its own."""


def install(folder: Path = FOLDER) -> bool:
    """Install what a folder's lock file names, unless it is there already; whether it is there now."""
    wanted = sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        return True
    npm = shutil.which("npm")
    if npm is None:
        return False
    print(f"Installing what {folder / 'package-lock.json'} names …", flush=True)
    if subprocess.run([npm, *INSTALL], cwd=folder, stdout=subprocess.DEVNULL, check=False).returncode:
        return False
    stamp.write_text(wanted)
    return True
