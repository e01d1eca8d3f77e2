#include "client/play/mailbox.h"

#include <string.h>

struct mailbox {
	GMutex lock;
	GCond filled;
	mailbox_wake_fn wake;
	void *wake_ctx;
	size_t capacity, message_bytes;
	size_t first, count;
	char messages[];
};

struct mailbox *mailbox_new(
	size_t capacity, size_t message_bytes, mailbox_wake_fn wake, void *wake_ctx)
{
	struct mailbox *mailbox = g_malloc0(sizeof *mailbox + capacity * message_bytes);
	g_mutex_init(&mailbox->lock);
	g_cond_init(&mailbox->filled);
	mailbox->wake = wake;
	mailbox->wake_ctx = wake_ctx;
	mailbox->capacity = capacity;
	mailbox->message_bytes = message_bytes;
	return mailbox;
}

void mailbox_free(struct mailbox *mailbox)
{
	if (!mailbox)
		return;
	g_cond_clear(&mailbox->filled);
	g_mutex_clear(&mailbox->lock);
	g_free(mailbox);
}

static char *slot(struct mailbox *mailbox, size_t index)
{
	return mailbox->messages + index % mailbox->capacity * mailbox->message_bytes;
}

bool mailbox_put(struct mailbox *mailbox, const void *message, size_t room)
{
	g_mutex_lock(&mailbox->lock);
	bool fits = mailbox->count + room < mailbox->capacity;
	if (fits) {
		memcpy(slot(mailbox, mailbox->first + mailbox->count), message,
			mailbox->message_bytes);
		mailbox->count++;
		g_cond_signal(&mailbox->filled);
	}
	g_mutex_unlock(&mailbox->lock);
	if (fits && mailbox->wake)
		mailbox->wake(mailbox->wake_ctx);
	return fits;
}

void mailbox_keep(struct mailbox *mailbox, bool (*keep)(void *message))
{
	size_t kept = 0;
	g_mutex_lock(&mailbox->lock);
	for (size_t i = 0; i < mailbox->count; i++) {
		char *message = slot(mailbox, mailbox->first + i);
		if (!keep(message))
			continue;
		if (kept < i)
			memcpy(slot(mailbox, mailbox->first + kept), message,
				mailbox->message_bytes);
		kept++;
	}
	mailbox->count = kept;
	g_mutex_unlock(&mailbox->lock);
}

static void take_locked(struct mailbox *mailbox, void *ret_message)
{
	memcpy(ret_message, slot(mailbox, mailbox->first), mailbox->message_bytes);
	mailbox->first = (mailbox->first + 1) % mailbox->capacity;
	mailbox->count--;
}

bool mailbox_take(struct mailbox *mailbox, void *ret_message)
{
	g_mutex_lock(&mailbox->lock);
	bool any = mailbox->count > 0;
	if (any)
		take_locked(mailbox, ret_message);
	g_mutex_unlock(&mailbox->lock);
	return any;
}

void mailbox_wait(struct mailbox *mailbox, void *ret_message)
{
	g_mutex_lock(&mailbox->lock);
	while (!mailbox->count)
		g_cond_wait(&mailbox->filled, &mailbox->lock);
	take_locked(mailbox, ret_message);
	g_mutex_unlock(&mailbox->lock);
}
