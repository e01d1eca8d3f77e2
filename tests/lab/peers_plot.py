"""Draws the plot of tests/lab/peers: for each player, the share of zaps that were there by a time."""
import math

WIDTH, PANEL_HEIGHT = 860, 330
LEFT, RIGHT, TOP, BOTTOM = 64, 640, 46, 280  # of a panel's axes
COLOURS = {"zapper": "#d1344b", "mpv": "#1f77b4", "vlc": "#e08214", "ffplay": "#4d9a3a", "floor": "#888888"}
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #222 }
.title { font-weight: 600; font-size: 15px }
.end { text-anchor: end } .middle { text-anchor: middle }
.paper { fill: #fff } .grid { stroke: #ddd } .axis { stroke: #555 }
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


def class_of(curve):
    if curve["player"] == "floor":
        return "curve floor"
    return "curve" + (" ours" if curve["player"] == "zapper" else "") + (" tuned" if curve["tuned"] else "")


def draw_axes(out, title, end_ms):
    out.append(f'<text class="title" x="{LEFT}" y="26">{title}</text>')
    for percent in (0, 25, 50, 75, 100):
        y = y_at(percent / 100)
        out.append(f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
                   f'<text class="end" x="{LEFT - 8}" y="{y + 4:.1f}">{percent} %</text>')
    for tick in range(0, int(end_ms) + 1, 500):
        x = x_at(tick, end_ms)
        out.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{BOTTOM}"/>'
                   f'<text class="middle" x="{x:.1f}" y="{BOTTOM + 20}">{tick / 1000:g}</text>')
    out.append(f'<text class="middle" x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 40}">'
               'seconds from the command</text>'
               f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>')


def draw_curve(out, curve, values, end_ms):
    """Steps up at each zap; those that failed leave it below 100 %."""
    path = f"M{LEFT} {BOTTOM}"
    for i, ms in enumerate(sorted(v for v in values if v <= end_ms)):
        path += f"H{x_at(ms, end_ms):.1f}V{y_at((i + 1) / len(values)):.1f}"
    out.append(f'<path class="{class_of(curve)}" stroke="{COLOURS[curve["player"]]}" d="{path}H{RIGHT}"/>')


def draw_legend(out, curves):
    for i, curve in enumerate(curves):
        y = TOP + 14 + 24 * i
        out.append(f'<path class="{class_of(curve)}" stroke="{COLOURS[curve["player"]]}" '
                   f'd="M{RIGHT + 20} {y}h34"/><text x="{RIGHT + 62}" y="{y + 4}">{curve["name"]}</text>')


def draw(curves, panels):
    """
    curves: {"name", "player", "tuned"} and, by the panel's key, a list of ms (infinite: never).
    panels: (key, title) from top to bottom.
    """
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {PANEL_HEIGHT * len(panels)}" '
           f'role="img" aria-label="Share of zaps that were there, by time, for each player">',
           f"<style>{STYLE}</style>", '<rect class="paper" width="100%" height="100%"/>']
    for i, (key, title) in enumerate(panels):
        shown = [curve for curve in curves if curve.get(key)]
        finite = [ms for curve in shown for ms in curve[key] if ms < math.inf]
        end_ms = max(500, math.ceil(max(finite, default=0) / 500) * 500)
        out.append(f'<g transform="translate(0 {i * PANEL_HEIGHT})">')
        draw_axes(out, title, end_ms)
        for curve in reversed(shown):  # the first lies above
            draw_curve(out, curve, curve[key], end_ms)
        draw_legend(out, shown)
        out.append("</g>")
    return "\n".join([*out, "</svg>", ""])
