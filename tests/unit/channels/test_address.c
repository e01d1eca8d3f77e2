#include "channels/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "tests/support/test.h"

static void test_accepted(void **state)
{
	(void)state;
	static const struct {
		const char *uri, *canonical;
	} cases[] = {
		{"rtp://239.1.2.3:5004", "rtp://239.1.2.3:5004"},
		{"udp://@239.1.2.3:1", "udp://239.1.2.3:1"},
		{"rtp://10.0.0.1@232.1.1.1:5004", "rtp://10.0.0.1@232.1.1.1:5004"},
		{"RTP://10.0.0.1@232.1.1.1:05004", "rtp://10.0.0.1@232.1.1.1:5004"},
		{"Udp://224.0.0.251:65535/", "udp://224.0.0.251:65535"},
		{"rtp://233.18.204.57:5140?fcc=124.75.25.211%3A7777", "rtp://233.18.204.57:5140"},
		{"rtp://239.1.2.3:5004/?fec=4055", "rtp://239.1.2.3:5004"},
		{"rtp://239.1.2.3:5004$HD", "rtp://239.1.2.3:5004"},
		{"rtp://239.1.2.3:5004?a=b@c$HD@home", "rtp://239.1.2.3:5004"},
		{"udp://10.0.0.1@239.1.2.3:5004/ifindex=2", "udp://10.0.0.1@239.1.2.3:5004"},
		{"rtp://239.1.2.3:5004|User-Agent=x", "rtp://239.1.2.3:5004"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct channel_address address;
		char buf[CHANNEL_ADDRESS_BYTES];
		assert_int_equal(channel_address_parse(cases[i].uri, &address, NULL), 0);
		assert_string_equal(channel_address_format(&address, buf), cases[i].canonical);
	}
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *uri;
		int error;
		const char *why;
	} cases[] = {
		{"", -EINVAL, "not an address"},
		{"239.1.2.3:5004", -EINVAL, "not an address"},
		{"http://10.0.0.1:4022/udp/239.1.2.3:5004", -EPROTONOSUPPORT, "only rtp"},
		{"rtp://", -EINVAL, "group is not an IPv4"},
		{"rtp://@", -EINVAL, "group is not an IPv4"},
		{"rtp://tv.example.org:5004", -EINVAL, "group is not an IPv4"},
		{"rtp://[ff3e::1]:5004", -EPROTONOSUPPORT, "IPv6"},
		{"rtp://192.0.2.1:5004", -EADDRNOTAVAIL, "not a multicast"},
		{"rtp://240.0.0.1:5004", -EADDRNOTAVAIL, "not a multicast"},
		{"rtp://user@239.1.2.3:5004", -EINVAL, "source before '@' is not an IPv4"},
		{"rtp://239.9.9.9@239.1.2.3:5004", -EINVAL, "not a unicast"},
		{"rtp://0.0.0.0@239.1.2.3:5004", -EINVAL, "not a unicast"},
		{"rtp://239.1.2.3", -EINVAL, "port is missing"},
		{"rtp://239.1.2.3:", -EINVAL, "port is not a number"},
		{"rtp://239.1.2.3:0", -EINVAL, "port is not a number"},
		{"rtp://239.1.2.3:65536", -EINVAL, "port is not a number"},
		{"rtp://239.1.2.3:99999999999999999999", -EINVAL, "port is not a number"},
		{"rtp://239.1.2.3:5004<", -EINVAL, "port is not a number"},
		{"rtp://239.1.2.3:-1", -EINVAL, "port is not a number"},
		{"rtp://239.1.2.3.4.5.6.7.8.9:5004", -EINVAL, "group is not an IPv4"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct channel_address address = {.port = 7};
		const char *why = "";
		assert_int_equal(
			channel_address_parse(cases[i].uri, &address, &why), cases[i].error);
		assert_non_null(strstr(why, cases[i].why));
		assert_int_equal(address.port, 7);
	}
}

static void test_fields(void **state)
{
	(void)state;
	struct channel_address address;
	assert_int_equal(channel_address_parse("udp://10.0.0.1@232.1.1.2:5004", &address, NULL), 0);
	assert_int_equal(address.transport, CHANNEL_UDP);
	assert_int_equal(ntohl(address.source.s_addr), 0x0a000001);
	assert_int_equal(ntohl(address.group.s_addr), 0xe8010102);
	assert_int_equal(address.port, 5004);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_fields),
	};
	return cmocka_run_group_tests_name("channels_address", tests, NULL, NULL);
}
