#include "client/doctor/proc.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "2	eth0      :     2      V3": the name and the version; false for any other line. */
static bool read_device(const char *line, char name[IF_NAMESIZE], unsigned *ret_version)
{
	unsigned index, count;
	return sscanf(line, "%u %15[^: \t] : %u V%1u", &index, name, &count, ret_version) == 4;
}

/* "				0101EFEF     1 0:00000000		0", the address as it lies
 * in memory. */
static bool read_group(const char *line, struct proc_group *ret)
{
	unsigned address, users;
	if (*line != '\t' || sscanf(line, " %8x %u %*u:", &address, &users) != 2)
		return false;
	*ret = (struct proc_group){{address}, users};
	return true;
}

static char **lines_of(const char *text)
{
	return g_strsplit(text, "\n", -1);
}

void proc_read_igmp(const char *text, const char *iface, struct proc_igmp *ret)
{
	char **lines = lines_of(text);
	bool ours = false;
	*ret = (struct proc_igmp){0, g_array_new(FALSE, FALSE, sizeof(struct proc_group))};
	for (char **line = lines; *line; line++) {
		char name[IF_NAMESIZE];
		unsigned version;
		struct proc_group group;
		if (read_device(*line, name, &version)) {
			ours = !strcmp(name, iface);
			if (ours)
				ret->version = version;
		} else if (ours && read_group(*line, &group) &&
			   group.group.s_addr != htonl(INADDR_ALLHOSTS_GROUP)) {
			g_array_append_val(ret->groups, group);
		}
	}
	g_strfreev(lines);
}

GArray *proc_read_mcfilter(const char *text, unsigned ifindex)
{
	char **lines = lines_of(text);
	GArray *filters = g_array_new(FALSE, FALSE, sizeof(struct proc_filter));
	for (char **line = lines; *line; line++) {
		unsigned index, group, source, includes, excludes;
		if (sscanf(*line, "%u %*s %x %x %u %u", &index, &group, &source, &includes,
			    &excludes) != 5 ||
			index != ifindex)
			continue;
		const struct proc_filter filter = {
			{htonl(group)}, {htonl(source)}, includes, excludes};
		g_array_append_val(filters, filter);
	}
	g_strfreev(lines);
	return filters;
}

long proc_read_number(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);
	while (end != text && g_ascii_isspace(*end))
		end++;
	return end == text || *end || number < 0 ? -1 : number;
}

unsigned proc_read_vlan(const char *text, char *ret_parent)
{
	unsigned id = 0;
	const char *device = strstr(text, "\nDevice: "), *vid = strstr(text, "VID: ");
	*ret_parent = '\0';
	if (vid && sscanf(vid, "VID: %u", &id) != 1)
		id = 0;
	if (device)
		sscanf(device, "\nDevice: %15s", ret_parent);
	return id;
}
