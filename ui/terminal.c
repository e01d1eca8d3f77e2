#include "ui/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input-event-codes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* An escape that nothing follows for so long was the key, not the beginning of a sequence. */
#define ESCAPE_TIMEOUT_MS 50

struct ui_terminal {
	uv_poll_t poll;
	uv_timer_t escape_timer;
	int open_handles;
	bool closing;
	int fd;
	int flags; /* of the file description, to put back */
	struct termios saved, raw;
	ui_key_fn on_key;
	void *ctx;
	uint64_t read_ns;
	size_t len;
	uint8_t bytes[64];
};

/*
 * libuv makes the descriptor non-blocking, and the one we were given is shared with the shell: a
 * description of our own keeps that to ourselves. It cannot be had when the device belongs to
 * somebody else (after su); then the shared one's flags are put back on close.
 */
static int own_description(int fd)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	int own = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (own < 0)
		own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return own < 0 ? -errno : own;
}

static int set_raw(struct ui_terminal *terminal)
{
	struct termios *raw = &terminal->raw;

	if (tcgetattr(terminal->fd, &terminal->saved) < 0)
		return -errno;
	*raw = terminal->saved;
	raw->c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN); /* ISIG stays: Ctrl-C must work */
	raw->c_iflag &= ~(tcflag_t)IXON; /* no Ctrl-S: whoever writes here must not stand still */
	raw->c_cc[VMIN] = 1;
	raw->c_cc[VTIME] = 0;
	return tcsetattr(terminal->fd, TCSANOW, raw) < 0 ? -errno : 0;
}

static void tell(const struct ui_terminal *terminal, uint16_t code)
{
	const struct ui_key_event event = {
		code, UI_KEY_PRESS, UI_KEY_SOURCE_TAPS, terminal->read_ns};

	terminal->on_key(terminal->ctx, &event);
}

static void decode(struct ui_terminal *terminal)
{
	size_t used = 0;

	while (!terminal->closing) {
		uint16_t code;
		size_t n = ui_terminal_decode(terminal->bytes + used, terminal->len - used, &code);
		if (n == 0)
			break;
		used += n;
		if (code)
			tell(terminal, code);
	}
	terminal->len -= used;
	memmove(terminal->bytes, terminal->bytes + used, terminal->len);
}

static void on_escape_timeout(uv_timer_t *timer);

/* False when there was nothing to read. */
static bool read_keys(struct ui_terminal *terminal)
{
	ssize_t n = read(terminal->fd, terminal->bytes + terminal->len,
		sizeof terminal->bytes - terminal->len);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) { /* hung up: no more keys from here */
		uv_poll_stop(&terminal->poll);
		return false;
	}
	terminal->read_ns = uv_hrtime();
	terminal->len += (size_t)n;
	uv_timer_stop(&terminal->escape_timer);
	decode(terminal);
	if (terminal->len > 0 && !terminal->closing)
		uv_timer_start(&terminal->escape_timer, on_escape_timeout, ESCAPE_TIMEOUT_MS, 0);
	return true;
}

static int check_terminal(int fd)
{
	if (!isatty(fd))
		return -ENOTTY;
	/* To set the modes from the background would stop the whole program (SIGTTOU). */
	pid_t foreground = tcgetpgrp(fd);
	return foreground > 0 && foreground != getpgrp() ? -ENOTTY : 0;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct ui_terminal *terminal = poll->data;

	(void)events;
	/* In the background a read would stop the program (SIGTTIN): keys are the shell's then. */
	if (status < 0 || check_terminal(terminal->fd) < 0)
		uv_poll_stop(poll);
	else
		read_keys(terminal);
}

static void on_escape_timeout(uv_timer_t *timer)
{
	struct ui_terminal *terminal = timer->data;

	/* When the loop itself was late, the rest of the sequence is waiting to be read. */
	if (read_keys(terminal))
		return;
	bool escape = terminal->len == 1 && terminal->bytes[0] == 0x1b;
	terminal->len = 0;
	if (escape)
		tell(terminal, KEY_ESC);
}

static void on_closed(uv_handle_t *handle)
{
	struct ui_terminal *terminal = handle->data;

	if (--terminal->open_handles > 0)
		return;
	close(terminal->fd);
	free(terminal);
}

int ui_terminal_open(uv_loop_t *loop, int fd, ui_key_fn on_key, void *ctx, struct ui_terminal **ret)
{
	int r = check_terminal(fd);
	if (r < 0)
		return r;
	struct ui_terminal *terminal = calloc(1, sizeof *terminal);
	if (!terminal)
		return -ENOMEM;
	terminal->on_key = on_key;
	terminal->ctx = ctx;
	terminal->fd = own_description(fd);
	r = terminal->fd < 0 ? terminal->fd : 0;
	if (r < 0)
		goto fail;
	terminal->flags = fcntl(terminal->fd, F_GETFL);
	r = set_raw(terminal);
	if (r < 0)
		goto fail;
	r = uv_poll_init(loop, &terminal->poll, terminal->fd);
	if (r < 0) {
		tcsetattr(terminal->fd, TCSANOW, &terminal->saved);
		goto fail;
	}
	uv_timer_init(loop, &terminal->escape_timer);
	terminal->poll.data = terminal;
	terminal->escape_timer.data = terminal;
	terminal->open_handles = 2;
	uv_poll_start(&terminal->poll, UV_READABLE, on_readable);
	*ret = terminal;
	return 0;
fail:
	if (terminal->fd >= 0)
		close(terminal->fd);
	free(terminal);
	return r;
}

void ui_terminal_resume(struct ui_terminal *terminal)
{
	if (!terminal || check_terminal(terminal->fd) < 0)
		return;
	tcsetattr(terminal->fd, TCSANOW, &terminal->raw);
	uv_poll_start(&terminal->poll, UV_READABLE, on_readable);
}

void ui_terminal_close(struct ui_terminal *terminal)
{
	if (!terminal)
		return;
	terminal->closing = true;
	/* Another job's terminal is not ours to set, and trying would stop us (SIGTTOU). */
	if (check_terminal(terminal->fd) == 0) {
		/* Keys that nobody read must not become a command line for the shell. */
		tcflush(terminal->fd, TCIFLUSH);
		tcsetattr(terminal->fd, TCSANOW, &terminal->saved);
	}
	fcntl(terminal->fd, F_SETFL, terminal->flags);
	uv_close((uv_handle_t *)&terminal->poll, on_closed);
	uv_close((uv_handle_t *)&terminal->escape_timer, on_closed);
}
