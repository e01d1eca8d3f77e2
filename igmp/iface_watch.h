/*
 * igmp/iface_watch: follows one interface by its name, as the kernel tells of it (rtnetlink), on a
 * libuv loop: down and up, carrier, address, MTU, gone and back. Needs no privilege.
 */
#pragma once

#include <uv.h>

#include "igmp/iface.h"

struct igmp_iface_watch;

/* Something that this room cares for is different. index 0: the interface is gone. */
typedef void (*igmp_iface_changed_fn)(void *ctx, const struct igmp_iface *now);

/*
 * `iface` is what the caller knows of it; what has changed since then is told of too. An interface
 * that was gone, or down, for a moment is told of as such first, then as it is now. Errors: -errno.
 */
int igmp_iface_watch_open(uv_loop_t *loop, const struct igmp_iface *iface,
	igmp_iface_changed_fn changed, void *ctx, struct igmp_iface_watch **ret);

/* May be called from `changed`. done(ctx) is called from the loop when the memory has been freed.
 */
void igmp_iface_watch_close(struct igmp_iface_watch *watch, void (*done)(void *ctx), void *ctx);
