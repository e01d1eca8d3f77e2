#include "channels/sds.h"

#include <arpa/inet.h>
#include <string.h>

#include "channels/sds_list.h"
#include "tests/support/test.h"
#include "tests/unit/channels/parsing.h"

static void check(const char *list, const char *expected)
{
	expect_parsed(&sds_parser_class, list, strlen(list), expected);
}

#define BROADCAST(services)                                                                        \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                             \
	"<ServiceDiscovery xmlns=\"urn:dvb:metadata:iptv:sdns:2008-1\">\n"                         \
	"<BroadcastDiscovery DomainName=\"example.org\" Version=\"1\"><ServiceList>\n" services    \
	"</ServiceList></BroadcastDiscovery></ServiceDiscovery>\n"
#define PACKAGES(packages)                                                                         \
	"<ServiceDiscovery><PackageDiscovery DomainName=\"example.org\">\n" packages               \
	"</PackageDiscovery></ServiceDiscovery>\n"
#define SERVICE(attributes, id, more)                                                              \
	"<SingleService><ServiceLocation><IPMulticastAddress " attributes "/></ServiceLocation>"   \
	"<TextualIdentifier ServiceName=\"" id "\"/>" more "</SingleService>\n"
#define MEMBER(id, number)                                                                         \
	"<Service><TextualID ServiceName=\"" id "\"/><LogicalChannelNumber>" number                \
	"</LogicalChannelNumber></Service>\n"

static void test_services(void **state)
{
	(void)state;
	check(BROADCAST("<SingleService><ServiceLocation>\n"
			"<IPMulticastAddress Address=\"232.1.1.1\" Port=\"5004\" "
			"Source=\"10.0.0.1\"/>"
			"</ServiceLocation>\n"
			"<TextualIdentifier ServiceName=\"17\" logoURI=\"http://h/17.png\"/>"
			"<SI ServiceType=\"01\"><Name Language=\"ENG\"> News\n One </Name>"
			"<Name Language=\"DEU\">Neues</Name><ShortName>N1</ShortName></SI>"
			"</SingleService>\n" SERVICE("Address='239.1.1.2' Port='2' Streaming='udp'",
				"Two", "<SI ServiceType='2'/>")
				SERVICE("Address='239.1.1.3' Port='3' Streaming='rtp'", "Three",
					"<SI ServiceType='0a'><Name/></SI>")),
		"5 - <News One> tv 17 http://h/17.png [] rtp://10.0.0.1@232.1.1.1:5004\n"
		"8 - <Two> radio Two - [] udp://239.1.1.2:2\n"
		"9 - <Three> radio Three - [] rtp://239.1.1.3:3\n");
}

/* Namespaces and their prefixes are different with every version. */
static void test_prefixes(void **state)
{
	(void)state;
	check("<d:BroadcastDiscovery xmlns:d='urn:dvb:ipisdns:2006'><d:ServiceList>"
	      "<d:SingleService><d:ServiceLocation><d:IPMulticastAddress Address='239.1.1.1' "
	      "Port='1'/></d:ServiceLocation><d:TextualIdentifier ServiceName='One'/>"
	      "</d:SingleService></d:ServiceList></d:BroadcastDiscovery>",
		"1 - <One> tv One - [] rtp://239.1.1.1:1\n");
}

static void test_what_stands_beside_a_stream(void **state)
{
	(void)state;
	check(BROADCAST(
		      "<SingleService><ServiceLocation><IPMulticastAddress Address='239.1.1.1' "
		      "Port='1'>"
		      "<FECBaseLayer Address='239.1.1.9' Port='9'/>"
		      "<FECEnhancementLayer Address='239.1.1.8' Port='8'/>"
		      "<RTPRetransmission><RTCPReporting DestinationAddress='10.0.0.1' "
		      "DestinationPort='6000'/><UnicastRET rtx-time='2000'/>"
		      "<MulticastRET GroupAddress='239.1.1.7' "
		      "DestinationPort='7'/></RTPRetransmission>"
		      "<ServerBasedEnhancementServiceInfo><EnhancementService>FCC</"
		      "EnhancementService>"
		      "<RTCPReporting DestinationAddress='10.0.0.2' DestinationPort='6001'/>"
		      "<Retransmission_session "
		      "DestinationPort='5'/></ServerBasedEnhancementServiceInfo>"
		      "</IPMulticastAddress>\n<IPMulticastAddress Address='239.1.1.2' Port='2'>"
		      "<FECBaseLayer Port='4'/><ServerBasedEnhancementServiceInfo>"
		      "<EnhancementService>RET</EnhancementService>"
		      "<RTCPReporting DestinationAddress='10.0.0.3' DestinationPort='6002'/>"
		      "</ServerBasedEnhancementServiceInfo></IPMulticastAddress>"
		      "</ServiceLocation><TextualIdentifier ServiceName='One'/></SingleService>\n"),
		"4 - <One> tv One - [] rtp://239.1.1.1:1 fec=239.1.1.9:9 fcc=10.0.0.2:6001 "
		"ret=10.0.0.1:6000\n"
		"5 - <One> tv One - [] rtp://239.1.1.2:2 fec=4 ret=10.0.0.3:6002\n");
}

/* The number is that of a programme only where a stream holds several. */
static void test_programmes(void **state)
{
	(void)state;
	check(BROADCAST(SERVICE("Address='239.1.1.1' Port='1'", "One",
		      "<DVBTriplet ServiceId='11'/>") SERVICE("Address='239.1.1.2' Port='1'", "Two",
		      "<DVBTriplet ServiceId='12'/>") SERVICE("Address='239.1.1.2' Port='1'",
		      "Three", "<DVBTriplet ServiceId='13'/>")
			      SERVICE("Address='239.1.1.2' Port='1'", "Four", "")),
		"4 - <One> tv One - [] rtp://239.1.1.1:1\n"
		"5 - <Two> tv Two - [] rtp://239.1.1.2:1 programme 12\n"
		"6 - <Three> tv Three - [] rtp://239.1.1.2:1 programme 13\n"
		"7 - <Four> tv Four - [] rtp://239.1.1.2:1\n");
}

/* The same address twice makes no second programme of one service. */
static void test_an_address_twice(void **state)
{
	(void)state;
	check(BROADCAST("<SingleService><ServiceLocation>"
			"<IPMulticastAddress Address='239.1.1.1' Port='1'/>\n"
			"<IPMulticastAddress Address='239.1.1.1' Port='1'/></ServiceLocation>"
			"<TextualIdentifier ServiceName='One'/><DVBTriplet ServiceId='11'/>"
			"</SingleService>"),
		"4 - <One> tv One - [] rtp://239.1.1.1:1\n"
		"5 - <One> tv One - [] rtp://239.1.1.1:1\n");
}

static void test_packages_give_numbers(void **state)
{
	(void)state;
	/* They may come first, and in documents of their own. */
	check(PACKAGES("<Package Id='1' Visible='true'><PackageName "
		       "Language='ENG'>Basic</PackageName>\n" MEMBER("One", "7") MEMBER(
			       "Two", "0") "</Package>"
					   "<Package Id='2'>" MEMBER("One",
						   "7") "</Package>"
							"<Package Id='3' Visible='false'>" MEMBER(
								"Two", "5") "</Package>")
			BROADCAST(SERVICE("Address='239.1.1.1' Port='1'", "One", "")
					SERVICE("Address='239.1.1.2' Port='1'", "Two", "")),
		"11 7 <One> tv One - [Basic,2] rtp://239.1.1.1:1\n"
		"12 5 <Two> tv Two - [Basic] rtp://239.1.1.2:1\n");
}

static void test_packages_that_disagree(void **state)
{
	(void)state;
	check(BROADCAST(SERVICE("Address='239.1.1.1' Port='1'", "One", "")) PACKAGES(
		      "<Package Id='A'>\n" MEMBER("One", "x") "</Package><Package Id='B'>" MEMBER(
			      "One", "8") MEMBER("Two", "9") MEMBER("Three", "10") "</Package>"),
		"! 9 \"One\" has the number \"x\" in \"A\" already; \"8\" in \"B\" is "
		"ignored\n"
		"! 9 the package \"B\" has 2 services that the list does not describe; they are "
		"ignored\n"
		"! 4 \"x\" is not a channel number; the channel gets the next free one\n"
		"4 - <One> tv One - [A,B] rtp://239.1.1.1:1\n");
}

static void test_domains_tell_services_apart(void **state)
{
	(void)state;
	check(BROADCAST("<SingleService><ServiceLocation><IPMulticastAddress Address='239.1.1.1' "
			"Port='1'/>"
			"</ServiceLocation><TextualIdentifier DomainName='b.org' ServiceName='1'/>"
			"<SI><Name>B</Name></SI></SingleService>\n" SERVICE(
				"Address='239.1.1.2' Port='1'", "1", "<SI><Name>A</Name></SI>"))
			PACKAGES("<Package Id='P'><Service><TextualIdentifier ServiceName='1' "
				 "DomainName='b.org'/><LogicalChannelNumber>2"
				 "</LogicalChannelNumber></Service>" MEMBER("1", "3") "</Package>"),
		"4 2 <B> tv 1 - [P] rtp://239.1.1.1:1\n"
		"5 3 <A> tv 1 - [P] rtp://239.1.1.2:1\n");
}

static void test_what_is_lost_is_named(void **state)
{
	(void)state;
	check(BROADCAST("<SingleService><ServiceLocation><RTSPURL>rtsp://h/</RTSPURL></"
			"ServiceLocation>"
			"<TextualIdentifier ServiceName='One'/></SingleService>\n" SERVICE(
				"Address='ff3e::1' Port='1'", "Two", "")
				SERVICE("Address='239.1.1.1'", "Three", "") SERVICE(
					"Address='239.1.1.1' Port='1' Source='x'", "Four",
					"") "<SingleService><ServiceLocation><IPMulticastAddress "
					    "Address='239.1.1.1' Port='1'>"
					    "<FECBaseLayer "
					    "Port='x'/></IPMulticastAddress></ServiceLocation></"
					    "SingleService>"),
		"! 4 \"One\" has no address; it is ignored (lost)\n"
		"! 5 \"rtp://[ff3e::1]:1\": IPv6 groups cannot be received; it is ignored (lost)\n"
		"! 6 \"rtp://239.1.1.1:\": the port is not a number from 1 to 65535; it is ignored "
		"(lost)\n"
		"! 7 \"rtp://x@239.1.1.1:1\": the source before '@' is not an IPv4 address; it is "
		"ignored (lost)\n"
		"! 8 \"x\" is neither a port nor ADDRESS:PORT; it is ignored\n"
		"! 8 the channel has no name; it is called \"rtp://239.1.1.1:1\"\n"
		"8 - <rtp://239.1.1.1:1> tv - - [] rtp://239.1.1.1:1\n");
}

#define PROVIDERS                                                                                  \
	"<ServiceDiscovery><ServiceProviderDiscovery>\n"                                           \
	"<ServiceProvider DomainName='example.org' Version='1'><Name>x</Name><Offering>"           \
	"<Push Address='239.255.0.1' Port='3937'><PayloadId Id='2'/></Push>\n"                     \
	"<Push Source='10.0.0.1' Address='232.0.0.1' Port='3938'/>"                                \
	"<Pull Location='http://h/sds'/><Push Address='10.0.0.1' Port='1'/></Offering>"            \
	"</ServiceProvider></ServiceProviderDiscovery></ServiceDiscovery>"

static void test_lists_of_providers(void **state)
{
	(void)state;
	check(PROVIDERS,
		"! 2 this lists providers; the channels of \"example.org\" are to be had with "
		"'zapper "
		"import sds:239.255.0.1:3937'\n"
		"! 3 this lists providers; the channels of \"example.org\" are to be had with "
		"'zapper "
		"import sds:232.0.0.1:3938'\n"
		"! 3 \"http://h/sds\" offers lists over HTTP; it is ignored\n"
		"! 3 \"udp://@10.0.0.1:1\": the group is not a multicast address; it is ignored "
		"(lost)\n");
}

static void note_offer(void *ctx, const struct sds_offer *offer)
{
	g_string_append_printf(ctx, "%u %s %08x %08x %u\n", offer->line, offer->provider,
		ntohl(offer->group.s_addr), ntohl(offer->source.s_addr), offer->port);
}

static void ignore_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	(void)user;
	(void)diagnostic;
}

static void test_offers_for_those_who_can_join(void **state)
{
	(void)state;
	GString *out = g_string_new(NULL);
	const struct channel_sink sink = {.report = {.diagnostic = ignore_diagnostic}};
	void *parser = sds_parser_class.create("list", &sink);
	sds_take_offers(parser, note_offer, out);
	sds_parser_class.feed(parser, PROVIDERS, strlen(PROVIDERS));
	sds_parser_class.finish(parser);
	sds_parser_class.destroy(parser);
	assert_string_equal(out->str, "2 example.org efff0001 00000000 3937\n"
				      "3 example.org e8000001 0a000001 3938\n");
	g_string_free(out, TRUE);
}

/* Nothing is handed out of a list that is not complete. */
static void test_half_a_list(void **state)
{
	(void)state;
	check("<BroadcastDiscovery><ServiceList>\n" SERVICE(
		      "Address='239.1.1.1' Port='1'", "One", ""),
		"! 3 the XML breaks off; nothing of it is used\n");
}

static void test_more_than_is_held(void **state)
{
	(void)state;
	GString *list = g_string_new("<BroadcastDiscovery><ServiceList>\n");
	GString *name = g_string_new(NULL);
	for (int i = 0; i < 100000; i++)
		g_string_append_c(name, 'x');
	for (size_t i = 0; i * 100000 < SDS_HELD_BYTES; i++)
		g_string_append_printf(list,
			"<SingleService><TextualIdentifier ServiceName='%s'/></SingleService>",
			name->str);
	char *got = parse_list(&sds_parser_class, list->str, list->len, 65536);
	assert_string_equal(
		got, "! 2 there is more in the list than zapper holds; nothing of it is used\n");
	g_free(got);
	g_string_free(name, TRUE);
	g_string_free(list, TRUE);
}

static void test_a_service_with_too_much(void **state)
{
	(void)state;
	GString *list = g_string_new("<ServiceDiscovery><BroadcastDiscovery DomainName='d'>"
				     "<SingleService><ServiceLocation>\n");
	for (int i = 0; i <= SDS_LOCATIONS; i++)
		g_string_append_printf(
			list, "<IPMulticastAddress Address='239.1.1.%d' Port='1'/>\n", i);
	g_string_append(list, "</ServiceLocation><TextualIdentifier ServiceName='A'/>"
			      "</SingleService></BroadcastDiscovery>"
			      "<PackageDiscovery DomainName='d'>\n");
	for (int i = 0; i <= SDS_PACKAGES; i++)
		g_string_append(list, "<Package Id='p'><Service><TextualID ServiceName='A'/>"
				      "</Service></Package>\n");
	g_string_append(list, "</PackageDiscovery></ServiceDiscovery>");
	char *got = parse_list(&sds_parser_class, list->str, list->len, 65536);
	assert_true(g_str_has_prefix(
		got, "! 324 \"A\" is in too many packages; this one is ignored\n2 "));
	assert_true(g_str_has_suffix(got, " rtp://239.1.1.63:1\n! 66 \"A\" has too many addresses; "
					  "this one is ignored (lost)\n"));
	g_free(got);
	g_string_free(list, TRUE);
}

static void test_detection(void **state)
{
	(void)state;
	static const char *const heads[] = {BROADCAST(""), PACKAGES(""), PROVIDERS,
		"<x:BroadcastDiscovery>", "<!-- x --><PackageDiscovery/>"};
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		assert_ptr_equal(
			channel_parser_detect(heads[i], strlen(heads[i])), &sds_parser_class);
	assert_false(sds_parser_class.detect("<tv>", 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_what_stands_beside_a_stream),
		cmocka_unit_test(test_programmes),
		cmocka_unit_test(test_an_address_twice),
		cmocka_unit_test(test_packages_give_numbers),
		cmocka_unit_test(test_packages_that_disagree),
		cmocka_unit_test(test_domains_tell_services_apart),
		cmocka_unit_test(test_what_is_lost_is_named),
		cmocka_unit_test(test_lists_of_providers),
		cmocka_unit_test(test_offers_for_those_who_can_join),
		cmocka_unit_test(test_half_a_list),
		cmocka_unit_test(test_more_than_is_held),
		cmocka_unit_test(test_a_service_with_too_much),
		cmocka_unit_test(test_detection),
	};
	return cmocka_run_group_tests_name("channels_sds", tests, NULL, NULL);
}
