"""Draws the plot of tests/lab/peers: for each player, the share of zaps there by a time."""
import math

WIDTH, PANEL_HEIGHT = 860, 330
LEFT, RIGHT, TOP, BOTTOM = 64, 640, 46, 280  # of a panel's axes
COLOURS = {"zapper": "#d1344b", "mpv": "#1f77b4", "vlc": "#e08214", "ffplay": "#4d9a3a",
           "floor": "#888888"}
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #222 }
.title { font-weight: 600; font-size: 15px }
.end { text-anchor: end } .middle { text-anchor: middle }
.paper { fill: #fff } .grid { stroke: #ddd } .axis { stroke: #555; fill: none }
.curve { fill: none; stroke-width: 2 } .ours { stroke-width: 3.5 }
.tuned { stroke-dasharray: 7 4 } .floor { stroke-dasharray: 2 3 }
@media (prefers-color-scheme: dark) {
text { fill: #ddd } .paper { fill: #16181c } .grid { stroke: #333 } .axis { stroke: #999 }
}
"""


def x_at(ms, end_ms):
    return LEFT + (RIGHT - LEFT) * ms / end_ms


def y_at(share):
    return BOTTOM - (BOTTOM - TOP) * share


def stroke(curve):
    """Class and colour of its line; a player's variants differ by dashes."""
    words = ["curve"]
    words += ["ours"] if curve["player"] == "zapper" else []
    words += ["floor"] if curve["player"] == "floor" else []
    words += ["tuned"] if curve["tuned"] else []
    return f'class="{" ".join(words)}" stroke="{COLOURS[curve["player"]]}"'


def line(x1, x2, y1, y2):
    return f'<line class="grid" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}"/>'


def text(kind, x, y, content):
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{content}</text>'


def draw_axes(out, title, end_ms):
    out.append(text("title", LEFT, 26, title))
    for percent in (0, 25, 50, 75, 100):
        y = y_at(percent / 100)
        out += [line(LEFT, RIGHT, y, y), text("end", LEFT - 8, y + 4, f"{percent} %")]
    for tick in range(0, int(end_ms) + 1, 500):
        x = x_at(tick, end_ms)
        out += [line(x, x, TOP, BOTTOM), text("middle", x, BOTTOM + 20, f"{tick / 1000:g}")]
    out.append(text("middle", (LEFT + RIGHT) / 2, BOTTOM + 40, "seconds from the command"))
    out.append(f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>')


def draw_curve(out, curve, values, end_ms):
    """A step up at each zap; those that failed leave it below 100 %."""
    path = f"M{LEFT} {BOTTOM}"
    for i, ms in enumerate(sorted(v for v in values if v <= end_ms)):
        path += f"H{x_at(ms, end_ms):.1f}V{y_at((i + 1) / len(values)):.1f}"
    out.append(f'<path {stroke(curve)} d="{path}H{RIGHT}"/>')


def draw_legend(out, curves):
    for i, curve in enumerate(curves):
        y = TOP + 14 + 24 * i
        out.append(f'<path {stroke(curve)} d="M{RIGHT + 20} {y}h34"/>')
        out.append(text("name", RIGHT + 62, y + 4, curve["name"]))


def draw_panel(out, title, curves, key):
    finite = [ms for curve in curves for ms in curve[key] if ms < math.inf]
    end_ms = max(500, math.ceil(max(finite, default=0) / 500) * 500)
    draw_axes(out, title, end_ms)
    for curve in reversed(curves):  # the first lies above
        draw_curve(out, curve, curve[key], end_ms)
    draw_legend(out, curves)


def draw(curves, panels):
    """
    curves: {"name", "player", "tuned"} and, by the panel's key, a list of ms (infinite: never).
    panels: (key, title) from top to bottom.
    """
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
           f'viewBox="0 0 {WIDTH} {PANEL_HEIGHT * len(panels)}" '
           f'aria-label="Share of zaps that were there, by time, for each player">',
           f"<style>{STYLE}</style>", '<rect class="paper" width="100%" height="100%"/>']
    for i, (key, title) in enumerate(panels):
        out.append(f'<g transform="translate(0 {i * PANEL_HEIGHT})">')
        draw_panel(out, title, [curve for curve in curves if curve.get(key)], key)
        out.append("</g>")
    return "\n".join([*out, "</svg>", ""])
