#include "client/receive/packet.h"

#include <bitstream/ietf/ip.h>
#include <bitstream/ietf/udp.h>
#include <errno.h>
#include <string.h>

/* More fragments, or an offset. biTStream's ip_get_frag_offset() gives the offset's low byte only.
 */
static bool is_fragment(const uint8_t *ip)
{
	return (ip[6] & 0x3f) != 0 || ip[7] != 0;
}

static int udp_parse(const uint8_t *udp, size_t len, struct packet_udp *ret)
{
	if (len < UDP_HEADER_SIZE)
		return -EBADMSG;
	size_t udp_len = udp_get_len(udp);
	if (udp_len < UDP_HEADER_SIZE || udp_len > len)
		return -EBADMSG;
	ret->flow.port = udp_get_dstport(udp);
	ret->payload = udp + UDP_HEADER_SIZE;
	ret->len = udp_len - UDP_HEADER_SIZE;
	return 0;
}

int packet_parse(const uint8_t *data, size_t len, struct packet_udp *ret)
{
	if (len < IP_HEADER_MINSIZE || ip_get_version(data) != 4)
		return -EBADMSG;
	size_t header_len = 4 * (size_t)ip_get_ihl(data);
	size_t total_len = ip_get_len(data);
	if (header_len < IP_HEADER_MINSIZE || total_len < header_len)
		return -EBADMSG;
	if (ip_get_proto(data) != IP_PROTO_UDP)
		return -EBADMSG;
	if (is_fragment(data))
		return -EPROTO;
	if (total_len > len)
		return -EMSGSIZE;

	struct packet_udp udp;
	memcpy(&udp.flow.source.s_addr, data + 12, 4);
	memcpy(&udp.flow.group.s_addr, data + 16, 4);
	int rc = udp_parse(data + header_len, total_len - header_len, &udp);
	if (rc == 0)
		*ret = udp;
	return rc;
}
