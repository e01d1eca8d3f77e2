#include "tests/system/support/doctor.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "tests/unit/igmp/packets.h"

const char *const doctor_no_net_raw[] = {"setpriv", "--bounding-set", "-net_raw", NULL};

enum { DOCTOR_LIMIT_MS = 20000, HOLD_LIMIT_MS = 5000 };

void said_clear(struct said *said)
{
	json_decref(said->json);
	g_free(said->errors);
}

struct said doctor_run(struct stage *stage, const char *const *before, const char *const *more,
	meanwhile_fn *meanwhile)
{
	const struct lab *lab = &stage->lab;
	g_autofree char *out = lab_path(lab, "doctor.out"), *err = lab_path(lab, "doctor.err");
	g_autofree char *nobody = lab_path(lab, "nobody.sock");
	const char *const usual[] = {lab->zapper, "doctor", "--format", "json", "--db", lab->db,
		"--iface", "eth0", "--control",
		stage->player ? player_socket(stage->player) : nobody, "-o", "play.video_sink=none",
		"-o", "play.audio_sink=none", NULL};
	const char *const *const parts[] = {before, usual, more};
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		for (const char *const *word = parts[i]; word && *word; word++)
			g_ptr_array_add(argv, (char *)*word);
	g_ptr_array_add(argv, NULL);
	unlink(out);
	unlink(err);
	pid_t pid = lab_spawn(lab, "box", (const char *const *)argv->pdata, out, err);
	struct said said = {.code = -1};
	for (unsigned ms = 0; said.code < 0 && ms < DOCTOR_LIMIT_MS; ms += 100) {
		if (meanwhile)
			meanwhile(stage);
		said.code = lab_wait(pid, 100);
	}
	said.errors = lab_read(err);
	g_autofree char *text = lab_read(out);
	said.json = json_loads(text, 0, NULL);
	return said;
}

const char *said_level(const struct said *said, const char *part)
{
	const json_t *finding;
	size_t i;
	json_array_foreach(json_object_get(said->json, "findings"), i, finding)
	{
		const char *sentence = json_string_value(json_object_get(finding, "sentence"));
		if (sentence && strstr(sentence, part))
			return json_string_value(json_object_get(finding, "level"));
	}
	return NULL;
}

void said_expect(const struct said *said, const char *level, const char *part)
{
	const char *found = said_level(said, part);
	if (!g_strcmp0(found, level))
		return;
	g_autofree char *all = said->json ? json_dumps(said->json, JSON_INDENT(1)) : NULL;
	fail_msg("\"%s\" is said at level %s, not %s: %s%s", part, found ? found : "(not at all)",
		level, all ? all : "no JSON ", said->errors);
}

pid_t doctor_hold_groups(struct stage *stage)
{
	static const char script[] =
		"import socket, time\n"
		"at = socket.inet_aton\n"
		"s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
		"s.setsockopt(0, 35, at('239.1.1.3') + at('10.0.2.100'))\n"
		"s.setsockopt(0, 39, at('232.1.1.4') + at('10.0.2.100') + at('10.0.1.10'))\n"
		"print('held', flush=True)\n"
		"time.sleep(60)\n";
	const char *const argv[] = {"/usr/bin/python3", "-c", script, NULL};
	g_autofree char *out = lab_path(&stage->lab, "hold.out");
	unlink(out);
	pid_t pid = lab_spawn(&stage->lab, "box", argv, out, NULL);
	uint64_t deadline_ns = lab_now_ns() + HOLD_LIMIT_MS * UINT64_C(1000000);
	bool held = false;
	while (!held && lab_now_ns() < deadline_ns) {
		g_autofree char *text = lab_read(out);
		held = !strcmp(text, "held\n");
		g_usleep(2000);
	}
	assert_true(held);
	return pid;
}

void doctor_release_groups(pid_t holder)
{
	kill(holder, SIGTERM);
	lab_wait(holder, HOLD_LIMIT_MS);
}

void doctor_ask(struct stage *stage, const char *source, unsigned version)
{
	uint8_t packet[FORGE_MAX_BYTES];
	struct query query = query_defaults();
	query.source = source;
	query.code = 1;
	query.igmp_bytes = version == 3 ? 12 : 8;
	forge_send(stage->forge, packet, query_build(&query, packet));
}
