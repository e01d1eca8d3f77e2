#include "tests/unit/ui/weston.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKET "weston-test"
#define START_TIMEOUT_MS 10000

static void prepare(void)
{
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
}

static void run_kiosk(int width, int height)
{
	char width_arg[32], height_arg[32];

	prepare();
	snprintf(width_arg, sizeof width_arg, "--width=%d", width);
	snprintf(height_arg, sizeof height_arg, "--height=%d", height);
	execlp("weston", "weston", "--no-config", "--backend=headless-backend.so",
		"--shell=kiosk-shell.so", "--socket=" SOCKET, "--idle-time=0", width_arg,
		height_arg, (char *)NULL);
	_exit(127);
}

/* The kiosk's shell shows nothing without a keyboard that can be given to somebody. */
static void run_desktop(int width, int height, int scale)
{
	static const char config[] = "[shell]\npanel-position=none\nstartup-animation=none\n"
				     "close-animation=none\nlocking=false\n"
				     "[input-method]\npath=\n";
	char width_arg[32], height_arg[32], scale_arg[32], config_arg[64];
	int fd = memfd_create("weston.ini", 0);

	prepare();
	if (write(fd, config, sizeof config - 1) != sizeof config - 1)
		_exit(127);
	snprintf(config_arg, sizeof config_arg, "--config=/proc/self/fd/%d", fd);
	snprintf(width_arg, sizeof width_arg, "--width=%d", width);
	snprintf(height_arg, sizeof height_arg, "--height=%d", height);
	snprintf(scale_arg, sizeof scale_arg, "--scale=%d", scale);
	execlp("weston", "weston", config_arg, "--backend=headless-backend.so", "--use-pixman",
		"--debug", "--shell=desktop-shell.so", "--socket=" SOCKET, "--idle-time=0",
		width_arg, height_arg, scale_arg, (char *)NULL);
	_exit(127);
}

static bool can_connect(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;

	close(fd);
	return connected;
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid == pid;
}

static bool wait_for_socket(const char *dir, pid_t pid)
{
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char events[4096];
	bool ready = false;

	snprintf(address.sun_path, sizeof address.sun_path, "%s/" SOCKET, dir);
	inotify_add_watch(watch, dir, IN_CREATE);
	struct pollfd fd = {.fd = watch, .events = POLLIN};
	for (int tries = START_TIMEOUT_MS / 100; tries > 0 && !ready && !has_ended(pid); tries--) {
		poll(&fd, 1, 100);
		while (read(watch, events, sizeof events) > 0)
			;
		ready = can_connect(&address);
	}
	close(watch);
	return ready;
}

static pid_t await_ready(pid_t pid)
{
	if (pid < 0)
		return 0;
	if (!wait_for_socket(getenv("XDG_RUNTIME_DIR"), pid)) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return 0;
	}
	setenv("WAYLAND_DISPLAY", SOCKET, 1);
	return pid;
}

pid_t weston_start(int width, int height)
{
	pid_t pid = fork();

	if (pid == 0)
		run_kiosk(width, height);
	return await_ready(pid);
}

pid_t weston_start_seen(int width, int height, int scale)
{
	pid_t pid = fork();

	if (pid == 0)
		run_desktop(width, height, scale);
	return await_ready(pid);
}

void weston_stop(pid_t pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}
