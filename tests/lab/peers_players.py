"""The players that tests/lab/peers compares, each behind the remote control that it has.

A player is started on a channel, tuned, and ended; `tune` returns the time just before the command
was given. What they print goes to a log file. They run in the lab's box and open a window of the
screen's size on the display.
"""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

START_LIMIT_S = 15
RECORD_LIMIT_S = 15
PORT = 5004
SOURCE = "10.0.1.10"  # the head-end's, see README.md


def now_ns():
    return time.monotonic_ns()


def group(channel):
    return f"{'239' if channel % 2 else '232'}.1.1.{channel}"


def lavf_address(channel):
    """As libavformat writes it, which mpv and ffplay use."""
    sources = "" if channel % 2 else f"?sources={SOURCE}"
    return f"rtp://{group(channel)}:{PORT}{sources}"


def vlc_address(channel):
    return f"rtp://{'' if channel % 2 else SOURCE}@{group(channel)}:{PORT}"


def connect(path, process):
    """A connection to the control socket of a player that starts up."""
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(path))
            return connection
        except OSError:
            connection.close()
            time.sleep(0.02)
    raise RuntimeError(f"{process.args[0]} does not take commands")


class Player:
    """What all have in common. `words` are options of this variant."""
    program = None  # its name, to find out whether it is there

    def __init__(self, words, folder):
        self.words = list(words)
        self.folder = pathlib.Path(folder)
        self.process = None
        self.connection = None

    def missing(self):
        """Why it cannot take part; None when it can."""
        return None if shutil.which(self.program) else f"{self.program} is not installed"

    def spawn(self, *words):
        environment = {**os.environ, "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder),
                       "SDL_AUDIODRIVER": "dummy"}
        with open(self.folder / f"{self.program}.log", "ab") as log:
            self.process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)

    def socket_path(self):
        path = self.folder / "ctl"
        path.unlink(missing_ok=True)
        return path

    def send(self, text):
        """Gives a command; what was answered to earlier ones is thrown away."""
        self.drain()
        pressed_ns = now_ns()
        self.connection.sendall(text.encode() + b"\n")
        return pressed_ns

    def drain(self):
        try:
            while self.connection.recv(65536, socket.MSG_DONTWAIT):
                pass
        except BlockingIOError:
            pass

    def stop(self):
        """By SIGTERM, and by SIGKILL when that is not heard."""
        if self.connection:
            self.connection.close()
            self.connection = None
        if not self.process:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Zapper(Player):
    program = "zapper"

    def __init__(self, words, folder, zapper, database):
        super().__init__(words, folder)
        self.zapper, self.database = zapper, database

    def missing(self):
        return None if os.access(self.zapper, os.X_OK) else f"there is no {self.zapper}"

    def version(self):
        return first_line(self.zapper, "--version")

    def start(self, channel):
        path = self.socket_path()
        self.spawn(self.zapper, "play", "--db", str(self.database), "--iface", "eth0",
                   "--control", str(path), "--video-sink", "x11", "--audio-sink", "fakesink",
                   "-o", "screen.banner_s=0", "-o", "zap.prejoin=0", *self.words, str(channel))
        self.connection = connect(path, self.process)

    def tune(self, channel):
        return self.send(json.dumps({"id": channel, "cmd": "tune", "number": channel}))

    def records(self, count):
        """Its own figures of each zap since the start; the last is complete some time after it."""
        deadline = time.monotonic() + RECORD_LIMIT_S
        while True:
            self.send('{"id":1,"cmd":"zaps"}')
            with self.connection.makefile("rb") as answers:
                records = json.loads(answers.readline())["zaps"]
            if len(records) >= count or time.monotonic() > deadline:
                return records
            time.sleep(0.1)


class Mpv(Player):
    program = "mpv"

    def version(self):
        return first_line("mpv", "--version")

    def start(self, channel):
        path = self.socket_path()
        self.spawn("mpv", "--no-config", "--idle=yes", "--force-window=yes", "--no-border",
                   "--geometry=100%x100%+0+0", "--ao=null", f"--input-ipc-server={path}",
                   *self.words)
        self.connection = connect(path, self.process)
        self.tune(channel)

    def tune(self, channel):
        return self.send(json.dumps({"command": ["loadfile", lavf_address(channel)]}))


class Vlc(Player):
    program = "vlc"

    def version(self):
        return first_line(*self.as_user(), "vlc", "--version")

    @staticmethod
    def as_user():
        """It refuses root's id; with another one of a namespace of its own it may still do all."""
        if os.geteuid():
            return []
        return ["unshare", "--user", "--map-user=65534", "--map-group=65534"]

    def start(self, channel):
        path = self.socket_path()
        self.spawn(*self.as_user(), "vlc", "--intf=oldrc", f"--rc-unix={path}", "--rc-fake-tty",
                   "--ignore-config", "--no-video-title-show", "--no-osd", "--fullscreen",
                   "--aout=adummy", *self.words)
        self.connection = connect(path, self.process)
        self.tune(channel)

    def tune(self, channel):
        return self.send(f"add {vlc_address(channel)}")


class Ffplay(Player):
    """Has no remote control: a change of the channel is its end and another start."""
    program = "ffplay"

    def version(self):
        return first_line("ffplay", "-version")

    def start(self, channel):
        width, height = screen_size()
        self.spawn("ffplay", "-hide_banner", "-nostats", "-loglevel", "error", "-noborder",
                   "-left", "0", "-top", "0", "-x", width, "-y", height, *self.words,
                   lavf_address(channel))

    def tune(self, channel):
        pressed_ns = now_ns()
        self.stop()
        self.start(channel)
        return pressed_ns


def screen_size():
    return os.environ["PEERS_SCREEN"].split("x")[:2]


def first_line(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True)
    return (done.stdout.splitlines() or [""])[0]
