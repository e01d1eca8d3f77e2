/*
 * app/lineup_watch: has the line-up in the file changed? For a thread that may wait for the disk.
 */
#pragma once

#include "channels/lineup.h"
#include "channels/viewer_news.h"

struct lineup_watch;

/* `known` is the line-up at hand; it is not looked at any more when this returns. */
struct lineup_watch *lineup_watch_new(const struct channel_list *known);
void lineup_watch_free(struct lineup_watch *watch); /* accepts NULL */

/*
 * Costs next to nothing where nobody has written to the file since the last call, which was of the
 * same opening, or of another file. *ret is the line-up where it is another one than the last one
 * known, or of another file, to be freed with channel_list_free(), else NULL. -errno where it
 * cannot be read now: the next call tries again. -EBUSY also where another file has no channels
 * yet.
 */
int lineup_watch_look(struct lineup_watch *watch, struct lineup *lineup, struct channel_list **ret);

/* What was just written through the opening that is looked at: it makes no other line-up. */
void lineup_watch_mark(struct lineup_watch *watch, const struct viewer_mark *mark);
