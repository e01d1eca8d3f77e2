/* doctor/proc: the kernel's tables, as it writes them and as nobody should. */
#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>

#include "client/doctor/proc.h"
#include "tests/support/test.h"

/* As the address lies in memory, which is how the kernel prints it. */
static unsigned in_memory(const char *address)
{
	return inet_addr(address);
}

static char *igmp_table(void)
{
	return g_strdup_printf("Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"
			       "1\tlo        :     1      V3\n"
			       "\t\t\t\t%08X     1 0:00000000\t\t0\n"
			       "2\teth0      :     4      V2\n"
			       "\t\t\t\t%08X     3 1:0000004E\t\t1\n"
			       "\t\t\t\t%08X     1 0:00000000\t\t0\n"
			       "\t\t\t\t%08X     1 0:00000000\t\t0\n"
			       "13\teth0.100  :     2      V1\n"
			       "\t\t\t\t%08X     1 0:00000000\t\t0\n"
			       "14\tan-iface-name-1:     1      V3\n"
			       "\t\t\t\t%08X     1 0:00000000\t\t0\n",
		in_memory("224.0.0.1"), in_memory("239.1.1.3"), in_memory("224.0.0.1"),
		in_memory("232.1.1.4"), in_memory("239.9.9.9"), in_memory("239.7.7.7"));
}

static void expect_groups(const struct proc_igmp *igmp, const char *expected)
{
	g_autoptr(GString) groups = g_string_new(NULL);
	for (guint i = 0; i < igmp->groups->len; i++) {
		const struct proc_group *group = &g_array_index(igmp->groups, struct proc_group, i);
		char text[INET_ADDRSTRLEN];
		g_string_append_printf(groups, "%s%s*%u", i ? " " : "",
			inet_ntop(AF_INET, &group->group, text, sizeof text), group->users);
	}
	assert_string_equal(groups->str, expected);
}

static void expect_igmp(const char *text, const char *iface, unsigned version, const char *groups)
{
	struct proc_igmp igmp;
	proc_read_igmp(text, iface, &igmp);
	assert_int_equal(igmp.version, version);
	expect_groups(&igmp, groups);
	g_array_unref(igmp.groups);
}

static void each_interface_has_its_groups_and_version(void **state)
{
	(void)state;
	g_autofree char *table = igmp_table();
	expect_igmp(table, "lo", 3, "");
	expect_igmp(table, "eth0", 2, "239.1.1.3*3 232.1.1.4*1");
	expect_igmp(table, "eth0.100", 1, "239.9.9.9*1");
	expect_igmp(table, "an-iface-name-1", 3, "239.7.7.7*1"); /* no blank before the colon */
	expect_igmp(table, "eth", 0, "");
	expect_igmp(table, "", 0, "");
}

static void what_is_no_table_has_nothing(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "\n", "Idx", "2\teth0",
		"2\teth0 :", "2\teth0      :     4      Vx\n\t\t\t\t030101EF     1 0:0\n",
		"2\teth0      :     4\n\t\t\t\t030101EF     1 0:0\n",
		"x\teth0      :     4      V3\n\t\t\t\t030101EF     1 0:0\n",
		"\t\t\t\t030101EF     1 0:00000000\t\t0\n", "\xff\xfe\xfd\n\t\x80"};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		expect_igmp(texts[i], "eth0", 0, "");
}

static void bad_lines_between_good_ones_are_passed_over(void **state)
{
	(void)state;
	g_autofree char *text = g_strdup_printf("2\teth0      :     4      V3\n"
						"\t\t\t\tnothing\n"
						"\t\t\t\tZZZZZZZZ     1 0:0\n"
						"\t\t\t\t%08X\n"
						"\t\t\t\t%08X     2 0:0\n"
						"no tab %08X     2 0:0",
		in_memory("239.1.1.1"), in_memory("239.1.1.2"), in_memory("239.1.1.3"));
	expect_igmp(text, "eth0", 3, "239.1.1.2*2");
}

static void sources_are_those_of_the_interface(void **state)
{
	(void)state;
	GArray *filters = proc_read_mcfilter("Idx Device        MCA        SRC    INC    EXC\n"
					     "  2   eth0 0xe8010104 0x0a00010a      1      0\n"
					     "  2   eth0 0xef010101 0x0a00010b      0      2\n"
					     " 13 eth0.1 0xe8010105 0x0a00010a      1      0\n"
					     "  2   eth0 0xe8010106 0x0a00010a      1\n"
					     "  2   eth0 rubbish\n",
		2);
	assert_int_equal(filters->len, 2);
	const struct proc_filter *first = &g_array_index(filters, struct proc_filter, 0);
	const struct proc_filter *second = &g_array_index(filters, struct proc_filter, 1);
	assert_int_equal(first->group.s_addr, inet_addr("232.1.1.4"));
	assert_int_equal(first->source.s_addr, inet_addr("10.0.1.10"));
	assert_int_equal(first->includes, 1);
	assert_int_equal(first->excludes, 0);
	assert_int_equal(second->group.s_addr, inet_addr("239.1.1.1"));
	assert_int_equal(second->excludes, 2);
	g_array_unref(filters);
	filters = proc_read_mcfilter("", 2);
	assert_int_equal(filters->len, 0);
	g_array_unref(filters);
}

static void numbers_are_whole_and_alone(void **state)
{
	(void)state;
	assert_int_equal(proc_read_number("20\n"), 20);
	assert_int_equal(proc_read_number("0\n"), 0);
	assert_int_equal(proc_read_number("212992"), 212992);
	static const char *const none[] = {"", "\n", "x", "-5\n", "1 2\n", "20x\n"};
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
		assert_int_equal(proc_read_number(none[i]), -1);
}

static void a_vlan_has_an_id_and_an_interface_below(void **state)
{
	(void)state;
	char parent[IF_NAMESIZE];
	assert_int_equal(proc_read_vlan("eth0.100  VID: 100\t REORDER_HDR: 1  dev->priv_flags: "
					"1021\n         total frames received            0\n"
					"Device: eth0\nINGRESS priority mappings: 0:0\n",
				 parent),
		100);
	assert_string_equal(parent, "eth0");
	assert_int_equal(proc_read_vlan("VID: x\nDevice: \n", parent), 0);
	assert_string_equal(parent, "");
	assert_int_equal(proc_read_vlan("", parent), 0);
	assert_int_equal(
		proc_read_vlan("VID: 7\nDevice: a-name-that-is-much-too-long\n", parent), 7);
	assert_int_equal(strlen(parent), IF_NAMESIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_interface_has_its_groups_and_version),
		cmocka_unit_test(what_is_no_table_has_nothing),
		cmocka_unit_test(bad_lines_between_good_ones_are_passed_over),
		cmocka_unit_test(sources_are_those_of_the_interface),
		cmocka_unit_test(numbers_are_whole_and_alone),
		cmocka_unit_test(a_vlan_has_an_id_and_an_interface_below),
	};
	return cmocka_run_group_tests_name("client_doctor_proc", tests, NULL, NULL);
}
