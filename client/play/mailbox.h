/*
 * play/mailbox: a bounded queue of messages between threads. Nobody ever waits to put one in: a
 * full mailbox refuses. Messages are plain bytes of one size; what they point to changes owner with
 * them.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mailbox;

/* Called after each put, on the putting thread; must not block (uv_async_send, say). */
typedef void (*mailbox_wake_fn)(void *ctx);

/* wake may be NULL: the reader then waits with mailbox_wait(). Freed with mailbox_free(). */
struct mailbox *mailbox_new(
	size_t capacity, size_t message_bytes, mailbox_wake_fn wake, void *wake_ctx);
/* Messages still inside are lost: take them out first where they own something. Accepts NULL. */
void mailbox_free(struct mailbox *mailbox);

/*
 * Copies the message in; false when the mailbox would then have less than `room` left (the caller
 * keeps what it points to). Messages without end leave room for those that must not be lost.
 */
bool mailbox_put(struct mailbox *mailbox, const void *message, size_t room);
/*
 * Takes out every message for which `keep`, called under the lock, says no; it has to release what
 * such a one points to.
 */
void mailbox_keep(struct mailbox *mailbox, bool (*keep)(void *message));
/* Takes the oldest message; false when there is none. */
bool mailbox_take(struct mailbox *mailbox, void *ret_message);
/* The same, waiting until there is one. */
void mailbox_wait(struct mailbox *mailbox, void *ret_message);
