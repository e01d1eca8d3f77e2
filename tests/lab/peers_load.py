"""How much others use a machine while the lab measures on it, for tests/lab/peers."""
import os
import pathlib
import platform
import resource
import time


def cpu_times():
    """Seconds of processors used by all of the machine, and by this lab (whose /proc this is)."""
    tick = os.sysconf("SC_CLK_TCK")
    with open("/proc/stat") as file:
        fields = [int(word) for word in file.readline().split()[1:]]
    idle = fields[3] + fields[4]
    machine = (sum(fields[:8]) - idle) / tick
    lab = 0
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        lab += (int(words[11]) + int(words[12])) / tick
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return machine, lab + ended.ru_utime + ended.ru_stime


class Load:
    def __init__(self):
        self.at, self.before = time.monotonic(), cpu_times()

    def others(self):
        """How many processors others have used since it was made."""
        machine, lab = (now - then for now, then in zip(cpu_times(), self.before))
        return round(max(0, machine - lab) / (time.monotonic() - self.at), 2)


def wait_for_calm(cpus, limit_s):
    """Until others use less than so many processors, or the time is up."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        load = Load()
        time.sleep(1)
        if load.others() < cpus:
            return


def describe_machine():
    fields = {}
    with open("/proc/cpuinfo") as file:
        for line in file:
            name, _, value = line.partition(":")
            fields.setdefault(name.strip(), value.strip())
    return {"processor": fields.get("model name", "unknown"), "processors": os.cpu_count(),
            "virtual": "hypervisor" in fields.get("flags", "").split(),
            "kernel": platform.release().split("-")[0],
            "system": platform.freedesktop_os_release()["PRETTY_NAME"]}
