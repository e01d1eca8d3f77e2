#include "client/receive/filter.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <stdbool.h>

enum {
	IP_FRAGMENT = 6,
	IP_PROTOCOL = 9,
	IP_SOURCE = 12,
	IP_DESTINATION = 16,
	UDP_PORT = 2, /* of the destination, behind the IP header */

	FRAGMENT_OFFSET = 0x1fff,
	VLAN_ID = 0x0fff,
	ACCEPT_WHOLE = 0x40000,
	DROP = 0,

	/* Scratch memory. */
	SOURCE = 0,
	DESTINATION = 1,
	PORT = 2,
};

struct program {
	struct sock_filter *code;
	size_t len, max;
	bool overflow;
};

static void put(struct program *p, struct sock_filter instruction)
{
	if (p->len == p->max) {
		p->overflow = true;
		return;
	}
	p->code[p->len++] = instruction;
}

static void put_statement(struct program *p, uint16_t code, uint32_t k)
{
	put(p, (struct sock_filter)BPF_STMT(code, k));
}

static void put_jump(struct program *p, uint16_t code, uint32_t k, uint8_t jt, uint8_t jf)
{
	put(p, (struct sock_filter)BPF_JUMP(code, k, jt, jf));
}

static void put_load_ancillary(struct program *p, uint32_t what)
{
	put_statement(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_AD_OFF + what);
}

/*
 * What the kernel takes on to a device on top of the interface (eth0.100 of eth0) is shown to
 * sockets of both, and says to which of them it went. A VLAN that no device has makes it another
 * host's; where the tag is still there it is looked at as well.
 */
static void put_own_frames_only(struct program *p, unsigned ifindex)
{
	if (ifindex != 0) {
		put_load_ancillary(p, SKF_AD_IFINDEX);
		put_jump(p, BPF_JMP | BPF_JEQ | BPF_K, ifindex, 1, 0);
		put_statement(p, BPF_RET | BPF_K, DROP);
	}
	put_load_ancillary(p, SKF_AD_PKTTYPE);
	put_jump(p, BPF_JMP | BPF_JEQ | BPF_K, PACKET_OTHERHOST, 1, 0);
	put_jump(p, BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1);
	put_statement(p, BPF_RET | BPF_K, DROP);
	put_load_ancillary(p, SKF_AD_VLAN_TAG_PRESENT);
	put_jump(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0);
	put_load_ancillary(p, SKF_AD_VLAN_TAG);
	put_jump(p, BPF_JMP | BPF_JSET | BPF_K, VLAN_ID, 0, 1);
	put_statement(p, BPF_RET | BPF_K, DROP);
}

/*
 * Jumps reach 255 instructions only: each test has its own return, none jumps to the end. Packet
 * loads become six to eight instructions each inside the kernel, and their memory is limited
 * (net.core. optmem_max, 20 KiB before Linux 6.9): so each field is loaded once.
 */
static void put_prelude(struct program *p)
{
	put_statement(p, BPF_LD | BPF_B | BPF_ABS, 0);
	put_statement(p, BPF_ALU | BPF_AND | BPF_K, 0xf0);
	put_jump(p, BPF_JMP | BPF_JEQ | BPF_K, 0x40, 1, 0);
	put_statement(p, BPF_RET | BPF_K, DROP);
	put_statement(p, BPF_LD | BPF_B | BPF_ABS, IP_PROTOCOL);
	put_jump(p, BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 1, 0);
	put_statement(p, BPF_RET | BPF_K, DROP);
	put_statement(p, BPF_LD | BPF_H | BPF_ABS, IP_FRAGMENT);
	put_jump(p, BPF_JMP | BPF_JSET | BPF_K, FRAGMENT_OFFSET, 0, 1);
	put_statement(p, BPF_RET | BPF_K, DROP);
	put_statement(p, BPF_LDX | BPF_B | BPF_MSH, 0); /* X: length of the IP header */
	put_statement(p, BPF_LD | BPF_H | BPF_IND, UDP_PORT);
	put_statement(p, BPF_ST, PORT);
	put_statement(p, BPF_LD | BPF_W | BPF_ABS, IP_SOURCE);
	put_statement(p, BPF_ST, SOURCE);
	put_statement(p, BPF_LD | BPF_W | BPF_ABS, IP_DESTINATION);
	put_statement(p, BPF_ST, DESTINATION);
}

/* The destination is loaded before, and again behind it where something else was. */
static void put_flow(struct program *p, const struct receive_flow *flow)
{
	bool any_source = flow->source.s_addr == INADDR_ANY;

	put_jump(p, BPF_JMP | BPF_JEQ | BPF_K, ntohl(flow->group.s_addr), 0, any_source ? 4 : 6);
	if (!any_source) {
		put_statement(p, BPF_LD | BPF_MEM, SOURCE);
		put_jump(p, BPF_JMP | BPF_JEQ | BPF_K, ntohl(flow->source.s_addr), 0, 3);
	}
	put_statement(p, BPF_LD | BPF_MEM, PORT);
	put_jump(p, BPF_JMP | BPF_JEQ | BPF_K, flow->port, 0, 1);
	put_statement(p, BPF_RET | BPF_K, ACCEPT_WHOLE);
	put_statement(p, BPF_LD | BPF_MEM, DESTINATION);
}

int filter_build(const struct receive_flow *flows, size_t n, unsigned ifindex,
	struct sock_filter *ret, size_t max)
{
	struct program program = {.code = ret, .max = max};

	if (n > 0) {
		put_own_frames_only(&program, ifindex);
		put_prelude(&program);
	}
	for (size_t i = 0; i < n && !program.overflow; i++)
		put_flow(&program, &flows[i]);
	put_statement(&program, BPF_RET | BPF_K, DROP);
	return program.overflow ? -E2BIG : (int)program.len;
}
