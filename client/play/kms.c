#include "client/play/kms.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CARDS 8
/* Of drm.h, where these two never change. */
#define DRM_SET_MASTER _IO('d', 0x1e)
#define DRM_DROP_MASTER _IO('d', 0x1f)

static bool can_be_master(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool can = !ioctl(fd, DRM_SET_MASTER, 0);
	if (can)
		ioctl(fd, DRM_DROP_MASTER, 0);
	close(fd);
	return can;
}

bool kms_is_free(void)
{
	for (unsigned i = 0; i < CARDS; i++) {
		char path[32];
		snprintf(path, sizeof path, "/dev/dri/card%u", i);
		if (can_be_master(path))
			return true;
	}
	return false;
}
