#include "client/doctor/facts.h"

static void clear_source(gpointer data)
{
	struct doctor_source *source = data;
	g_free(source->name);
}

static void clear_notice(gpointer data)
{
	struct doctor_notice *notice = data;
	g_free(notice->type);
	g_free(notice->sentence);
}

static void clear_counter(gpointer data)
{
	struct doctor_counter *counter = data;
	g_free(counter->name);
}

static GArray *new_array(guint size, GDestroyNotify clear)
{
	GArray *array = g_array_new(FALSE, TRUE, size);
	if (clear)
		g_array_set_clear_func(array, clear);
	return array;
}

void doctor_facts_init(struct doctor_facts *facts)
{
	*facts = (struct doctor_facts){.rules.fallback = true,
		.kernel = {.force_igmp_version = -1,
			.max_memberships = -1,
			.max_sources = -1,
			.rp_filter = -1,
			.rmem_max = -1,
			.receive_buffer_bytes = -1}};
	facts->iface.name = g_strdup("");
	facts->kernel.igmp.groups = new_array(sizeof(struct proc_group), NULL);
	facts->kernel.filters = new_array(sizeof(struct proc_filter), NULL);
	facts->settings_bad = g_ptr_array_new_with_free_func(g_free);
	facts->lineup.sources = new_array(sizeof(struct doctor_source), clear_source);
	facts->player.notices = new_array(sizeof(struct doctor_notice), clear_notice);
	facts->player.drops = new_array(sizeof(struct doctor_counter), clear_counter);
	facts->player.groups = new_array(sizeof(struct in_addr), NULL);
	facts->heard.notices = new_array(sizeof(struct doctor_notice), clear_notice);
	facts->heard.drops = new_array(sizeof(struct doctor_counter), clear_counter);
}

static void clear_player(struct doctor_player *player)
{
	g_free(player->path);
	g_free(player->iface);
	g_free(player->backend);
	g_free(player->state);
	g_free(player->why);
	g_free(player->reason);
	g_array_unref(player->notices);
	g_array_unref(player->drops);
	g_array_unref(player->groups);
}

static void clear_media(struct doctor_media *media)
{
	g_free(media->video_sink);
	g_free(media->audio_sink);
	g_free(media->video_why);
	g_free(media->audio_why);
	g_free(media->display_why);
}

void doctor_facts_clear(struct doctor_facts *facts)
{
	g_free(facts->iface.name);
	g_free(facts->backend.why);
	g_free(facts->backend.raw_why);
	g_array_unref(facts->kernel.igmp.groups);
	g_array_unref(facts->kernel.filters);
	g_free(facts->settings_path);
	g_ptr_array_unref(facts->settings_bad);
	g_free(facts->lineup.path);
	g_free(facts->lineup.why);
	g_array_unref(facts->lineup.sources);
	clear_media(&facts->media);
	clear_player(&facts->player);
	g_free(facts->heard.why_not);
	g_array_unref(facts->heard.notices);
	g_array_unref(facts->heard.drops);
}
