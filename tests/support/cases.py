"""tests/support/cases: tests that are scripts, counted like cmocka's.

A test is a function; it fails with an exception and skips with Skip. run() prints as it goes and,
when check sets CMOCKA_XML_FILE, writes the same kind of report that cmocka writes.
"""
import os
import sys
import time
import traceback
from xml.sax.saxutils import escape, quoteattr


class Skip(Exception):
    """Raised with the reason why this test cannot run here."""


def run_one(name, function):
    """The test's name, its seconds, one of "ok", "failure" and "skipped", and a message."""
    start = time.monotonic()
    outcome, message = "ok", ""
    try:
        function()
    except Skip as reason:
        outcome, message = "skipped", str(reason)
    except AssertionError as error:
        outcome, message = "failure", str(error) or traceback.format_exc()
    except Exception:
        outcome, message = "failure", traceback.format_exc()
    print(f"{outcome:8} {name}" + (f": {message}" if message else ""), flush=True)
    return name, time.monotonic() - start, outcome, message


def note_skips(results):
    path = os.environ.get("ZAPPER_SKIP_REASONS")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            for name, _, outcome, message in results:
                if outcome == "skipped":
                    file.write(f"{name}: {message}\n")


def write_xml(path, group, results):
    def count(what):
        return sum(outcome == what for _, _, outcome, _ in results)

    with open(path, "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8" ?>\n<testsuites>\n')
        file.write(f'<testsuite name={quoteattr(group)} tests="{len(results)}" '
                   f'failures="{count("failure")}" errors="0" skipped="{count("skipped")}">\n')
        for name, seconds, outcome, message in results:
            file.write(f'<testcase name={quoteattr(name)} time="{seconds:.3f}">')
            if outcome == "failure":
                file.write(f"<failure>{escape(printable(message))}</failure>")
            elif outcome == "skipped":
                file.write("<skipped/>")
            file.write("</testcase>\n")
        file.write("</testsuite>\n</testsuites>\n")


def printable(text):
    """XML has no place for control characters, and test output may hold any."""
    return "".join(c if c in "\n\t" or c.isprintable() else "?" for c in text)


def run(group, tests):
    """Runs (name, function) pairs in turn and ends the program: 0 when none failed."""
    results = [run_one(name, function) for name, function in tests]
    note_skips(results)
    path = os.environ.get("CMOCKA_XML_FILE")
    if path:
        write_xml(path.replace("%g", group), group, results)
    sys.exit(any(outcome == "failure" for _, _, outcome, _ in results))


def functions(module):
    """The (name, function) pairs of a module's test_... functions, in the order of the file."""
    return [(name, value) for name, value in vars(module).items() if name.startswith("test_")]
