/*
 * lab/command: the head-end's commands, one line each, and their answers. Pure.
 *
 *   status                    what is sent and how it is disturbed
 *   stop N, resume N          the channel sends nothing; sends again, further on in its programme
 *   lose N SHARE              loses this share of the packets
 *   duplicate N SHARE         sends this share twice
 *   reorder N SHARE           lets the next one to three packets overtake this share
 *   delay N SHARE MS          holds this share for MS milliseconds (up to 5000)
 *   jitter N MS               in order, but in bursts: what comes within up to MS leaves together
 *   garbage N SHARE           spoils this share
 *   pmt N                     other PIDs and a new PMT version from the next PMT on; again: back
 *   source N                  sends from the alternate source address; again: back
 *   both N                    sends from both addresses, the clip from a phase of its own each
 *   udp N                     sends TS packets without RTP; again: back
 *   fec N                     sends forward error correction on ports of its own; again: no more
 *   clear N                   ends all of this
 *   clock PPM                 the head-end's clock is so many millionths fast (-1000 to 1000)
 *
 * N is a channel or "all", SHARE is 0 to 1, and 0 ends that disturbance.
 */
#pragma once

#include "tests/lab/sender.h"

/*
 * Carries out one line (without its end). Returns "ok", "ok ..." or "error: ..." without a line's
 * end; free with g_free. A command that is wrong changes nothing.
 */
char *command_run(struct sender *sender, const char *line);
