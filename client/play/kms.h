/* play/kms: whether there is a screen that nobody else draws to. */
#pragma once

#include <stdbool.h>

/* Whether a DRM device has no master, so that a sink without a window can be it. */
bool kms_is_free(void);
