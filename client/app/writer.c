#include "client/app/writer.h"

#include "client/play/mailbox.h"

#define JOBS_MAX 512

enum job_type { JOB_MEMORY, JOB_STEPS, JOB_END };

struct job {
	enum job_type type;
	struct channel_memory memory; /* JOB_MEMORY */
	struct channel_step *steps;   /* JOB_STEPS */
	size_t n;
};

struct writer {
	struct writer_listener listener;
	char *path;
	struct mailbox *jobs;
	GThread *thread;
	uv_async_t woken; /* by the thread: it has loaded, or ended */
	bool closing;
	GMutex lock; /* of what follows */
	bool is_loaded, is_told, is_ended;
	GArray *memories, *steps;
	char *why;
};

struct channel_memory writer_copy_memory(const struct channel_memory *memory)
{
	struct channel_memory copy = *memory;
	copy.psi = g_memdup2(memory->psi, memory->psi_bytes);
	copy.video_codec = g_strdup(memory->video_codec);
	copy.audio_codec = g_strdup(memory->audio_codec);
	return copy;
}

void writer_clear_memory(struct channel_memory *memory)
{
	g_free((void *)memory->psi);
	g_free((void *)memory->video_codec);
	g_free((void *)memory->audio_codec);
	*memory = (struct channel_memory){0};
}

static void clear_memory(gpointer memory)
{
	writer_clear_memory(memory);
}

static void clear_step(gpointer step)
{
	g_free((void *)((struct channel_step *)step)->action);
}

static void clear_job(struct job *job)
{
	writer_clear_memory(&job->memory);
	g_free(job->steps);
}

/* ---- on the thread ---- */

static void take_memory(void *ctx, const struct channel_memory *memory)
{
	struct channel_memory copy = writer_copy_memory(memory);
	g_array_append_val((GArray *)ctx, copy);
}

static void take_step(void *ctx, const struct channel_step *step)
{
	struct channel_step copy = *step;
	copy.action = g_strdup(step->action);
	g_array_append_val((GArray *)ctx, copy);
}

static struct lineup *open_and_load(struct writer *w)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	GArray *memories = g_array_new(FALSE, FALSE, sizeof(struct channel_memory));
	GArray *steps = g_array_new(FALSE, FALSE, sizeof(struct channel_step));
	g_array_set_clear_func(memories, clear_memory);
	g_array_set_clear_func(steps, clear_step);
	int error = lineup_open(w->path, LINEUP_WRITE, &lineup, &why);
	if (!error)
		error = lineup_each_memory(lineup, take_memory, memories);
	if (!error)
		error = lineup_each_step(lineup, take_step, steps);
	if (error && !why)
		why = g_strdup_printf("%s cannot be read: %s.", w->path, g_strerror(-error));
	g_mutex_lock(&w->lock);
	w->memories = memories;
	w->steps = steps;
	w->why = why;
	w->is_loaded = true;
	g_mutex_unlock(&w->lock);
	uv_async_send(&w->woken);
	return lineup;
}

/* What cannot be written (a full disk, an import that takes long) is lost; playing goes on. */
static void carry_out(struct lineup *lineup, const struct job *job)
{
	if (lineup && job->type == JOB_MEMORY)
		lineup_put_memory(lineup, &job->memory);
	if (lineup && job->type == JOB_STEPS)
		lineup_replace_steps(lineup, job->steps, job->n);
}

static gpointer run(gpointer data)
{
	struct writer *w = data;
	struct lineup *lineup = open_and_load(w);
	for (;;) {
		struct job job;
		mailbox_wait(w->jobs, &job);
		if (job.type == JOB_END)
			break;
		carry_out(lineup, &job);
		clear_job(&job);
	}
	lineup_close(lineup);
	g_mutex_lock(&w->lock);
	w->is_ended = true;
	g_mutex_unlock(&w->lock);
	uv_async_send(&w->woken);
	return NULL;
}

/* ---- on the loop ---- */

static void on_closed(uv_handle_t *handle)
{
	struct writer *w = handle->data;
	g_thread_join(w->thread);
	mailbox_free(w->jobs);
	g_array_unref(w->memories);
	g_array_unref(w->steps);
	g_mutex_clear(&w->lock);
	g_free(w->why);
	g_free(w->path);
	g_free(w);
}

static void on_woken(uv_async_t *async)
{
	struct writer *w = async->data;
	g_mutex_lock(&w->lock);
	bool tell = w->is_loaded && !w->is_told && !w->closing, ended = w->is_ended;
	w->is_told |= tell;
	g_mutex_unlock(&w->lock);
	if (tell)
		w->listener.loaded(w->listener.ctx, w->memories, w->steps, w->why);
	if (ended && !uv_is_closing((uv_handle_t *)&w->woken))
		uv_close((uv_handle_t *)&w->woken, on_closed);
}

int writer_open(uv_loop_t *loop, const char *path, const struct writer_listener *listener,
	struct writer **ret)
{
	struct writer *w = g_new0(struct writer, 1);
	int error = uv_async_init(loop, &w->woken, on_woken);
	if (error) {
		g_free(w);
		return error;
	}
	w->listener = *listener;
	w->path = g_strdup(path);
	w->woken.data = w;
	w->jobs = mailbox_new(JOBS_MAX, sizeof(struct job), NULL, NULL);
	g_mutex_init(&w->lock);
	w->thread = g_thread_new("writer", run, w);
	*ret = w;
	return 0;
}

/* Room for the end is always left. */
static void put(struct writer *w, struct job *job)
{
	if (w->closing || !mailbox_put(w->jobs, job, 1))
		clear_job(job);
}

void writer_put_memory(struct writer *w, const struct channel_memory *memory)
{
	struct job job = {.type = JOB_MEMORY, .memory = writer_copy_memory(memory)};
	put(w, &job);
}

void writer_replace_steps(struct writer *w, const struct channel_step *steps, size_t n)
{
	struct job job = {.type = JOB_STEPS, .steps = g_memdup2(steps, n * sizeof *steps), .n = n};
	put(w, &job);
}

void writer_close(struct writer *w)
{
	if (!w)
		return;
	struct job end = {.type = JOB_END};
	w->closing = true;
	mailbox_put(w->jobs, &end, 0);
}
