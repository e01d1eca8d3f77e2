#include "channels/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "tests/support/test.h"

static void test_accepted(void **state)
{
	(void)state;
	static const struct {
		const char *text, *separators;
		uint16_t usual_port;
		const char *canonical;
	} cases[] = {
		{"239.1.2.3:5004", ":", 0, "rtp://239.1.2.3:5004"},
		{"@239.1.2.3:1", ":", 7, "rtp://239.1.2.3:1"},
		{"10.0.0.1@232.1.1.1:05004", ":", 0, "rtp://10.0.0.1@232.1.1.1:5004"},
		{"10.0.0.1:0@224.0.0.251:65535", ":", 0, "rtp://10.0.0.1@224.0.0.251:65535"},
		{":0@224.0.0.251:1", ":", 0, "rtp://224.0.0.251:1"},
		{"10.0.0.1@239.1.2.3~1", ":~", 0, "rtp://10.0.0.1@239.1.2.3:1"},
		{"239.1.2.3", ":", 7, "rtp://239.1.2.3:7"},
		{"10.0.0.1:9@239.1.2.3", ":", 7, "rtp://10.0.0.1@239.1.2.3:7"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct channel_address address;
		const char *why;
		char buf[CHANNEL_ADDRESS_BYTES];
		assert_int_equal(channel_address_parse(cases[i].text, strlen(cases[i].text),
					 cases[i].separators, cases[i].usual_port, &address, &why),
			0);
		assert_string_equal(channel_address_format(&address, buf), cases[i].canonical);
	}
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int error;
		const char *why;
	} cases[] = {
		{"", -EINVAL, "group is not an IPv4"},
		{"@", -EINVAL, "group is not an IPv4"},
		{"tv.example.org:5004", -EINVAL, "group is not an IPv4"},
		{"[ff3e::1]:5004", -EPROTONOSUPPORT, "IPv6"},
		{"@[ff3e::1]:5004", -EPROTONOSUPPORT, "IPv6"},
		{"192.0.2.1:5004", -EADDRNOTAVAIL, "not a multicast"},
		{"240.0.0.1:5004", -EADDRNOTAVAIL, "not a multicast"},
		{"user@239.1.2.3:5004", -EINVAL, "source before '@' is not an IPv4"},
		{"239.9.9.9@239.1.2.3:5004", -EINVAL, "not a unicast"},
		{"0.0.0.0@239.1.2.3:5004", -EINVAL, "not a unicast"},
		{"239.1.2.3", -EINVAL, "as in 239.1.2.3:5004"},
		{"239.1.2.3:", -EINVAL, "port is not a number"},
		{"239.1.2.3:0", -EINVAL, "port is not a number"},
		{"239.1.2.3:65536", -EINVAL, "port is not a number"},
		{"239.1.2.3:99999999999999999999", -EINVAL, "port is not a number"},
		{"239.1.2.3:5004<", -EINVAL, "port is not a number"},
		{"239.1.2.3:-1", -EINVAL, "port is not a number"},
		{"239.1.2.3.4.5.6.7.8.9:5004", -EINVAL, "group is not an IPv4"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct channel_address address = {.port = 7};
		const char *why = "";
		assert_int_equal(channel_address_parse(cases[i].text, strlen(cases[i].text), ":", 0,
					 &address, &why),
			cases[i].error);
		assert_non_null(strstr(why, cases[i].why));
		assert_int_equal(address.port, 7);
	}
}

static void test_fields(void **state)
{
	(void)state;
	struct channel_address address = {.transport = CHANNEL_UDP, .programme = 3};
	const char *why;
	/* No more of the text than it is told. */
	assert_int_equal(
		channel_address_parse("10.0.0.1@232.1.1.2:50049", 23, ":", 0, &address, &why), 0);
	assert_int_equal(address.transport, CHANNEL_RTP);
	assert_int_equal(address.programme, 0);
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
