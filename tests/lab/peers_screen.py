"""The display of tests/lab/peers, and what was to be seen on it."""
import ctypes
import json
import os
import subprocess
import threading
import time

SCREEN = (1280, 720)  # the pictures', so that no scaler comes between
LIMIT_S = 10.0  # a picture that has not come by then is a failure
MOTION_S = 1.0  # without a gap
MOTION_WATCH_S = 4.0  # so long after the picture is waited for motion
GAP_NS = 90_000_000  # two pictures' time, and what observer and scheduler may be late
CLONE_NEWNS = 0x20000


class Display:
    """An X server of its own, which others on this machine neither see nor disturb."""

    def __init__(self, folder):
        hide_other_displays()
        size = "x".join(map(str, SCREEN))
        ready, told = os.pipe()
        log_path = folder / "xvfb.log"
        with open(log_path, "wb") as log:
            self.process = subprocess.Popen(
                ["Xvfb", ":1", "-nolock", "-noreset", "-nolisten", "tcp",
                 "-screen", "0", f"{size}x24", "-displayfd", str(told)],
                pass_fds=[told], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        os.close(told)
        with open(ready) as number:
            if not number.readline().endswith("\n"):
                raise RuntimeError(f"Xvfb does not start: {log_path.read_text()}")
        os.environ["DISPLAY"] = ":1"
        os.environ["PEERS_SCREEN"] = size
        os.environ.pop("WAYLAND_DISPLAY", None)

    def close(self):
        self.process.terminate()
        self.process.wait()


def hide_other_displays():
    """From here on this process has a mount namespace, with a folder for X sockets of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    sockets = "/tmp/.X11-unix"
    if not os.path.isdir(sockets):
        os.mkdir(sockets)
        os.chmod(sockets, 0o1777)
    mount = ["mount", "-n"]
    subprocess.run([*mount, "--make-rprivate", "/"], check=True)
    subprocess.run([*mount, "-t", "tmpfs", "-o", "mode=1777", "tmpfs", sockets], check=True)


class Observer:
    """Collects with a thread what peers_observer sees."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "watch"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE)
        self.sights = []
        self.grown = threading.Condition()
        if not self.process.stdout.readline():
            raise RuntimeError("the observer does not start")
        self.thread = threading.Thread(target=self.collect, daemon=True)
        self.thread.start()

    def collect(self):
        for line in self.process.stdout:
            with self.grown:
                self.sights.append(json.loads(line))
                self.grown.notify_all()

    def since(self, index):
        with self.grown:
            return self.sights[index:]

    def count(self):
        with self.grown:
            return len(self.sights)

    def follow(self, zap, index):
        """Until nothing more is to be waited for; index: of the first sight after the press."""
        while not zap.is_settled():
            with self.grown:
                self.grown.wait(0.05)
            if self.process.poll() is not None:
                raise RuntimeError("the observer has ended")
            zap.take(self.since(index))

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.thread.join()


class Zap:
    """What the observer saw after one press."""

    def __init__(self, channel, pressed_ns):
        self.channel, self.pressed_ns = channel, pressed_ns
        self.shown = None  # the first picture of the channel
        self.picture = None  # the first undamaged one
        self.motion = None
        self.damaged = 0

    def take(self, sights):
        mine = [s for s in sights if s["channel"] == self.channel and s["at_ns"] > self.pressed_ns]
        whole = [i for i, s in enumerate(mine) if s["whole"]]
        self.shown = mine[0] if mine else None
        self.damaged = sum(s["whole"] is False for s in mine)
        if whole:
            self.picture = mine[whole[0]]
            self.motion = find_motion(mine[whole[0]:])

    def ms(self, sight):
        return sight and round((sight["at_ns"] - self.pressed_ns) / 1e6, 3)

    def is_settled(self):
        now_ns = time.monotonic_ns()
        if self.picture:
            return self.motion or now_ns - self.picture["at_ns"] > MOTION_WATCH_S * 1e9
        return now_ns - self.pressed_ns > LIMIT_S * 1e9

    def figures(self):
        picture = self.picture
        uncertain_ns = picture and picture["at_ns"] - picture["after_ns"]
        return {"to": self.channel, "pressed_ns": self.pressed_ns, "shown_ms": self.ms(self.shown),
                "picture_ms": self.ms(picture), "motion_ms": self.ms(self.motion),
                "damaged": self.damaged, "frame": picture and picture["frame"],
                "like": picture and picture["like"],
                "uncertain_ms": picture and round(uncertain_ns / 1e6, 3)}


def find_motion(pictures):
    """The first picture after the first that is followed by a second without a gap."""
    for start in range(1, len(pictures)):
        last = pictures[start]
        if last["frame"] == pictures[0]["frame"]:
            continue
        for sight in pictures[start + 1:]:
            if sight["at_ns"] - last["at_ns"] > GAP_NS:
                break
            last = sight
            if last["at_ns"] - pictures[start]["at_ns"] >= MOTION_S * 1e9:
                return pictures[start]
    return None
