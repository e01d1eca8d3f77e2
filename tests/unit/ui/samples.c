#include "tests/unit/ui/samples.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SET(field, ...) snprintf(field, sizeof(field), __VA_ARGS__)

/* Each with what is on there. */
static const struct {
	const char *name, *titles[3];
} channels[] = {
	{"Northern One HD", {"The Lighthouse Keepers", "News and Weather", "Small Town Stories"}},
	{"Kanal Zwölf", {"Quiz am Abend", "Nachrichten", "Kochen mit Freunden"}},
	{"ARIA", {"Jazz in the Night", "Música Total", "Le Grand Voyage"}},
	{"Harbour News", {"Evening Report", "Weather", "World This Week"}},
	{"Городской канал", {"Живая планета", "Вечерние новости", "Ночной сеанс"}},
	{"قناة الأفق", {"نشرة الأخبار المسائية", "حكايات البحر", "طقس الغد"}},
	{"ערוץ הנוף", {"מבט לחדשות הערב", "סיפורי המגדלור", "מזג האוויר"}},
	{"东方新闻频道", {"晚间新闻与天气预报", "海洋深处", "城市故事"}},
	{"Sport Arena Extra HD", {"Cup Final: United – Rovers, live from the Harbour Stadium with "
				  "all goals and interviews",
					 "Sport Tonight", "Cycling: The Coast Road"}},
	{"Cinéma Lumière", {"Le Phare du bout du monde", "Le Grand Voyage", "Ciné-club"}},
	{"Radio Meridian", {"Night Music", "Talk at Ten", "Morning Show"}},
	{"Kids & Co", {"Captain Puffin", "The Little Lamp", "Good Night Stories"}},
	{"Nature Wide", {"Ocean Deep: A World Without Light", "Birds of Passage", "Tides"}},
	{"Hrvatska Luka", {"Priče iz luke", "Vijesti", "Večernji film"}},
	{"Regional Television of the Upper Valleys and Lakes",
		{"Village by Village", "Lake Report", "Choirs"}},
	{"Docu+", {"How Lamps Are Made", "The Long Winter", "Machines"}},
};

/* The `index`th event in the evening of channel n; the first is on at a quarter past eight. */
static void set_event(struct ui_event_line *event, unsigned n, unsigned index)
{
	unsigned at = 20 * 60 + index * 45, until = at + 45;

	SET(event->title, "%s", channels[(n - 1) % COUNT(channels)].titles[index % 3]);
	SET(event->span, "%02u:%02u – %02u:%02u", at / 60 % 24, at % 60, until / 60 % 24,
		until % 60);
	event->progress_permille = index == 0 ? (uint16_t)(n * 271 % 1000) : UI_PROGRESS_NONE;
}

void ui_sample_row(struct ui_list_row *row, unsigned n)
{
	*row = (struct ui_list_row){.logo = n % 5 < 3 ? n % 12 : 0};
	SET(row->number, "%u", n);
	if (n <= COUNT(channels))
		SET(row->name, "%s", channels[(n - 1) % COUNT(channels)].name);
	else
		SET(row->name, "%s %u", channels[(n - 1) % COUNT(channels)].name, n);
	set_event(&row->now, n, 0);
	if (n % 9 == 7)
		row->badges |= UI_BADGE_FAVOURITE;
	if (n % 16 == 11)
		row->badges |= UI_BADGE_RADIO;
	if (n % 13 == 10)
		row->badges |= UI_BADGE_LOCKED;
}

void ui_sample_list(struct ui_list_view *list, unsigned n)
{
	*list = (struct ui_list_view){.visible = true,
		.has_left = true,
		.has_right = true,
		.first = n - 1,
		.total = 5000};
	SET(list->title, "All channels");
	list->row_count = 7;
	list->selected = 3;
	for (unsigned i = 0; i < list->row_count; i++)
		ui_sample_row(&list->rows[i], n + i);
}

void ui_sample_banner(struct ui_banner_view *banner, unsigned n)
{
	struct ui_list_row row;

	ui_sample_row(&row, n);
	*banner = (struct ui_banner_view){.visible = true, .logo = row.logo, .badges = UI_BADGE_HD};
	SET(banner->number, "%s", row.number);
	SET(banner->name, "%s", row.name);
	SET(banner->bouquet, "All channels");
	SET(banner->clock, "20:%02u", n * 271 % 1000 * 45 / 1000);
	set_event(&banner->now, n, 0);
	set_event(&banner->next, n, 1);
}

void ui_sample_guide(struct ui_guide_view *guide, unsigned n)
{
	static const unsigned edges[][7] = {{0, 500, 1000}, {0, 250, 750, 1000},
		{0, 180, 500, 1000}, {0, 667, 1000}, {0, 375, 630, 1000},
		{0, 125, 270, 500, 875, 1000}, {0, 1000}};

	*guide = (struct ui_guide_view){.visible = true, .now_permille = 342};
	SET(guide->day, "Today");
	SET(guide->clock, "20:41");
	for (guide->label_count = 0; guide->label_count < 4; guide->label_count++) {
		unsigned i = guide->label_count, minutes = 20 * 60 + i * 30;
		guide->labels[i].at_permille = (uint16_t)(i * 1000 / 4);
		SET(guide->labels[i].text, "%02u:%02u", minutes / 60, minutes % 60);
	}
	guide->row_count = 7;
	guide->selected_row = 0;
	for (unsigned i = 0; i < guide->row_count; i++) {
		struct ui_guide_row *row = &guide->rows[i];
		struct ui_list_row channel;
		ui_sample_row(&channel, n + i);
		row->logo = channel.logo;
		memcpy(row->number, channel.number, sizeof row->number);
		memcpy(row->name, channel.name, sizeof row->name);
		const unsigned *edge = edges[(n + i) % 7];
		for (unsigned j = 0; edge[j] < 1000 && i != 6; j++) {
			struct ui_guide_cell *cell = &row->cells[row->cell_count++];
			cell->from_permille = (uint16_t)edge[j];
			cell->to_permille = (uint16_t)edge[j + 1];
			cell->begins_before = j == 0;
			cell->ends_after = edge[j + 1] == 1000;
			cell->selected = i == 0 && j == (edge[1] < 1000);
			SET(cell->title, "%s",
				channels[(n + i - 1) % COUNT(channels)].titles[(j + 2) % 3]);
		}
	}
	set_event(&guide->chosen, n, 0);
	SET(guide->chosen.span, "20:30 – 21:30");
	guide->chosen.progress_permille = 183;
	SET(guide->description, "Two brothers keep the last manned light of the northern coast. "
				"When a storm cuts the island "
				"off for nine days, they have to decide whom the lamp is for, and "
				"what they owe to the ships "
				"that never answer. With archive pictures from four decades.");
}

static void banner(struct ui_view *view)
{
	ui_sample_banner(&view->banner, 1);
	view->banner.badges = UI_BADGE_HD | UI_BADGE_AUDIO | UI_BADGE_SUBTITLE | UI_BADGE_TELETEXT;
	view->banner.logo = 3;
}

static void banner_arabic(struct ui_view *view)
{
	ui_sample_banner(&view->banner, 6);
	set_event(&view->banner.next, 7, 1);
}

static void banner_chinese(struct ui_view *view)
{
	ui_sample_banner(&view->banner, 8);
	set_event(&view->banner.next, 5, 1);
	view->banner.badges |= UI_BADGE_FAVOURITE;
}

static void banner_long(struct ui_view *view)
{
	const char *title = channels[8].titles[0];

	ui_sample_banner(&view->banner, 15);
	SET(view->banner.number, "12345.1");
	SET(view->banner.now.title, "%s, and then: %s", title, title);
	SET(view->banner.next.title, "%s, and %s", title, title);
	view->banner.badges = UI_BADGE_HD | UI_BADGE_LOCKED | UI_BADGE_NO_SIGNAL;
	view->banner.logo = 0;
}

static void banner_plain(struct ui_view *view)
{
	ui_sample_banner(&view->banner, 11);
	view->banner.badges = UI_BADGE_RADIO;
	view->banner.now = view->banner.next =
		(struct ui_event_line){.progress_permille = UI_PROGRESS_NONE};
}

static void banner_typing(struct ui_view *view)
{
	ui_sample_banner(&view->banner, 4);
	view->banner.typing = true;
	view->banner.now = view->banner.next =
		(struct ui_event_line){.progress_permille = UI_PROGRESS_NONE};
	view->banner.bouquet[0] = 0;
	view->banner.badges = 0;
}

static void banner_unknown(struct ui_view *view)
{
	banner_typing(view);
	SET(view->banner.number, "4711");
	SET(view->banner.name, "There is no channel 4711");
	view->banner.unknown = true;
	view->banner.logo = 0;
}

static void list(struct ui_view *view)
{
	ui_sample_list(&view->list, 1);
	view->list.selected = 2;
	view->list.rows[0].badges |= UI_BADGE_PLAYING;
	view->list.rows[3].badges |= UI_BADGE_NO_SIGNAL;
	view->list.rows[2].badges |= UI_BADGE_FAVOURITE | UI_BADGE_LOCKED;
}

static void list_scrolled(struct ui_view *view)
{
	ui_sample_list(&view->list, 4212);
	SET(view->list.title, "Every single channel of the whole country and beyond");
}

static void list_bouquets(struct ui_view *view)
{
	static const struct {
		const char *name;
		unsigned channels;
	} bouquets[] = {{"All channels", 214}, {"News", 23}, {"Sport", 17}, {"Фильмы", 31},
		{"موسيقى", 12}, {"Radio", 48}, {"Favourites", 9}};

	view->list =
		(struct ui_list_view){.visible = true, .row_count = 7, .total = 7, .selected = 1};
	SET(view->list.title, "Bouquets");
	view->list.rows[0].badges = UI_BADGE_PLAYING;
	for (unsigned i = 0; i < 7; i++) {
		SET(view->list.rows[i].name, "%s", bouquets[i].name);
		SET(view->list.rows[i].now.title, "%u channels", bouquets[i].channels);
		view->list.rows[i].now.progress_permille = UI_PROGRESS_NONE;
	}
}

static void list_empty(struct ui_view *view)
{
	view->list = (struct ui_list_view){.visible = true, .has_left = true, .has_right = true};
	SET(view->list.title, "Favourites");
	SET(view->list.empty, "There are no favourites yet. The yellow key adds a channel.");
}

static void guide(struct ui_view *view)
{
	ui_sample_guide(&view->guide, 1);
}

static void guide_hebrew(struct ui_view *view)
{
	ui_sample_guide(&view->guide, 5);
	view->guide.selected_row = 2;
	view->guide.rows[0].cells[1].selected = false;
	view->guide.rows[2].cells[1].selected = true;
	set_event(&view->guide.chosen, 7, 0);
	SET(view->guide.chosen.span, "21:00 – 23:00");
	view->guide.chosen.progress_permille = UI_PROGRESS_NONE;
	SET(view->guide.description,
		"מבט על היום שהיה: הכותרות, הפרשנים והסיפורים שמאחוריהן. בתוכנית הערב: ריאיון "
		"מיוחד על עתיד הים, "
		"ביקור במגדלור האחרון של הצפון ותחזית מזג האוויר לימים הקרובים.");
}

static void tracks(struct ui_view *view)
{
	static const char *const rows[] = {"English, AAC",
		"English, AAC, for the visually impaired", "German, AC-3", "Arabic, AAC",
		"Original, E-AC-3"};

	view->tracks = (struct ui_tracks_view){
		.visible = true, .row_count = 5, .selected = 2, .current = 0};
	SET(view->tracks.title, "Sound");
	for (unsigned i = 0; i < 5; i++)
		SET(view->tracks.rows[i], "%s", rows[i]);
}

static void volume(struct ui_view *view)
{
	view->volume = (struct ui_volume_view){.visible = true, .percent = 64};
	view->notice.visible = true;
	SET(view->notice.text, "Sleep in 30 min");
}

static void muted(struct ui_view *view)
{
	view->volume = (struct ui_volume_view){.visible = true, .percent = 100, .muted = true};
}

static void pin(struct ui_view *view)
{
	view->pin = (struct ui_pin_view){.visible = true, .typed = 2, .wanted = 4};
	SET(view->pin.title, "PIN for 13 \u2068Nature Wide\u2069");
}

static void pin_wrong(struct ui_view *view)
{
	view->pin = (struct ui_pin_view){.visible = true, .wanted = 4};
	SET(view->pin.title, "PIN for 13 \u2068Nature Wide\u2069");
	SET(view->pin.hint, "Too many wrong PINs: wait 42 s.");
}

static void message(struct ui_view *view)
{
	view->message.visible = true;
	SET(view->message.text, "No signal on channel 7: the line of enp0s31f6 is down.");
	ui_sample_banner(&view->banner, 7);
	view->banner.badges |= UI_BADGE_NO_SIGNAL;
}

static void stats(struct ui_view *view)
{
	static const char *const rows[][2] = {{"Zap", "12, cold"}, {"IGMP report", "0.06 ms"},
		{"First packet", "2.2 ms"}, {"Key picture received", "412.7 ms"},
		{"First picture", "421.0 ms"}, {"Motion; sound", "494.1 ms; 701.3 ms"},
		{"Rate; of the stream", "4.10; 4.00 Mbit/s"}, {"Packets lost", "0 of 18240"},
		{"Late order; twice", "0; 0"}, {"Jitter", "0.42 ms"},
		{"MDI (delay : loss)", "3.9 ms : 0"}, {"MDI, worst", "6.2 ms : 0"},
		{"Sync: losses; bytes", "0; 0"}, {"PAT; PMT; PID missing", "0; 0; 0"},
		{"Continuity; tables damaged", "0; 0"},
		{"Pictures; dropped; damaged", "1200; 0; 0"}};

	view->stats = (struct ui_stats_view){.visible = true, .row_count = COUNT(rows)};
	SET(view->stats.title, "Zap and stream");
	for (unsigned i = 0; i < COUNT(rows); i++) {
		SET(view->stats.rows[i].label, "%s", rows[i][0]);
		SET(view->stats.rows[i].value, "%s", rows[i][1]);
	}
	ui_sample_banner(&view->banner, 7);
}

const struct ui_sample ui_samples[] = {{"banner", banner}, {"banner-arabic", banner_arabic},
	{"banner-chinese", banner_chinese}, {"banner-long", banner_long},
	{"banner-plain", banner_plain}, {"banner-typing", banner_typing},
	{"banner-unknown", banner_unknown}, {"list", list}, {"list-scrolled", list_scrolled},
	{"list-bouquets", list_bouquets}, {"list-empty", list_empty}, {"guide", guide},
	{"guide-hebrew", guide_hebrew}, {"tracks", tracks}, {"volume", volume}, {"muted", muted},
	{"pin", pin}, {"pin-wrong", pin_wrong}, {"message", message}, {"stats", stats}};
const size_t ui_sample_count = COUNT(ui_samples);
