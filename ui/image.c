#include "ui/image.h"

#include <stdlib.h>

void ui_image_clear(struct ui_image *image)
{
	free(image->pixels);
	*image = (struct ui_image){0};
}
