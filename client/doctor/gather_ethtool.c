/* An interface's features, as ethtool -k shows them: by name, because their bits have no fixed
 * place.
 */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>

#include "client/doctor/gather.h"

#define BITS_PER_BLOCK 32

static bool ask(int fd, const char *name, void *command)
{
	struct ifreq request = {.ifr_data = command};
	g_strlcpy(request.ifr_name, name, sizeof request.ifr_name);
	return ioctl(fd, SIOCETHTOOL, &request) == 0;
}

static unsigned count_features(int fd, const char *name)
{
	struct ethtool_sset_info *info = g_malloc0(sizeof *info + sizeof info->data[0]);
	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = UINT64_C(1) << ETH_SS_FEATURES;
	unsigned count = ask(fd, name, info) && info->sset_mask ? info->data[0] : 0;
	g_free(info);
	return count;
}

/* Their names, ETH_GSTRING_LEN bytes each; NULL where they are not told. */
static struct ethtool_gstrings *ask_names(int fd, const char *name, unsigned count)
{
	struct ethtool_gstrings *names = g_malloc0(sizeof *names + (gsize)count * ETH_GSTRING_LEN);
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = count;
	if (ask(fd, name, names) && names->len == count)
		return names;
	g_free(names);
	return NULL;
}

static struct ethtool_gfeatures *ask_states(int fd, const char *name, unsigned count)
{
	unsigned blocks = (count + BITS_PER_BLOCK - 1) / BITS_PER_BLOCK;
	struct ethtool_gfeatures *states =
		g_malloc0(sizeof *states + blocks * sizeof states->features[0]);
	states->cmd = ETHTOOL_GFEATURES;
	states->size = blocks;
	if (ask(fd, name, states))
		return states;
	g_free(states);
	return NULL;
}

static bool is_on(const struct ethtool_gstrings *names, const struct ethtool_gfeatures *states,
	const char *feature)
{
	for (unsigned i = 0; i < names->len; i++) {
		const char *name = (const char *)names->data + (gsize)i * ETH_GSTRING_LEN;
		if (!strncmp(name, feature, ETH_GSTRING_LEN))
			return states->features[i / BITS_PER_BLOCK].active >> i % BITS_PER_BLOCK &
			       1;
	}
	return false;
}

void gather_merging(int fd, const char *name, struct doctor_merging *ret)
{
	unsigned count = count_features(fd, name);
	struct ethtool_gstrings *names = count ? ask_names(fd, name, count) : NULL;
	struct ethtool_gfeatures *states = names ? ask_states(fd, name, count) : NULL;
	g_strlcpy(ret->name, name, sizeof ret->name);
	if (states) {
		ret->gro = is_on(names, states, "rx-gro");
		ret->udp_forwarding = is_on(names, states, "rx-udp-gro-forwarding");
		ret->list = is_on(names, states, "rx-gro-list");
	}
	g_free(states);
	g_free(names);
}
