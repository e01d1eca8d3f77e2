"""The scenarios of tests/lab/scenarios: the reference one, and others that vary one thing of it."""
from dataclasses import dataclass

REFERENCE_FORMAT = "h264-aac-v1"
ASM_ONLY = (1, 3, 5, 7)  # odd channels are any-source


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    varied: str  # a sentence for the document
    format: str = REFERENCE_FORMAT
    channels: int = 8
    lineup: tuple = ()  # numbers; empty: all of them
    transport: str = "rtp"
    headend: tuple = ()  # commands of tests/lab/command.h
    receiver: tuple = ()  # words of `lab receiver`
    bridge: tuple = ()  # words of `lab bridge`
    frr: tuple = ()  # lines of FRR's configuration
    gop_ms: int = 2000
    bench: tuple = ()  # options of tests/lab/bench

    def numbers(self):
        return self.lineup or tuple(range(1, self.channels + 1))


SCENARIOS = (
    Scenario("reference", "reference", "nothing."),
    Scenario("mpeg2", "MPEG-2, MP2",
             "MPEG-2 video and MPEG audio layer 2 in the same rate. Its key pictures are smaller "
             "(140 ms on the wire), because at this rate they are worse.",
             format="mpeg2-mp2-v1"),
    Scenario("h265", "H.265, AC-3", "H.265 and AC-3 (as private data with a descriptor, as DVB "
             "has it).", format="h265-ac3-v1"),
    Scenario("1080i", "1080i", "1920x1080, 25 pictures of two fields each (MBAFF), in the same "
             "rate. A picture of each field is made, and holds when the field's own rows are as "
             "they were sent.", format="h264-1080i-v1", bench=("--size", "1920x1080")),
    Scenario("gop", "GOP 0.5 s", "a key picture every 12 pictures (0.48 s).",
             format="h264-gop12-v1", gop_ms=480),
    Scenario("udp", "raw UDP", "TS packets in UDP without RTP.", transport="udp",
             headend=("udp all",)),
    Scenario("loss", "loss", "one packet of 1000 is lost: about one key picture of 13 lacks one.",
             headend=("lose all 0.001",)),
    Scenario("reorder", "reordering", "one packet of 100 is overtaken by one to three others.",
             headend=("reorder all 0.01",)),
    Scenario("duplicates", "duplicates", "one packet of 100 comes twice.",
             headend=("duplicate all 0.01",)),
    Scenario("jitter", "jitter", "packets come in order but in bursts: all of up to 20 ms at once.",
             headend=("jitter all 20",)),
    Scenario("fec", "FEC", "SMPTE 2022-1 corrections of 10 by 10 packets, in the same groups on "
             "the ports 2 and 4 above.", headend=("fec all",)),
    Scenario("v2", "IGMPv2 querier", "router and bridge speak version 2 only. There are no "
             "source-specific channels then (RFC 4607, 8), so the line-up is the four others. The "
             "router asks every 2 s, not every 125: before it has asked once, a client that has "
             "just been started speaks version 3, to which nobody listens.",
             lineup=ASM_ONLY, receiver=("frr-v2",), bridge=("v2", "fastleave"),
             frr=("interface eth1", "ip igmp query-interval 2")),
    Scenario("no-querier", "no querier", "nobody asks, and so the bridge floods: all channels "
             "reach the box all the time.", receiver=("forward",), bridge=("v3", "fastleave")),
    Scenario("two-sources", "two sources", "a second source sends the same clip into the same "
             "group, from another phase. The line-up is the four any-source channels.",
             lineup=ASM_ONLY, headend=("both all",)),
    Scenario("two-sources-udp", "two sources, raw UDP", "the same without RTP, whose SSRC tells "
             "them apart.", lineup=ASM_ONLY, transport="udp", headend=("udp all", "both all")),
    Scenario("sixty", "60 channels", "60 channels of 8 s each, with marks of their own.",
             format="h264-sixty-v1", channels=60, bench=("--clips", "60")),
    Scenario("clock", "clock 100 ppm fast", "the head-end's clock, and so its rate, is 100 "
             "millionths fast.", headend=("clock 100",)),
)


def find(names):
    """Those scenarios, in their order here; all without a name. ValueError for a wrong name."""
    known = {scenario.name: scenario for scenario in SCENARIOS}
    for name in names:
        if name not in known:
            raise ValueError(f"there is no scenario '{name}' (but {', '.join(known)})")
    return [scenario for scenario in SCENARIOS if not names or scenario.name in names]
