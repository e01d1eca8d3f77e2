#include "client/bench/book.h"

struct entry {
	struct bench_pressed pressed; /* n 0: none */
	uint64_t wire_ns;
	/* The key unit that the picture is made of, as play chooses it: see key_unit(). */
	bool begun, damaged, remembered;
	bool refused; /* a damaged one came before it */
	bool flagged; /* by the decoder */
};

struct bench_book {
	struct bench_run *run;
	/* The zap that was begun last, and the one that it may have cut off. */
	struct entry now, before;
	struct entry older; /* for bench_book_idle() */
	bool ended;
};

struct bench_book *bench_book_new(struct bench_run *run)
{
	struct bench_book *book = g_new0(struct bench_book, 1);
	book->run = run;
	return book;
}

void bench_book_free(struct bench_book *book)
{
	g_free(book);
}

void bench_book_press(struct bench_book *book, const struct bench_pressed *pressed)
{
	book->older = book->before;
	book->before = book->now;
	book->now = (struct entry){.pressed = *pressed};
}

void bench_book_idle(struct bench_book *book)
{
	book->now = book->before;
	book->before = book->older;
	book->run->idle_presses++;
}

/* A stamp that comes late, after the next press, is of the zap before; the last leave's of none. */
void bench_book_stamp(struct bench_book *book, uint64_t n, uint64_t wire_ns)
{
	if (wire_ns < book->now.pressed.scheduled_ns)
		book->before.wire_ns = wire_ns;
	else if (n == book->now.pressed.n)
		book->now.wire_ns = wire_ns;
}

/* The picture is decoded from the first whole one, or from the second one, whatever it is. */
void bench_book_key_unit(struct bench_book *book, uint64_t n, bool damaged, bool remembered)
{
	struct entry *now = &book->now;
	if (n != now->pressed.n || now->begun)
		return;
	now->begun = !damaged || now->refused;
	now->damaged = damaged;
	now->remembered = remembered;
	now->refused = true;
}

void bench_book_flagged(struct bench_book *book, uint64_t n)
{
	if (n == book->now.pressed.n)
		book->now.flagged = true;
}

void bench_book_end(struct bench_book *book)
{
	book->ended = true;
}

static enum bench_check check_of(const struct entry *entry, const struct zap_record *record)
{
	if (!record->at_ns[ZAP_PICTURE])
		return BENCH_UNCHECKED;
	if (entry->flagged || (entry->begun && entry->damaged))
		return BENCH_DAMAGED;
	return entry->begun && !entry->remembered ? BENCH_WHOLE : BENCH_UNCHECKED;
}

/* Of the zap before, a record that comes with the next key or after it is what that left of it. */
static enum bench_cut cut_of(const struct bench_book *book, const struct entry *entry)
{
	if (entry == &book->before)
		return BENCH_CUT_KEY;
	return book->ended ? BENCH_CUT_RUN : BENCH_CUT_NONE;
}

bool bench_book_record(
	struct bench_book *book, const struct zap_record *record, struct bench_pressed *ret_pressed)
{
	const struct entry *entry =
		record->n == book->before.pressed.n ? &book->before : &book->now;
	if (record->n != entry->pressed.n)
		return false;
	struct bench_zap zap = {.record = *record,
		.scheduled_ns = entry->pressed.scheduled_ns,
		.waited_ns = entry->pressed.waited_ns,
		.wire_ns = record->at_ns[ZAP_REPORT] ? entry->wire_ns : 0,
		.action = entry->pressed.action,
		.check = check_of(entry, record),
		.cut = cut_of(book, entry),
		.ahead = entry->pressed.ahead};
	zap.record.n = bench_run_count(book->run) + 1;
	bench_run_add_zap(book->run, &zap);
	*ret_pressed = entry->pressed;
	return true;
}
