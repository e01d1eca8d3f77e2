/* Whether a display would answer: a connection is tried, nothing is shown. */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/doctor/gather.h"

/* `path` may begin with a zero byte (an abstract socket), which is why it has a length. */
static bool answers(const char *path, size_t len)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (len >= sizeof address.sun_path)
		return false;
	memcpy(address.sun_path, path, len);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	bool connected = connect(fd, (const struct sockaddr *)&address, size) == 0;
	close(fd);
	return connected;
}

static bool has_wayland(const char *name)
{
	char *path = g_path_is_absolute(name)
			     ? g_strdup(name)
			     : g_build_filename(g_get_user_runtime_dir(), name, NULL);
	bool found = answers(path, strlen(path));
	g_free(path);
	return found;
}

/* ":0" and ":0.0" are sockets of this host; another one's server is taken at its word. */
static bool has_x11(const char *name)
{
	if (*name != ':')
		return true;
	char *path = g_strdup_printf("@/tmp/.X11-unix/X%u", (unsigned)strtoul(name + 1, NULL, 10));
	size_t len = strlen(path);
	path[0] = '\0';
	bool found = answers(path, len) || answers(path + 1, len - 1);
	g_free(path);
	return found;
}

static bool has_kms(void)
{
	int fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

const char *gather_display(char **ret_why)
{
	const char *wayland = g_getenv("WAYLAND_DISPLAY"), *x11 = g_getenv("DISPLAY");
	if (wayland && *wayland && has_wayland(wayland))
		return "wayland";
	if (x11 && *x11 && has_x11(x11))
		return "x11";
	if (has_kms())
		return "kms";
	*ret_why = g_strdup_printf("WAYLAND_DISPLAY is %s%s, DISPLAY is %s%s, and /dev/dri/card0 "
				   "does not open",
		wayland && *wayland ? wayland : "not set",
		wayland && *wayland ? " (nobody answers)" : "", x11 && *x11 ? x11 : "not set",
		x11 && *x11 ? " (nobody answers)" : "");
	return NULL;
}
