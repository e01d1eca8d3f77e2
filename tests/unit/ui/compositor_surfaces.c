#include "tests/unit/ui/compositor_surfaces.h"

#include <string.h>

#include "tests/support/test.h"

static void release(struct wl_client *client, uint32_t buffer)
{
	struct wl_resource *resource = buffer ? wl_client_get_object(client, buffer) : NULL;

	if (resource && strcmp(wl_resource_get_class(resource), "wl_buffer") == 0)
		wl_buffer_send_release(resource);
}

static void let_go(struct surfaces *surfaces, struct wl_client *client, uint32_t buffer)
{
	if (!surfaces->holds) {
		release(client, buffer);
		return;
	}
	assert_true(surfaces->held_count < sizeof surfaces->held / sizeof *surfaces->held);
	surfaces->held[surfaces->held_count].client = client;
	surfaces->held[surfaces->held_count++].buffer = buffer;
}

void surfaces_hold(struct surfaces *surfaces, bool on)
{
	surfaces->holds = on;
	for (size_t i = 0; !on && i < surfaces->held_count; i++)
		release(surfaces->held[i].client, surfaces->held[i].buffer);
	if (!on)
		surfaces->held_count = 0;
}

struct surface *surfaces_find(struct surfaces *surfaces, const struct wl_resource *resource)
{
	for (size_t i = 0; resource && i < SURFACES_MAX; i++)
		if (surfaces->all[i].resource == resource ||
			surfaces->all[i].subsurface == resource)
			return &surfaces->all[i];
	return NULL;
}

void surfaces_add(struct surfaces *surfaces, struct wl_resource *resource)
{
	for (size_t i = 0; i < SURFACES_MAX; i++) {
		if (surfaces->all[i].resource)
			continue;
		surfaces->all[i] = (struct surface){.resource = resource, .scale = 1};
		return;
	}
	fail_msg("more than %d surfaces", SURFACES_MAX);
}

static size_t without(struct surface **list, size_t count, const struct surface *surface)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (list[i] != surface)
			list[kept++] = list[i];
	return kept;
}

/* At once, whatever its parent does. */
static void unmap(struct surface *surface)
{
	struct surface *parent = surface->parent;

	if (!parent)
		return;
	parent->child_count = without(parent->children, parent->child_count, surface);
	parent->next_child_count =
		without(parent->next_children, parent->next_child_count, surface);
	surface->parent = NULL;
	surface->subsurface = NULL;
}

void surfaces_remove(struct surfaces *surfaces, const struct wl_resource *resource)
{
	struct surface *surface = surfaces_find(surfaces, resource);

	if (!surface)
		return;
	unmap(surface);
	if (surface->resource == resource) {
		for (size_t i = 0; i < surface->next_child_count; i++)
			surface->next_children[i]->parent = NULL;
		*surface = (struct surface){0};
	}
}

static void apply(struct surfaces *surfaces, struct surface *surface, struct surface_state *state)
{
	struct wl_client *client = wl_resource_get_client(surface->resource);

	if (surface->shown.buffer && surface->shown.buffer != state->buffer)
		let_go(surfaces, client, surface->shown.buffer);
	surface->shown = *state;
	surface->commits++;
	state->damage = (struct ui_area){0};
	memcpy(surface->children, surface->next_children, sizeof surface->children);
	surface->child_count = surface->next_child_count;
	for (size_t i = 0; i < surface->child_count; i++) {
		struct surface *child = surface->children[i];
		child->x = child->next_x;
		child->y = child->next_y;
		if (child->has_cached)
			apply(surfaces, child, &child->cached);
		child->has_cached = false;
	}
}

static void commit(struct surfaces *surfaces, struct surface *surface)
{
	if (!surface->parent || surface->is_desynchronized) {
		apply(surfaces, surface, &surface->pending);
		return;
	}
	surface->cached = surface->pending;
	surface->has_cached = true;
	surface->pending.damage = (struct ui_area){0};
}

static void attach(struct surface *surface, struct wl_resource *buffer)
{
	struct wl_shm_buffer *shm = buffer ? wl_shm_buffer_get(buffer) : NULL;

	surface->pending.buffer = buffer ? wl_resource_get_id(buffer) : 0;
	surface->pending.width = shm ? wl_shm_buffer_get_width(shm) : 0;
	surface->pending.height = shm ? wl_shm_buffer_get_height(shm) : 0;
}

static void become_child(struct surface *surface, struct surface *parent, struct wl_resource *sub)
{
	surface->parent = parent;
	surface->subsurface = sub;
	parent->next_children[parent->next_child_count++] = surface;
}

/* Above a sibling, or lowest of all above the parent. */
static void place_above(struct surface *surface, const struct surface *below)
{
	struct surface *parent = surface->parent;
	struct surface **list = parent->next_children;
	size_t count = without(list, parent->next_child_count, surface), at = 0;

	while (below != parent && at < count && list[at] != below)
		at++;
	if (below != parent) {
		assert_true(at < count); /* else a protocol error */
		at++;
	}
	memmove(&list[at + 1], &list[at], (count - at) * sizeof *list);
	list[at] = surface;
}

static struct ui_area area_of(const union wl_argument *args)
{
	return (struct ui_area){args[0].i, args[1].i, args[2].i, args[3].i};
}

static void surface_request(struct surfaces *surfaces, struct surface *surface, const char *request,
	const union wl_argument *args)
{
	if (strcmp(request, "attach") == 0)
		attach(surface, (struct wl_resource *)args[0].o);
	else if (strcmp(request, "commit") == 0)
		commit(surfaces, surface);
	else if (strcmp(request, "damage") == 0)
		surface->pending.damage = ui_area_union(surface->pending.damage, area_of(args));
	else if (strcmp(request, "set_buffer_scale") == 0)
		surface->scale = args[0].i;
	else if (strcmp(request, "set_input_region") == 0)
		surface->takes_no_input = args[0].o; /* nobody adds anything to a region */
	else if (strcmp(request, "set_desync") == 0)
		surface->is_desynchronized = true;
	else if (strcmp(request, "set_position") == 0)
		surface->next_x = args[0].i, surface->next_y = args[1].i;
	else if (strcmp(request, "place_above") == 0)
		place_above(surface, surfaces_find(surfaces, (struct wl_resource *)args[0].o));
}

void surfaces_request(struct surfaces *surfaces, struct wl_resource *resource, const char *request,
	const union wl_argument *args)
{
	if (strcmp(request, "get_subsurface") == 0) {
		struct wl_client *client = wl_resource_get_client(resource);
		become_child(surfaces_find(surfaces, (struct wl_resource *)args[1].o),
			surfaces_find(surfaces, (struct wl_resource *)args[2].o),
			wl_client_get_object(client, args[0].n));
		return;
	}
	struct surface *surface = surfaces_find(surfaces, resource);
	if (surface)
		surface_request(surfaces, surface, request, args);
}
