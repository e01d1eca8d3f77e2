"""Writes what tests/lab/scenarios has measured into a document."""
import json
import math
import re

import scenarios_list

HEADING = "## Other scenarios"
STAGES_HEADING = "## Stages of a channel change"
STAGES = (
    ("key to report", "report", None, "the leave and the join are on the wire"),
    ("report to first packet", "first_packet", "report",
     "bridge and router let the group through, and its next packet comes"),
    ("first packet to key picture", "rap", "first_packet",
     "the stream's next key picture begins: up to a GOP"),
    ("key picture on the wire", "rap_complete", "rap", "its bytes, at the stream's rate"),
    ("decoding", "decoded", "rap_complete", "put together, handed over, decoded, drained"),
    ("showing", "picture", "decoded", "converted, given to the sink"),
    ("*key to picture*", "picture", None, "all of the above"),
    ("freeze", "motion", "picture", "the first picture stands until pictures move"),
    ("key to sound", "audio", None, "the first sound is due at its sink"),
)
COLUMNS = ("scenario", "class", "zaps", "report: p50", "picture: p50", "p95", "p99",
           "overhead: p50", "p99", "freeze: p50", "audio: p50", "damaged", "wrong", "timeouts")
CLASSES = {"cold": ("cold",), "ahead": ("warm", "partial", "cold")}


def percentile(values, percent):
    """Nearest rank; what never came is infinite and stays in."""
    values = sorted(values)
    return values[max(1, math.ceil(len(values) * percent / 100)) - 1]


def times(zaps, later, earlier=None):
    """later, or its distance from earlier; infinite where later never was."""
    found = []
    for zap in zaps:
        ms = zap["ms"]
        counts = zap["result"] == "ok" and zap["check"] not in ("damaged", "wrong")
        if not counts or ms[later] is None or earlier and ms[earlier] is None:
            found.append(math.inf)
        else:
            found.append(ms[later] - (ms[earlier] if earlier else 0))
    return found


def cell(values, percent):
    value = percentile(values, percent) if values else None
    if value is None:
        return ""
    if value == math.inf:
        return "never"
    return f"{value:.{2 if abs(value) < 1 else 1 if abs(value) < 100 else 0}f}"


def row(title, label, zaps):
    reports = [zap["ms"]["report"] for zap in zaps if zap["ms"]["report"] is not None]
    picture, overhead = times(zaps, "picture"), times(zaps, "picture", "rap_complete")
    checks = [zap["check"] for zap in zaps]
    return [title, label, str(len(zaps)), cell(reports, 50) or "none",
            *(cell(picture, p) for p in (50, 95, 99)), *(cell(overhead, p) for p in (50, 99)),
            cell(times(zaps, "motion", "picture"), 50), cell(times(zaps, "audio", "picture"), 50),
            str(checks.count("damaged")), str(checks.count("wrong")),
            str(sum(zap["result"] != "ok" for zap in zaps))]


def spans(zaps, later, earlier):
    """Of the zaps that reached both."""
    return [zap["ms"][later] - (zap["ms"][earlier] if earlier else 0) for zap in zaps
            if zap["ms"][later] is not None and (not earlier or zap["ms"][earlier] is not None)]


def stages(runs):
    rows = [("stage", "cold: p50", "p95", "warm: p50", "p95", "what it is"), ["---"] * 6]
    of_class = [[zap for zap in runs[kind]["zaps"] if zap["kind"] == name] if kind in runs else []
                for kind, name in (("cold", "cold"), ("ahead", "warm"))]
    for title, later, earlier, what in STAGES:
        cells = []
        for zaps in of_class:
            values = spans(zaps, later, earlier)
            before = all(zap["ms"][later] == 0 for zap in zaps)
            cells += ["", ""] if before or not values else [cell(values, 50), cell(values, 95)]
        rows.append([title, *cells, what])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def stages_section(measured):
    """What the reference scenario's own runs say; nothing without them."""
    for scenario, runs in measured:
        if scenario.name == "reference":
            return f"""{STAGES_HEADING}

Milliseconds in the reference scenario, {sum(len(run['zaps']) for run in runs.values())} zaps. A \
warm zap has the first stages behind it before
the key. `tests/lab/scenarios reference` makes this table; `zapper bench` measures the same stages on
any network.

{stages(runs)}
"""
    return None


def rows_of(scenario, runs):
    rows = []
    for kind, classes in CLASSES.items():
        zaps = runs[kind]["zaps"] if kind in runs else []
        for name in classes:
            of_class = [zap for zap in zaps if zap["kind"] == name]
            if of_class:
                label = name if name == kind or name != "cold" else "cold, ahead"
                rows.append(row("" if rows else scenario.title, label, of_class))
    return rows


def table(measured):
    rows = [COLUMNS, ["---"] * len(COLUMNS)]
    for scenario, runs in measured:
        rows += rows_of(scenario, runs)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def read(folder):
    """Those scenarios that have a run there, each with its runs by kind."""
    found = []
    for scenario in scenarios_list.SCENARIOS:
        runs = {}
        for kind in CLASSES:
            path = folder / f"{scenario.name}-{kind}.json"
            if path.exists():
                runs[kind] = json.loads(path.read_text(encoding="utf-8"))
        if runs:
            found.append((scenario, runs))
    return found


def circumstances(measured):
    runs = [run for _, by_kind in measured for run in by_kind.values()]
    machine = runs[0]["lab"]["machine"]
    kind = "a virtual machine" if machine["virtual"] else "a machine"
    days = sorted({run["scenario"]["started"][:10] for run in runs})
    others = [run["lab"]["others_cpus"] for run in runs]
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"""Milliseconds from the scheduled key press, {when}, on {kind} with
{machine['processors']} processors ({machine['processor']}) and software decoders,
{machine['system']}. Head-end, router and whatever else ran there took
{percentile(others, 50):.2f} processors beside the client in the median run, {max(others):.2f} in the worst."""


def section(measured):
    varied = "\n".join(f"- *{scenario.title}*: {scenario.varied}" for scenario, _ in measured)
    return f"""{HEADING}

Each varies one thing of the reference scenario (`tests/lab/README.md`), and is measured twice: with
nothing received ahead, from one random channel to another; and with four channels received ahead,
upwards, after 4 s + U(0, GOP) each.

{circumstances(measured)}

{table(measured)}

- *cold*: nobody received the channel before. *warm*: it was received ahead, with a whole key picture
  in memory. *partial*: received ahead, but no key picture was whole yet. *cold, ahead*: a zap of the
  second run whose channel was not there, such as from the last channel to the first.
- *report*: when the report was on the wire; none where the channel was there already. *picture*: when
  the first whole picture of the new channel was handed to the sink. *overhead*: picture minus the
  arrival of the last byte of its key picture; where that was there before the press, picture.
  *freeze*: until pictures move without a gap. *audio*: first sound minus picture; less than 0 where
  sound came first. *damaged*, *wrong*: first pictures that are not, by checksum, one that the clip
  decodes to, or whose mark is another channel's; they count as never. *timeouts*: zaps without a
  picture in time; they stay in the percentiles.

What is varied:

{varied}

`tests/lab/scenarios` makes this section; its JSON keeps every zap.
"""


def replace_section(text, heading, made):
    """The section goes to the end where there is none yet."""
    before, found, after = text.partition(heading + "\n")
    if not found:
        return f"{text.rstrip()}\n\n{made}"
    following = re.search(r"^## ", after, re.MULTILINE)
    return before + made + ("\n" + after[following.start():] if following else "")


def write(folder, document):
    """Puts all runs of the folder into the document; the table."""
    measured = read(folder)
    if not measured:
        return f"scenarios: there is no run in {folder}"
    title = "# The channel change, measured\n"
    text = document.read_text(encoding="utf-8") if document.exists() else title
    for heading, made in ((STAGES_HEADING, stages_section(measured)), (HEADING, section(measured))):
        text = replace_section(text, heading, made) if made else text
    document.write_text(text, encoding="utf-8")
    return table(measured)
