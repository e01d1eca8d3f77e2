"""tests/lab/watcher: looks at what a video sink gets, for the lab's tools."""
import json
import os
import subprocess

# y4menc of 1.22 writes a decoder's padding into the stream, so it must not get any, and keeps the
# first picture's size. So pictures are brought to one size; another order of planes and back makes
# a copy without padding also of those that have it already.
ONE_SIZE = ("videoconvertscale ! video/x-raw,format=YV12,width={},height={} ! "
            "videoconvert ! video/x-raw,format=I420 ! ")


class Watcher:
    """What the sink writes, looked at by the lab's own program."""

    def __init__(self, build, folder, size=None):
        self.fifo = folder / "pictures"
        os.mkfifo(self.fifo)
        self.lines = open(folder / "seen", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [build / "tests/lab/watch", "--clips", build / "tests/lab/clips", self.fifo],
            stdin=subprocess.DEVNULL, stdout=self.lines, stderr=subprocess.DEVNULL)
        one_size = ONE_SIZE.format(*size.split("x")) if size else ""
        self.sink = f"identity drop-allocation=true ! {one_size}y4menc ! filesink location={self.fifo}"

    def end(self):
        """All pictures, in their order."""
        try:
            os.close(os.open(self.fifo, os.O_WRONLY | os.O_NONBLOCK))  # it may wait for a writer
        except OSError:
            pass
        self.process.wait()
        self.lines.seek(0)
        return [json.loads(line) for line in self.lines]
