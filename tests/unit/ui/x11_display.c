#include "tests/unit/ui/x11_display.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xcb/xtest.h>

#define START_TIMEOUT_MS 10000

struct x11_display {
	pid_t pid;
	xcb_connection_t *connection;
};

static void run_xvfb(int width, int height, int ready_fd)
{
	char screen[64], fd[16];
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	snprintf(screen, sizeof screen, "%dx%dx24", width, height);
	snprintf(fd, sizeof fd, "%d", ready_fd);
	execlp("Xvfb", "Xvfb", "-displayfd", fd, "-screen", "0", screen, "-wr", "-noreset",
		"-nolisten", "tcp", (char *)NULL);
	_exit(127);
}

/* The server writes its number, and a newline, when it takes clients. */
static int read_number(int fd)
{
	char text[16];
	size_t len = 0;
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	while (len < sizeof text - 1 && poll(&poll_fd, 1, START_TIMEOUT_MS) > 0 &&
		read(fd, text + len, 1) == 1) {
		if (text[len] == '\n') {
			text[len] = '\0';
			return atoi(text);
		}
		len++;
	}
	return -1;
}

static int start_xvfb(struct x11_display *display, int width, int height)
{
	int ready[2];

	if (pipe(ready) < 0)
		return -1;
	display->pid = fork();
	if (display->pid == 0)
		run_xvfb(width, height, ready[1]);
	close(ready[1]);
	int number = display->pid > 0 ? read_number(ready[0]) : -1;
	close(ready[0]);
	return number;
}

struct x11_display *x11_display_start(int width, int height)
{
	struct x11_display *display = calloc(1, sizeof *display);
	char name[16];
	int number = start_xvfb(display, width, height);

	if (number >= 0) {
		snprintf(name, sizeof name, ":%d", number);
		setenv("DISPLAY", name, 1);
		display->connection = xcb_connect(NULL, NULL);
		if (!xcb_connection_has_error(display->connection))
			return display;
	}
	x11_display_stop(display);
	return NULL;
}

void x11_display_stop(struct x11_display *display)
{
	if (!display)
		return;
	if (display->connection)
		xcb_disconnect(display->connection);
	if (display->pid > 0) {
		kill(display->pid, SIGTERM);
		waitpid(display->pid, NULL, 0);
	}
	free(display);
}

xcb_connection_t *x11_display_connection(struct x11_display *display)
{
	return display->connection;
}

xcb_window_t x11_display_root(struct x11_display *display)
{
	return xcb_setup_roots_iterator(xcb_get_setup(display->connection)).data->root;
}

uint8_t x11_display_keycode(struct x11_display *display, uint32_t keysym)
{
	const xcb_setup_t *setup = xcb_get_setup(display->connection);
	int first = setup->min_keycode, count = setup->max_keycode - first + 1, found = 0;
	xcb_get_keyboard_mapping_reply_t *reply = xcb_get_keyboard_mapping_reply(
		display->connection,
		xcb_get_keyboard_mapping(display->connection, (uint8_t)first, (uint8_t)count),
		NULL);

	if (!reply)
		return 0;
	const xcb_keysym_t *keysyms = xcb_get_keyboard_mapping_keysyms(reply);
	for (int i = 0; i < count * reply->keysyms_per_keycode && !found; i++)
		if (keysyms[i] == keysym)
			found = first + i / reply->keysyms_per_keycode;
	free(reply);
	return (uint8_t)found;
}

void x11_display_map_key(struct x11_display *display, uint8_t keycode, uint32_t keysym)
{
	xcb_change_keyboard_mapping(display->connection, 1, keycode, 1, &keysym);
	x11_display_sync(display);
}

void x11_display_key(struct x11_display *display, uint8_t keycode, bool down)
{
	xcb_test_fake_input(display->connection, down ? XCB_KEY_PRESS : XCB_KEY_RELEASE, keycode,
		XCB_CURRENT_TIME, XCB_NONE, 0, 0, 0);
	x11_display_sync(display);
	if (!down)
		usleep(2000); /* no finger is down again in the same millisecond */
}

void x11_display_sync(struct x11_display *display)
{
	free(xcb_get_input_focus_reply(
		display->connection, xcb_get_input_focus(display->connection), NULL));
}
