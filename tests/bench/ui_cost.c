/*
 * What the screens' model costs, for line-ups of 50, 500 and 5000 channels: each kind of key with
 * the view that answers it. Nothing may grow along a row but the line-up's own coming.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/support/viewer.h"

#define COLUMNS 3
#define EVENTS 20000

static uint64_t clock_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * VIEWER_S + (uint64_t)now.tv_nsec;
}

static bool find_event(void *ctx, uint32_t channel, int64_t time_s, struct ui_guide_event *ret)
{
	int64_t start_s = time_s - (time_s + channel * 60) % 1800;

	(void)ctx;
	*ret = (struct ui_guide_event){.start_s = start_s,
		.end_s = start_s + 1800,
		.title = "The news, with what the weather will be like",
		.description = "Nothing that you would not have known."};
	return true;
}

struct lineup {
	struct ui_channel *channels;
	uint32_t *order;
	struct ui_bouquet bouquet;
	struct ui_lineup lineup;
};

static void make(struct lineup *made, uint32_t count)
{
	made->channels = g_new0(struct ui_channel, count);
	made->order = g_new(uint32_t, count);
	for (uint32_t i = 0; i < count; i++) {
		made->channels[i] = (struct ui_channel){.number = g_strdup_printf("%u", i + 1),
			.name = "Channel of an ordinary name HD"};
		made->order[i] = count - 1 - i;
	}
	made->bouquet = (struct ui_bouquet){"Backwards", made->order, count};
	made->lineup = (struct ui_lineup){made->channels, count, &made->bouquet, 1, NULL, 0};
}

static void clear(struct lineup *made)
{
	for (size_t i = 0; i < made->lineup.count; i++)
		g_free((char *)made->channels[i].number);
	g_free(made->channels);
	g_free(made->order);
}

/* Presses `code` EVENTS times and looks each time; us for each. */
static double answers(struct viewer *viewer, uint16_t code)
{
	uint64_t start_ns = clock_ns();

	for (int i = 0; i < EVENTS; i++) {
		viewer_event(viewer, code, UI_KEY_PRESS);
		viewer_event(viewer, code, UI_KEY_RELEASE);
		viewer_look(viewer);
		viewer->now_ns += VIEWER_S / 10000;
		viewer_forget(viewer);
	}
	return (double)(clock_ns() - start_ns) / 1000 / EVENTS;
}

static double numbers(struct viewer *viewer)
{
	double us = 0;

	/* "9" and what follows leads nowhere in the shorter ones: Back begins anew. */
	for (int i = 0; i < 10; i++) {
		us += answers(viewer, KEY_4) / 10;
		viewer_key(viewer, KEY_BACK);
	}
	return us;
}

enum row { LINEUP, UP, BOUQUET_UP, NUMBER, LIST, LIST_PAGE, GUIDE, IDLE, ROWS };

static void measure(struct viewer *viewer, uint32_t count, double us[ROWS])
{
	static const uint16_t open_bouquet[] = {KEY_OK, KEY_RIGHT, KEY_OK};
	struct ui_effects effects;
	struct lineup made;

	make(&made, count);
	viewer_open(viewer, NULL);
	ui_model_set_guide(viewer->model, &(struct ui_guide){find_event, NULL});
	uint64_t start_ns = clock_ns();
	ui_model_set_lineup(viewer->model, &made.lineup, NULL, viewer->now_ns, &effects);
	us[LINEUP] = (double)(clock_ns() - start_ns) / 1000;
	viewer_tune(viewer, (int32_t)count / 2);
	us[UP] = answers(viewer, KEY_CHANNELUP);
	us[NUMBER] = numbers(viewer);
	viewer_key(viewer, KEY_LIST);
	us[LIST] = answers(viewer, KEY_DOWN);
	us[LIST_PAGE] = answers(viewer, KEY_PAGEDOWN);
	viewer_key(viewer, KEY_EPG);
	us[GUIDE] = answers(viewer, KEY_DOWN);
	viewer_key(viewer, KEY_EPG);
	viewer_keys(viewer, open_bouquet, 3);
	us[BOUQUET_UP] = answers(viewer, KEY_CHANNELUP);
	viewer_wait(viewer, 60 * VIEWER_S);
	us[IDLE] = answers(viewer, KEY_X);
	viewer_close(viewer);
	clear(&made);
}

int main(void)
{
	static const char *const names[ROWS] = {[LINEUP] = "a line-up comes",
		[UP] = "channel up, the banner",
		[BOUQUET_UP] = "the same within a bouquet",
		[NUMBER] = "a digit, the number",
		[LIST] = "down in the list",
		[LIST_PAGE] = "a page of the list",
		[GUIDE] = "down in the guide",
		[IDLE] = "a key without a meaning"};
	static const uint32_t counts[COLUMNS] = {50, 500, 5000};
	struct viewer *viewer = g_new(struct viewer, 1);
	double us[COLUMNS][ROWS];

	printf("| us each, with its view | 50 channels | 500 | 5000 |\n|---|---|---|---|\n");
	for (int i = 0; i < COLUMNS; i++)
		measure(viewer, counts[i], us[i]);
	for (int row = 0; row < ROWS; row++)
		printf("| %s | %.2f | %.2f | %.2f |\n", names[row], us[0][row], us[1][row],
			us[2][row]);
	g_free(viewer);
	return 0;
}
