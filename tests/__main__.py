"""`python -m tests`: finds or installs the browser and the tools that pages are held against, then runs pytest."""

import os
import shutil
import subprocess
import sys

import pytest

from tests import tools

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "chrome",
)  # fmt: skip
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
DEBIAN = {"browser": ("chromium", "fonts-liberation"), "npm": ("npm",), "java": ("openjdk-17-jre-headless",)}
IS_CI = os.environ.get("CI") == "true"


def main() -> int:
    """Run the tests; the exit status is pytest's."""
    browser = find_browser() or (install("browser") and find_browser())
    if browser:
        os.environ["PARTNERNET_BROWSER"] = browser
    else:
        warn("No Chromium, Chrome or Edge was found: the journeys in a real browser are SKIPPED.")
    has_tools = has("npm") and tools.install()
    if not has_tools:
        warn("npm was not found, or could not install axe-core and the HTML checker: their tests are SKIPPED.")
    has_java = has("java")
    if not has_java:
        warn("Java 17 was not found: the HTML checker's tests are SKIPPED.")
    if IS_CI and not (browser and has_tools and has_java):
        return 1
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # many tests start the program anew: it is compiled once
    arguments = sys.argv[1:]
    if not any(argument.startswith(("-n", "-p")) for argument in arguments):
        arguments = ["-n", "auto", "--dist", "worksteal", *arguments]
    return int(pytest.main(arguments))


def warn(sentence: str) -> None:
    """Say loudly what is skipped, and what to do about it."""
    print("!" * 78, sentence, "Install it and run this again.", "!" * 78, sep="\n", flush=True)


def find_browser() -> str | None:
    """The first browser of Chromium's family on this machine."""
    given = os.environ.get("PARTNERNET_BROWSER")
    candidates = [given] if given else [*BROWSERS, *MAC]
    return next((path for name in candidates if name and (path := shutil.which(name))), None)


def has(program: str) -> bool:
    """Whether a program is here; in CI it is installed where it is not, since there nothing is skipped."""
    return bool(shutil.which(program) or (IS_CI and install(program) and shutil.which(program)))


def install(what: str) -> bool:
    """Debian's packages of something, where this runs as root with apt; whether that was done."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    packages = DEBIAN[what]
    print(f"Installing Debian's {' and '.join(packages)} for the tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
