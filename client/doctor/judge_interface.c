/* The interface, and who speaks IGMP there. */
#include "client/doctor/judge.h"

#define TOPIC "interface"

static void judge_address_of(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_iface *iface = &facts->iface;
	bool raw = judge_speaker(facts).raw;
	char text[INET_ADDRSTRLEN];
	if (iface->address.s_addr == 0) {
		judge_add(ret, raw ? DOCTOR_WARNING : DOCTOR_ERROR, TOPIC,
			g_strdup_printf("%s has no IPv4 address%s", iface->name,
				raw ? ": reports leave with the source 0.0.0.0, which some routers "
				      "ignore"
				    : ", without which the kernel joins nothing"),
			g_strdup_printf(
				"give it one: dhclient %s, or ip address add", iface->name));
		return;
	}
	GString *sentence = g_string_new(NULL);
	g_string_append_printf(sentence, "%s is up, with the address %s", iface->name,
		judge_address(iface->address, text));
	if (iface->vlan)
		g_string_append_printf(sentence, "; it is VLAN %u%s%s", iface->vlan,
			*iface->parent ? " of " : "", iface->parent);
	judge_add(ret, DOCTOR_OK, TOPIC, g_string_free(sentence, FALSE), NULL);
}

/* The kernel takes merged packets apart for UDP sockets, but not for ours. */
static void judge_merging(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_merging *merging = &facts->iface.merging;
	bool raw = judge_speaker(facts).raw;
	if (!raw || !merging->gro || (!merging->udp_forwarding && !merging->list))
		return;
	judge_add(ret, DOCTOR_WARNING, TOPIC,
		g_strdup_printf("%s merges UDP packets on their way in (%s%s%s): merged ones are "
				"dropped, as they are no longer to be told apart",
			merging->name, merging->udp_forwarding ? "rx-udp-gro-forwarding" : "",
			merging->udp_forwarding && merging->list ? ", " : "",
			merging->list ? "rx-gro-list" : ""),
		judge_merging_remedy(merging->name));
}

void judge_interface(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_iface *iface = &facts->iface;
	const char *name = iface->name;
	if (!*name)
		judge_add(ret, DOCTOR_ERROR, TOPIC,
			g_strdup("no network interface is up that can receive multicast"),
			g_strdup("bring one up (ip link set IF up), or name one with --iface IF"));
	else if (!iface->exists)
		judge_add(ret, DOCTOR_ERROR, TOPIC,
			g_strdup_printf("there is no interface called %s", name),
			g_strdup("'ip -brief link' lists those that are there"));
	else if (!iface->up)
		judge_add(ret, DOCTOR_ERROR, TOPIC, g_strdup_printf("%s is down", name),
			g_strdup_printf("ip link set %s up", name));
	else if (!iface->carrier)
		judge_add(ret, DOCTOR_ERROR, TOPIC, g_strdup_printf("%s has no carrier", name),
			g_strdup("look at the cable, and at what is at its other end"));
	else if (iface->loopback)
		judge_add(ret, DOCTOR_WARNING, TOPIC,
			g_strdup_printf("%s is the loopback: nothing is asked of any router there, "
					"and only programs of this box are received",
				name),
			g_strdup("--iface IF names the interface to the network"));
	else if (!iface->multicast)
		judge_add(ret, DOCTOR_ERROR, TOPIC,
			g_strdup_printf("%s does not take part in multicast", name),
			g_strdup_printf("ip link set %s multicast on", name));
	else
		judge_address_of(facts, ret);
	judge_merging(facts, ret);
}

/* The kernel back end runs: because it was asked for, or because raw cannot be had. */
static void judge_kernel_backend(const struct doctor_facts *facts, const char *why, GPtrArray *ret)
{
	const struct doctor_backend *backend = &facts->backend;
	if (facts->iface.loopback || !facts->iface.multicast)
		judge_add(ret, DOCTOR_OK, "membership", g_strdup(why), NULL);
	else if (backend->raw_opens)
		judge_add(ret, DOCTOR_WARNING, "membership", g_strdup(why),
			g_strdup("raw would open here for this user: --membership auto takes it"));
	else
		judge_add(ret, DOCTOR_WARNING, "membership", g_strdup(why),
			g_strdup("setcap cap_net_raw+ep \"$(command -v zapper)\", or run it as "
				 "root"));
}

void judge_membership(const struct doctor_facts *facts, GPtrArray *ret)
{
	const struct doctor_backend *backend = &facts->backend;
	const struct doctor_speaker speaker = judge_speaker(facts);
	if (!facts->iface.exists)
		return;
	if (speaker.raw)
		judge_add(ret, DOCTOR_OK, "membership", g_strdup(speaker.why), NULL);
	else if (speaker.kernel)
		judge_kernel_backend(facts, speaker.why, ret);
	else
		judge_add(ret, DOCTOR_ERROR, "membership",
			g_strdup_printf("no membership can be had on %s (net.membership=%s): %s",
				facts->iface.name, backend->wanted, backend->why),
			g_strcmp0(backend->wanted, "raw")
				? NULL
				: g_strdup("--membership auto takes the kernel's where raw is not "
					   "to be had"));
}
