/*
 * lab/command: the head-end's commands, one line each, and their answers. Pure.
 *
 *   status                    what is sent and how it is disturbed
 *   stop N, resume N          the channel sends nothing; sends again, further on in its programme
 *   lose N SHARE              loses this share of the packets
 *   duplicate N SHARE         sends this share twice
 *   reorder N SHARE           lets the next one to three packets overtake this share
 *   delay N SHARE MS          holds this share for MS milliseconds (up to 5000)
 *   garbage N SHARE           spoils this share
 *   pmt N                     other PIDs and a new PMT version from the next PMT on; again: back
 *   source N                  sends from the alternate source address; again: back
 *   clear N                   ends all of this
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
