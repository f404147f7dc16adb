"""`python -m tests`: finds or installs the browser that the journeys need, then runs pytest."""

import os
import shutil
import subprocess
import sys

import pytest

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "chrome",
)  # fmt: skip
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
PACKAGES = ("chromium", "fonts-liberation")


def main() -> int:
    """Run the tests; the exit status is pytest's."""
    browser = find_browser() or install_browser()
    if browser is None:
        print("!" * 78)
        print("No Chromium, Chrome or Edge was found: the journeys in a real browser are SKIPPED.")
        print("Install one of them and run this again.")
        print("!" * 78, flush=True)
        if os.environ.get("CI") == "true":
            return 1
    else:
        os.environ["PARTNERNET_BROWSER"] = browser
    arguments = sys.argv[1:]
    if not any(argument.startswith(("-n", "-p")) for argument in arguments):
        arguments = ["-n", "auto", "--dist", "worksteal", *arguments]
    return int(pytest.main(arguments))


def find_browser() -> str | None:
    """The first browser of Chromium's family on this machine."""
    given = os.environ.get("PARTNERNET_BROWSER")
    candidates = [given] if given else [*BROWSERS, *MAC]
    return next((path for name in candidates if name and (path := shutil.which(name))), None)


def install_browser() -> str | None:
    """Debian's Chromium, where this runs as root with apt; None elsewhere."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing Debian's Chromium for the journeys …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return None
    return find_browser()


if __name__ == "__main__":
    sys.exit(main())
