#include "client/app/remote.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "ui/terminal.h"

struct remote {
	struct ui_keys keys;
	const struct channel_list *channels;
	struct ui_terminal *terminal;
	uv_timer_t timer; /* the end of a digit entry */
	remote_action_fn on_action;
	void *ctx;
};

/* Whether a channel's number begins with these digits and goes on: "1" while there is a 12. */
static bool longer_number(void *ctx, const char *entry)
{
	const struct remote *remote = ctx;
	size_t len = strlen(entry);
	char number[CHANNEL_NUMBER_BYTES];
	for (size_t i = 0; i < remote->channels->count; i++) {
		channel_number_format(&remote->channels->channels[i], number);
		if (!strncmp(number, entry, len) && number[len])
			return true;
	}
	return false;
}

static void on_timer(uv_timer_t *timer);

static void follow(struct remote *remote, const struct ui_action *action)
{
	uint64_t deadline_ns = ui_keys_deadline(&remote->keys), now_ns = uv_hrtime();
	if (deadline_ns == UINT64_MAX)
		uv_timer_stop(&remote->timer);
	else
		uv_timer_start(&remote->timer, on_timer,
			deadline_ns > now_ns ? (deadline_ns - now_ns) / 1000000 + 1 : 0, 0);
	if (action->type != UI_ACTION_NONE)
		remote->on_action(remote->ctx, action);
}

static void on_timer(uv_timer_t *timer)
{
	struct remote *remote = timer->data;
	struct ui_action action = ui_keys_expire(&remote->keys, uv_hrtime());
	follow(remote, &action);
}

void remote_key(struct remote *remote, uint16_t code, uint64_t pressed_ns)
{
	struct ui_action action = ui_keys_press(&remote->keys, code, pressed_ns);
	follow(remote, &action);
}

static void on_terminal_key(void *ctx, const struct ui_key_event *event)
{
	remote_key(ctx, event->code, event->at_ns);
}

int remote_open(uv_loop_t *loop, const struct remote_options *options, remote_action_fn on_action,
	void *ctx, struct remote **ret)
{
	struct remote *remote = g_new0(struct remote, 1);
	ui_keys_init(&remote->keys, options->entry_timeout_ns, longer_number, remote);
	remote->channels = options->channels;
	remote->on_action = on_action;
	remote->ctx = ctx;
	remote->timer.data = remote;
	int error = uv_timer_init(loop, &remote->timer);
	if (error) {
		g_free(remote);
		return error;
	}
	/* Without a terminal (a service, a pipe) keys come from elsewhere: no error. */
	if (options->terminal)
		ui_terminal_open(loop, STDIN_FILENO, on_terminal_key, remote, &remote->terminal);
	*ret = remote;
	return 0;
}

void remote_take(struct remote *remote, const struct channel_list *channels)
{
	if (remote)
		remote->channels = channels;
}

void remote_resume(struct remote *remote)
{
	ui_terminal_resume(remote->terminal);
}

static void on_closed(uv_handle_t *handle)
{
	g_free(handle->data);
}

void remote_close(struct remote *remote)
{
	if (!remote)
		return;
	ui_terminal_close(remote->terminal);
	uv_close((uv_handle_t *)&remote->timer, on_closed);
}
