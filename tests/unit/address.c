/* address.c - which addresses a redirect of a public server may lead to. */
#include "helper/http/address.h"
#include "tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const char *const public[] = {"1.0.0.0", "8.8.8.8", "9.255.255.255",
    "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
    "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
    "198.20.0.0", "203.0.113.1", "198.51.100.1", "192.0.2.1", "223.255.255.255",
    "2001:db8::1", "2606:4700::1111", "3fff:ffff::1", "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8", "2002:808:808::1",
    "2001:0:4136:e378:8000:63bf:f7f7:f7f7" /* 8.8.8.8 */};

static const char *const private[] = {"0.0.0.0", "0.1.2.3", "10.0.0.0",
    "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
    "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.0",
    "172.31.255.255", "192.0.0.8", "192.168.0.1", "192.168.255.255",
    "198.18.0.1", "198.19.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:a00:1::1",
    "2002:c0a8:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe" /* 127.0.0.1 */,
    "2001:2::1", "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1",
    "ff02::1", "100::1", "4000::1", "::ffff:0:127.0.0.1", "127.1", "localhost",
    "", "fe80::1%eth0"};

/* As the kernel has it. */
static int
socket_address_is_public(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return address_is_public((struct sockaddr *)&v4);
	if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		return address_is_public((struct sockaddr *)&v6);
	return 0;
}

int
main(void)
{
	struct sockaddr other = {.sa_family = AF_UNIX};

	for (size_t i = 0; i < sizeof public / sizeof *public; i++) {
		OK(address_text_is_public(public[i]), "%s is public",
		    public[i]);
		OK(socket_address_is_public(public[i]),
		    "%s is public as a socket has it", public[i]);
	}
	for (size_t i = 0; i < sizeof private / sizeof *private; i++) {
		OK(!address_text_is_public(private[i]), "'%s' is not public",
		    private[i]);
		OK(!socket_address_is_public(private[i]),
		    "'%s' is not public as a socket has it", private[i]);
	}
	OK(!address_is_public(&other), "a Unix socket is not public");
	return tap_done();
}
