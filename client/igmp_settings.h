/* client/igmp_settings: what the settings say to the IGMP host of one interface. Pure. */
#pragma once

#include "client/settings.h"
#include "igmp/host.h"

/* Every key of [igmp], those of [igmp:IFACE] first. `seed` and `mtu_bytes` are left to the link. */
struct igmp_host_settings igmp_settings_on(const struct settings *settings, const char *iface);

/* Names as zapper.conf(5) has them: "one", "two", "gap"; "block", "to_in", "both". */
const char *igmp_settings_pair_name(enum igmp_pair pair);
const char *igmp_settings_leave_name(enum igmp_ssm_leave leave);
