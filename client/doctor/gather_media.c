/* What GStreamer has here, found as client/play finds it: by trying. */
#include <string.h>

#include "client/doctor/gather.h"
#include "client/play/elements.h"
#include "client/play/sinks.h"

/* Debian's packages with a parser and with a decoder. */
#define LIBAV_AND_BAD "gstreamer1.0-plugins-bad gstreamer1.0-libav"
#define LIBAV_AND_GOOD "gstreamer1.0-plugins-good gstreamer1.0-libav"

/* As they come out of a transport stream, and as a parser leaves them. */
static const struct {
	const char *name;
	bool sound, played;
	const char *packages, *unit_caps, *parsed_caps;
} formats[] = {
	{"H.264", false, true, LIBAV_AND_BAD,
		"video/x-h264, stream-format=byte-stream, alignment=au",
		"video/x-h264, stream-format=byte-stream, alignment=au, parsed=true"},
	{"H.265", false, false, LIBAV_AND_BAD,
		"video/x-h265, stream-format=byte-stream, alignment=au",
		"video/x-h265, stream-format=byte-stream, alignment=au, parsed=true"},
	{"MPEG-2", false, false, LIBAV_AND_BAD, "video/mpeg, mpegversion=2, systemstream=false",
		"video/mpeg, mpegversion=2, systemstream=false, parsed=true"},
	{"AAC", true, true, LIBAV_AND_GOOD, "audio/mpeg, mpegversion=4, stream-format=adts",
		"audio/mpeg, mpegversion=4, stream-format=adts, framed=true"},
	{"AC-3", true, false, LIBAV_AND_GOOD, "audio/x-ac3", "audio/x-ac3, framed=true"},
	{"MP2", true, false, LIBAV_AND_GOOD, "audio/mpeg, mpegversion=1, layer=2",
		"audio/mpeg, mpegversion=1, layer=2, parsed=true"},
};

G_STATIC_ASSERT(G_N_ELEMENTS(formats) <= G_N_ELEMENTS(((struct doctor_media *)0)->storage));

static bool has(GstElementFactoryListType type, bool sound, const char *description)
{
	GstCaps *caps = gst_caps_from_string(description);
	GstElement *element = elements_find(type | (sound ? GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO
							  : GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO),
		caps, false);
	gst_caps_unref(caps);
	elements_discard(element);
	return element != NULL;
}

static void find_formats(struct doctor_media *ret)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		ret->storage[i] = (struct doctor_format){.name = formats[i].name,
			.sound = formats[i].sound,
			.played = formats[i].played,
			.packages = formats[i].packages,
			.parser = has(GST_ELEMENT_FACTORY_TYPE_PARSER, formats[i].sound,
				formats[i].unit_caps),
			.decoder = has(GST_ELEMENT_FACTORY_TYPE_DECODER, formats[i].sound,
				formats[i].parsed_caps)};
	ret->formats = ret->storage;
	ret->format_count = G_N_ELEMENTS(formats);
}

/* Takes over what was chosen. */
static char *name_of(struct sinks_choice choice, char **ret_why)
{
	char *name = choice.sink ? g_strdup(sinks_name(choice.sink)) : NULL;
	elements_discard(choice.sink);
	*ret_why = choice.error;
	return name;
}

/*
 * With a window of ours the sink draws into that one, and to open it without would put another one
 * on the screen: there it is enough that the element is installed.
 */
static char *find_video_sink(const char *wanted, const char *display, char **ret_why)
{
	const struct play_window none = {0};
	bool automatic = !strcmp(wanted, "auto");
	const char *on = automatic ? display : wanted;
	static const struct {
		const char *display, *names[2];
	} windows[] = {{"wayland", {"waylandsink"}}, {"x11", {"xvimagesink", "ximagesink"}}};
	for (size_t i = 0; on && i < G_N_ELEMENTS(windows); i++) {
		if (strcmp(on, windows[i].display))
			continue;
		for (size_t j = 0; j < 2 && windows[i].names[j]; j++) {
			GstElementFactory *factory = gst_element_factory_find(windows[i].names[j]);
			if (!factory)
				continue;
			gst_object_unref(factory);
			return g_strdup(windows[i].names[j]);
		}
		*ret_why = g_strdup_printf("GStreamer has no sink for %s", on);
		return NULL;
	}
	return name_of(sinks_video(wanted, &none), ret_why);
}

void gather_media(const struct settings *settings, struct doctor_media *ret)
{
	gst_init(NULL, NULL);
	find_formats(ret);
	ret->video_off = !strcmp(settings_text(settings, "play.video_sink"), "none");
	ret->audio_off = !strcmp(settings_text(settings, "play.audio_sink"), "none");
	ret->display = gather_display(&ret->display_why);
	ret->video_sink = find_video_sink(
		settings_text(settings, "play.video_sink"), ret->display, &ret->video_why);
	ret->audio_sink =
		name_of(sinks_audio(settings_text(settings, "play.audio_sink")), &ret->audio_why);
}
