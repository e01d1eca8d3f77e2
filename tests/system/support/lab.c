#include "tests/system/support/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "tests/lab/control.h"
#include "tests/support/test.h"

uint64_t lab_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void import_lineup(const struct lab *lab)
{
	g_autofree char *list = g_build_filename(ZAPPER_SOURCE, "tests", "lab", "lineup.m3u", NULL);
	g_autofree char *out = lab_path(lab, "import.out");
	const char *const argv[] = {lab->zapper, "import", "--db", lab->db, list, NULL};
	assert_int_equal(lab_wait(lab_spawn(lab, "box", argv, out, out), 10000), 0);
}

const char *lab_open(struct lab *ret)
{
	const char *missing = g_getenv("ZAPPER_NO_LAB"), *dir = g_getenv("ZAPPER_LAB_DIR");
	const char *build = g_getenv("ZAPPER_BUILD");
	if (missing && *missing)
		return missing;
	if (!dir || !build)
		return "not within a lab: start it by tests/system/run, with ZAPPER_BUILD set";
	*ret = (struct lab){
		.dir = g_strdup(dir),
		.zapper = g_build_filename(build, "client", "zapper", NULL),
		.clips = g_build_filename(build, "tests", "lab", "clips", NULL),
		/* Within the lab's, so that it goes with the lab when a test is killed. */
		.folder = g_build_filename(dir, "t-XXXXXX", NULL),
	};
	assert_non_null(g_mkdtemp(ret->folder));
	ret->db = lab_path(ret, "lineup.db");
	import_lineup(ret);
	return NULL;
}

static void remove_folder(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		g_remove(file);
	}
	g_clear_pointer(&dir, g_dir_close);
	g_rmdir(path);
}

void lab_close(struct lab *lab)
{
	if (lab->folder)
		remove_folder(lab->folder);
	g_free(lab->dir);
	g_free(lab->zapper);
	g_free(lab->clips);
	g_free(lab->folder);
	g_free(lab->db);
	*lab = (struct lab){0};
}

void lab_headend(const struct lab *lab, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *line = g_strdup_vprintf(format, args);
	va_end(args);
	g_autofree char *path = g_build_filename(lab->dir, "headend.sock", NULL);
	g_autofree char *answer = NULL;
	int error = control_ask(path, line, &answer);
	if (error || !g_str_has_prefix(answer, "ok"))
		fail_msg("the head-end on '%s': %s", line, error ? g_strerror(-error) : answer);
}

static void redirect(int fd, const char *path)
{
	int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	if (file >= 0)
		dup2(file, fd);
}

/* In the child. Everything that was allocated is the parent's; nothing is allocated here. */
static _Noreturn void become(
	const char *namespace, const char *const *argv, const char *out, const char *err)
{
	int fd = open(namespace, O_RDONLY | O_CLOEXEC),
	    null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		_exit(126);
	dup2(null, STDIN_FILENO);
	redirect(STDOUT_FILENO, out);
	redirect(STDERR_FILENO, err);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

pid_t lab_spawn(const struct lab *lab, const char *node, const char *const *argv, const char *out,
	const char *err)
{
	g_autofree char *namespace = g_build_filename(lab->dir, "ns", node, NULL);
	pid_t pid = fork();
	if (pid == 0)
		become(namespace, argv, out, err);
	assert_true(pid > 0);
	return pid;
}

int lab_wait(pid_t pid, unsigned limit_ms)
{
	uint64_t deadline_ns = lab_now_ns() + limit_ms * UINT64_C(1000000);
	int status;
	pid_t ended;
	while ((ended = waitpid(pid, &status, WNOHANG)) == 0 && lab_now_ns() < deadline_ns)
		g_usleep(2000);
	if (ended != pid)
		return -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void lab_run(const struct lab *lab, const char *node, const char *const *argv)
{
	int code = lab_wait(lab_spawn(lab, node, argv, NULL, NULL), 10000);
	if (code)
		fail_msg("%s %s ended with %d", argv[0], argv[1], code);
}

static json_t *run_for_json(const struct lab *lab, const char *node, const char *const *argv)
{
	g_autofree char *out = lab_path(lab, "answer.json");
	g_remove(out);
	assert_int_equal(lab_wait(lab_spawn(lab, node, argv, out, NULL), 10000), 0);
	json_error_t error;
	json_t *answer = json_load_file(out, 0, &error);
	if (!answer)
		fail_msg("%s answered no JSON: %s", argv[0], error.text);
	return answer;
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Takes the list over. */
static char *join_groups(GPtrArray *groups)
{
	g_ptr_array_sort(groups, compare_text);
	g_ptr_array_add(groups, NULL);
	char *text = g_strjoinv(" ", (char **)groups->pdata);
	g_ptr_array_unref(groups);
	return text;
}

static void add_group(GPtrArray *groups, const char *group)
{
	if (group && (g_str_has_prefix(group, "239.1.1.") || g_str_has_prefix(group, "232.1.1.")) &&
		!g_ptr_array_find_with_equal_func(groups, group, g_str_equal, NULL))
		g_ptr_array_add(groups, g_strdup(group));
}

/* Its list of groups will not do: FRR keeps those that nobody wants any more, without sources. */
char *lab_router_groups(const struct lab *lab)
{
	g_autofree char *socket = g_build_filename(lab->dir, "frr", NULL);
	const char *const argv[] = {
		"vtysh", "--vty_socket", socket, "-c", "show ip igmp sources json", NULL};
	json_t *answer = run_for_json(lab, "router", argv), *group;
	GPtrArray *groups = g_ptr_array_new_with_free_func(g_free);
	const char *name;
	json_object_foreach(json_object_get(answer, "eth1"), name,
		group) if (json_array_size(json_object_get(group, "sources")))
		add_group(groups, name);
	json_decref(answer);
	return join_groups(groups);
}

char *lab_bridge_groups(const struct lab *lab)
{
	const char *const argv[] = {"bridge", "-j", "mdb", "show", NULL};
	json_t *answer = run_for_json(lab, "bridge", argv), *entry;
	GPtrArray *groups = g_ptr_array_new_with_free_func(g_free);
	size_t i;
	json_array_foreach(json_object_get(json_array_get(answer, 0), "mdb"), i, entry)
		add_group(groups, json_string_value(json_object_get(entry, "grp")));
	json_decref(answer);
	return join_groups(groups);
}

void lab_mac(const struct lab *lab, const char *node, const char *iface, uint8_t ret[6])
{
	const char *const argv[] = {"ip", "-j", "link", "show", "dev", iface, NULL};
	json_t *answer = run_for_json(lab, node, argv);
	const char *text = json_string_value(json_object_get(json_array_get(answer, 0), "address"));
	assert_non_null(text);
	assert_int_equal(sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &ret[0], &ret[1], &ret[2],
				 &ret[3], &ret[4], &ret[5]),
		6);
	json_decref(answer);
}

uint32_t lab_group(int channel)
{
	return (lab_is_ssm(channel) ? 0xe8010100u : 0xef010100u) + (uint32_t)channel;
}

bool lab_is_ssm(int channel)
{
	return channel % 2 == 0;
}

char *lab_path(const struct lab *lab, const char *name)
{
	return g_build_filename(lab->folder, name, NULL);
}

char *lab_read(const char *path)
{
	char *text = NULL;
	return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}
