/*
 * ui/folder_watch: says when something in a folder changes: a file comes, goes, or may be opened by
 * others than before. While there is no such folder it looks at the nearest one above, where that
 * has to come. (inotify, through libuv.)
 */
#pragma once

#include <uv.h>

struct folder_watch;

/* On the loop; may close the watch. What changed is for the callee to find out. */
typedef void (*folder_watch_fn)(void *ctx);

int folder_watch_open(uv_loop_t *loop, const char *folder, folder_watch_fn on_change, void *ctx,
	struct folder_watch **ret);

/*
 * Looks at the folder, or above it, as things are now. To be called before each time that its files
 * are looked at: what changes later is told. Errors: -ENOSPC, -EMFILE and others of inotify, then
 * nothing is told.
 */
int folder_watch_arm(struct folder_watch *watch);

/* Memory is freed from the loop. Accepts NULL. */
void folder_watch_close(struct folder_watch *watch);
