/* A channel number while it is typed: what it leads to. */
#include "ui/model_state.h"

#define NUMBER_STAYS_NS (500 * MODEL_MS) /* readable for so long, also where there is no banner */

static void follow(
	struct ui_model *model, enum ui_entry_step step, uint64_t pressed_ns, uint64_t now_ns)
{
	if (step != UI_ENTRY_DONE)
		return;
	int32_t channel = model_by_number(model, model->entry.number);
	model->open = OPEN_NOTHING;
	model_go(model, channel, UI_TUNE_NUMBER, pressed_ns);
	model_show_banner(model, now_ns);
	uint64_t stays_until_ns = model_later(now_ns, NUMBER_STAYS_NS);
	model->banner_until_ns = MAX(model->banner_until_ns, stays_until_ns);
}

static char digit_of(enum ui_command command)
{
	if (command >= UI_COMMAND_0 && command <= UI_COMMAND_9)
		return (char)('0' + (command - UI_COMMAND_0));
	return command == UI_COMMAND_DOT ? '.' : '\0';
}

bool model_entry_press(struct ui_model *model, const struct ui_press *press)
{
	struct ui_entry *entry = &model->entry;
	char digit = digit_of(press->command);
	bool pending = entry->typed[0] && !entry->ended;
	enum ui_entry_step step;

	if (!pending && digit == '0' && !press->is_repeat) {
		ui_entry_cancel(entry); /* what is still said of another number */
		return false;		/* LAST */
	}
	if (digit && press->is_repeat)
		return true;
	if (digit)
		step = ui_entry_type(entry, digit, press->at_ns);
	else if (press->command == UI_COMMAND_OK && entry->typed[0] && press->is_repeat)
		return true; /* what it has said is to be read */
	else if (press->command == UI_COMMAND_OK && entry->typed[0])
		step = ui_entry_ok(entry, press->at_ns);
	else if (press->command == UI_COMMAND_BACK && entry->typed[0])
		step = ui_entry_cancel(entry);
	else {
		ui_entry_cancel(entry); /* the viewer went elsewhere */
		return false;
	}
	follow(model, step, press->at_ns, press->at_ns);
	return true;
}

void model_entry_expire(struct ui_model *model, uint64_t now_ns)
{
	uint64_t typed_ns = model->entry.typed_ns;

	follow(model, ui_entry_expire(&model->entry, now_ns), typed_ns, now_ns);
}

const char *ui_model_typed(const struct ui_model *model)
{
	return model->entry.unknown ? "" : model->entry.typed;
}
