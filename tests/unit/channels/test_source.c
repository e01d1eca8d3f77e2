#include "channels/source.h"

#include <errno.h>
#include <string.h>

#include "tests/support/test.h"

static void append_endpoint(GString *out, const char *name, const struct channel_endpoint *endpoint)
{
	char text[CHANNEL_ENDPOINT_BYTES];
	if (*channel_endpoint_format(endpoint, text))
		g_string_append_printf(out, " %s=%s", name, text);
}

static void append_text(GString *out, const char *name, const char *text)
{
	if (*text)
		g_string_append_printf(out, " %s=%s", name, text);
}

/* The source as text, or "! why"; and "; note" where a part of it is malformed. */
static GString *read_source(const char *uri)
{
	GStringChunk *strings = g_string_chunk_new(64);
	GString *out = g_string_new(NULL);
	struct channel_source source;
	const char *why;
	char address[CHANNEL_ADDRESS_BYTES];
	if (channel_source_parse(uri, strings, &source, &why)) {
		g_string_printf(out, "! %s", why);
	} else {
		g_string_append(out, channel_address_format(&source.address, address));
		append_text(out, "iface", source.iface);
		append_endpoint(out, "fec", &source.fec);
		append_endpoint(out, "fcc", &source.fcc);
		append_text(out, "fcc-type", source.fcc_type);
		append_endpoint(out, "ret", &source.retransmission);
		append_text(out, "http", source.http);
		append_text(out, "label", source.label);
		if (why)
			g_string_append_printf(out, "; %s", why);
	}
	g_string_chunk_free(strings);
	return out;
}

struct expected {
	const char *uri, *source;
};

static void check(const struct expected *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		GString *got = read_source(cases[i].uri);
		if (strcmp(got->str, cases[i].source) != 0)
			fail_msg("%s: %s", cases[i].uri, got->str);
		g_string_free(got, TRUE);
	}
}

#define CHECK(cases) check(cases, G_N_ELEMENTS(cases))

static void test_plain(void **state)
{
	(void)state;
	static const struct expected cases[] = {
		{"rtp://239.1.2.3:5004", "rtp://239.1.2.3:5004"},
		{"udp://@239.1.2.3:1", "udp://239.1.2.3:1"},
		{"RTP://10.0.0.1@232.1.1.1:05004", "rtp://10.0.0.1@232.1.1.1:5004"},
		{"igmp://239.1.2.3:5004", "rtp://239.1.2.3:5004"},
		{"Udp://224.0.0.251:65535/", "udp://224.0.0.251:65535"},
		{"rtp://239.1.2.3:5004 ", "rtp://239.1.2.3:5004"},
	};
	CHECK(cases);
}

static void test_what_stands_behind(void **state)
{
	(void)state;
	static const struct expected cases[] = {
		{"rtp://239.1.2.3:5004$HD", "rtp://239.1.2.3:5004 label=HD"},
		{"rtp://239.1.2.3:5004 $ HD 1 ", "rtp://239.1.2.3:5004 label=HD 1"},
		{"rtp://239.1.2.3:5004$", "rtp://239.1.2.3:5004"},
		{"rtp://239.1.2.3:5004?a=b@c$HD@home", "rtp://239.1.2.3:5004 label=HD@home"},
		{"rtp://239.1.2.3:5004|User-Agent=x", "rtp://239.1.2.3:5004"},
		{"rtp://239.1.2.3:5004$HD|User-Agent=x", "rtp://239.1.2.3:5004 label=HD"},
		{"rtp://239.1.2.3:5004|User-Agent=x$HD", "rtp://239.1.2.3:5004 label=HD"},
	};
	CHECK(cases);
}

static void test_queries(void **state)
{
	(void)state;
	static const struct expected cases[] = {
		{"rtp://239.1.2.3:5140?fcc=192.0.2.1:7777",
			"rtp://239.1.2.3:5140 fcc=192.0.2.1:7777"},
		{"rtp://239.1.2.3:5140?fcc=192.0.2.1%3A7777",
			"rtp://239.1.2.3:5140 fcc=192.0.2.1:7777"},
		{"rtp://239.1.2.3:5140/?fcc=192.0.2.1%3a7777&fcc-type=Huawei&fec=5142",
			"rtp://239.1.2.3:5140 fec=5142 fcc=192.0.2.1:7777 fcc-type=huawei"},
		{"rtp://239.1.2.3:4056?fec=4055&fcc-type=telecom$4K",
			"rtp://239.1.2.3:4056 fec=4055 fcc-type=telecom label=4K"},
		{"rtp://239.1.2.3:5140?FEC=239.1.2.4:1&ret=192.0.2.2:8027",
			"rtp://239.1.2.3:5140 fec=239.1.2.4:1 ret=192.0.2.2:8027"},
		{"udp://@239.1.2.3:1?localaddr=10.0.0.2&pkt_size=1316&ttl=4",
			"udp://239.1.2.3:1 iface=10.0.0.2"},
		{"udp://239.1.2.3:1?multicast-iface=eth0.35", "udp://239.1.2.3:1 iface=eth0.35"},
		{"udp://239.1.2.3:1?sources=10.0.0.1,10.0.0.2", "udp://10.0.0.1@239.1.2.3:1"},
		{"udp://239.1.2.3:1?sources=10.0.0.1%2C10.0.0.2", "udp://10.0.0.1@239.1.2.3:1"},
		{"udp://239.1.2.3:1?multicast-source=+10.0.0.1", "udp://10.0.0.1@239.1.2.3:1"},
		{"udp://239.1.2.3:1?multicast-source=%2b10.0.0.1%2b10.0.0.2",
			"udp://10.0.0.1@239.1.2.3:1"},
		{"udp://239.1.2.3:1?multicast-source=-10.0.0.9+10.0.0.1",
			"udp://10.0.0.1@239.1.2.3:1"},
		{"udp://239.1.2.3:1?multicast-source=-10.0.0.9", "udp://239.1.2.3:1"},
		{"udp://10.0.0.3@239.1.2.3:1?sources=10.0.0.1", "udp://10.0.0.3@239.1.2.3:1"},
		{"udp://10.0.0.1@239.1.2.3:5004/ifindex=2",
			"udp://10.0.0.1@239.1.2.3:5004 iface=2"},
		{"udp://@239.1.2.3:5004/udp/ifaddr=10.0.0.2/ttl=3",
			"udp://239.1.2.3:5004 iface=10.0.0.2"},
		{"udp://239.1.2.3:1?fec=&fcc=&localaddr=", "udp://239.1.2.3:1"},
		{"udp://239.1.2.3:1#?fec=3", "udp://239.1.2.3:1"},
		/* Nobody is to see what an escape hides. */
		{"udp://239.1.2.3:1?localaddr=a%0ab%ff", "udp://239.1.2.3:1 iface=a b\xc3\xbf"},
	};
	CHECK(cases);
}

#define LEFT_OUT "; this part is ignored"

static void test_malformed_queries_are_said(void **state)
{
	(void)state;
	static const struct expected cases[] = {
		{"rtp://239.1.2.3:1?fcc=192.0.2.1", "rtp://239.1.2.3:1; its fcc= is not the "
						    "address and port of a server" LEFT_OUT},
		{"rtp://239.1.2.3:1?fcc=7777", "rtp://239.1.2.3:1; its fcc= is not the address and "
					       "port of a server" LEFT_OUT},
		{"rtp://239.1.2.3:1?fcc=239.1.2.3:7777", "rtp://239.1.2.3:1; its fcc= is not the "
							 "address and port of a server" LEFT_OUT},
		{"rtp://239.1.2.3:1?fec=x", "rtp://239.1.2.3:1; its fec= is not a port" LEFT_OUT},
		{"rtp://239.1.2.3:1?fec=%zz", "rtp://239.1.2.3:1; its fec= is not a port" LEFT_OUT},
		{"rtp://239.1.2.3:1?ret=x", "rtp://239.1.2.3:1; its ret= is not the address and "
					    "port of a server" LEFT_OUT},
		{"rtp://239.1.2.3:1?fcc-type=x",
			"rtp://239.1.2.3:1; its fcc-type= is neither telecom nor huawei" LEFT_OUT},
		{"rtp://239.1.2.3:1?sources=tv.example.org",
			"rtp://239.1.2.3:1; the sender that it names is not a unicast IPv4 "
			"address" LEFT_OUT},
	};
	CHECK(cases);
}

static void test_the_usual_port(void **state)
{
	(void)state;
	static const struct expected cases[] = {
		{"udp://239.1.2.3",
			"udp://239.1.2.3:1234; it has no port; 1234 is taken, as VLC does"},
		{"udp://@239.1.2.3/?fec=1",
			"udp://239.1.2.3:1234 fec=1; it has no port; 1234 is taken, as VLC does"},
		{"rtp://10.0.0.1:0@239.1.2.3$HD", "rtp://10.0.0.1@239.1.2.3:5004 label=HD; it has "
						  "no port; 5004 is taken, as VLC does"},
		{"igmp://239.1.2.3",
			"rtp://239.1.2.3:5004; it has no port; 5004 is taken, as VLC does"},
		{"udp://192.0.2.1", "! the group is not a multicast address"},
	};
	CHECK(cases);
}

static void test_udpxy(void **state)
{
	(void)state;
	static const char separators[] = ":%~+-^;";
	for (const char *separator = separators; *separator; separator++) {
		char *uri =
			g_strdup_printf("http://10.0.0.1:4022/udp/239.1.2.3%c4056/", *separator);
		char *source = g_strdup_printf("udp://239.1.2.3:4056 http=%s", uri);
		const struct expected one = {uri, source};
		check(&one, 1);
		g_free(source);
		g_free(uri);
	}
	static const struct expected cases[] = {
		{"https://tv.example.org/rtp/10.0.0.1@239.1.2.3:1$HD",
			"rtp://10.0.0.1@239.1.2.3:1 "
			"http=https://tv.example.org/rtp/10.0.0.1@239.1.2.3:1 label=HD"},
		{"http://[2001:db8::1]:8888/rtp/239.1.2.3:1?fcc=192.0.2.1:7777",
			"rtp://239.1.2.3:1 fcc=192.0.2.1:7777 "
			"http=http://[2001:db8::1]:8888/rtp/239.1.2.3:1?fcc=192.0.2.1:7777"},
		{"http://h/relay/UDP/239.1.2.3:1",
			"udp://239.1.2.3:1 http=http://h/relay/UDP/239.1.2.3:1"},
		{"http://h/udp/239.1.2.3%3A4056",
			"udp://239.1.2.3:4056 http=http://h/udp/239.1.2.3%3A4056"},
		{"http://h/udp/10.0.0.1%40239.1.2.3%3a1",
			"udp://10.0.0.1@239.1.2.3:1 http=http://h/udp/10.0.0.1%40239.1.2.3%3a1"},
		{"http://h/udp/192.0.2.1:1", "! the group is not a multicast address"},
		{"http://h/udp/[ff3e::1]:1", "! IPv6 groups cannot be received"},
		{"http://h/udp/239.1.2.3:x", "! the port is not a number from 1 to 65535"},
		{"http://h/live?u=/udp/239.1.2.3:1", "! only rtp:// and udp:// can be received"},
		{"http://udp/239.1.2.3:1", "! only rtp:// and udp:// can be received"},
	};
	CHECK(cases);
}

static void test_commands(void **state)
{
	(void)state;
	static const struct expected cases[] = {
		{"pipe://ffmpeg -i rtp://@239.1.2.3:1 -metadata url=$x -f mpegts pipe:1",
			"rtp://239.1.2.3:1"},
		{"PIPE:///usr/bin/env ffmpeg -i \"udp://@239.1.2.3:1?fec=3\" -|cat",
			"udp://239.1.2.3:1 fec=3"},
		{"pipe://sh -c 'curl http://h/x.m3u8; ffmpeg -i rtp://239.1.2.3:1'",
			"rtp://239.1.2.3:1"},
		{"pipe://ffmpeg -i http://h/x.m3u8 pipe:1",
			"! only rtp:// and udp:// can be received"},
		{"pipe://", "! there is no address in the command"},
	};
	CHECK(cases);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct expected cases[] = {
		{"", "! not an address"},
		{"239.1.2.3:5004", "! not an address"},
		{"rtsp://10.0.0.1/x", "! only rtp:// and udp:// can be received"},
		{"rtp://", "! the group is not an IPv4 address"},
		{"rtp://192.0.2.1:5004", "! the group is not a multicast address"},
		{"rtp://[ff3e::1]:5004", "! IPv6 groups cannot be received"},
		{"rtp://@[ff3e::1]:5004", "! IPv6 groups cannot be received"},
		{"udp://239.1.2.3:", "! the port is not a number from 1 to 65535"},
		{"http://h/udp/239.1.2.3", "! the port is missing, which belongs behind the group "
					   "as in 239.1.2.3:5004"},
	};
	CHECK(cases);
	struct channel_source source = {.label = "old"};
	const char *why;
	assert_int_equal(channel_source_parse("mms://x", NULL, &source, &why), -EPROTONOSUPPORT);
	assert_int_equal(channel_source_parse("x", NULL, &source, &why), -EINVAL);
	assert_int_equal(
		channel_source_parse("udp://10.0.0.1:1", NULL, &source, &why), -EADDRNOTAVAIL);
	assert_string_equal(source.label, "old");
}

static void test_endpoints(void **state)
{
	(void)state;
	static const char *const good[] = {"4055", "192.0.2.1:65535"};
	static const char *const bad[] = {"", ":1", "192.0.2.1", "192.0.2.1:", "192.0.2.1:0", "x:1",
		"65536", "1 ", "192.0.2.1:1:1"};
	struct channel_endpoint endpoint = {.port = 0};
	char text[CHANNEL_ENDPOINT_BYTES];
	assert_string_equal(channel_endpoint_format(&endpoint, text), "");
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		assert_int_equal(channel_endpoint_parse(good[i], &endpoint), 0);
		assert_string_equal(channel_endpoint_format(&endpoint, text), good[i]);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_int_equal(channel_endpoint_parse(bad[i], &endpoint), -EINVAL);
	assert_int_equal(endpoint.port, 65535);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_what_stands_behind),
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_malformed_queries_are_said),
		cmocka_unit_test(test_the_usual_port),
		cmocka_unit_test(test_udpxy),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_endpoints),
	};
	return cmocka_run_group_tests_name("channels_source", tests, NULL, NULL);
}
