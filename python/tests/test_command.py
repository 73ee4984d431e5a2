"""The `kanwu` program that comes with the wheel."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kanwu

PROGRAM = shutil.which("kanwu", path=str(Path(sys.executable).parent))
COMMANDS = [[sys.executable, "-m", "kanwu"]] + ([[PROGRAM]] if PROGRAM else [])


def run(command, *arguments, **more):
    return subprocess.run([*command, *arguments], capture_output=True, text=True, **more)


@pytest.mark.parametrize("command", COMMANDS)
def test_exit_codes(command, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_text("由县县政府组织实施。\n")
    good = tmp_path / "good.txt"
    good.write_text("一切都好。\n")
    assert run(command, "check", str(good)).returncode == 0
    assert run(command, "check", str(bad)).returncode == 1
    assert run(command, "check", str(tmp_path / "missing.txt")).returncode == 2
    assert run(command, "--nonsense").returncode == 2
    version = run(command, "--version")
    assert version.stdout.split() == ["kanwu", kanwu.__version__]


@pytest.mark.parametrize("command", COMMANDS)
def test_it_finds_what_the_module_finds(command):
    text = "由县县政府组织实施，统筹发展 and 安全。\n"
    out = run(command, "--lang", "en", "check", "-", "--format", "json", input=text)
    told = json.loads(out.stdout)["findings"]
    assert [(f["rule"], f["message"], f["text"]) for f in told] == [
        (f.rule, f.message, f.text) for f in kanwu.Linter(level="info").check(text)
    ]
