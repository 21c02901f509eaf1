/* address.c - which network addresses belong to the public Internet.
 *
 * After IANA's registries of special-purpose addresses (RFC 6890).  The ranges
 * for documentation count as public: no network uses them, so they lead
 * nowhere.  Of IPv6 only 2000::/3 is in use for the public; a range of it, or
 * outside it, that holds an IPv4 address is judged by that. */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const struct {
	uint32_t prefix;
	unsigned bits;
} private4[] = {
    {0x00000000, 8},  /* this host, this network */
    {0x0a000000, 8},  /* private */
    {0x64400000, 10}, /* behind a provider's NAT */
    {0x7f000000, 8},  /* loopback */
    {0xa9fe0000, 16}, /* link-local; services of clouds */
    {0xac100000, 12}, /* private */
    {0xc0000000, 24}, /* protocol assignments */
    {0xc0a80000, 16}, /* private */
    {0xc6120000, 15}, /* benchmarks of a network */
    {0xe0000000, 4},  /* multicast */
    {0xf0000000, 4},  /* reserved, broadcast */
};

static int
is_public4(uint32_t a)
{
	for (size_t i = 0; i < sizeof private4 / sizeof *private4; i++)
		if ((a ^ private4[i].prefix) >> (32 - private4[i].bits) == 0)
			return 0;
	return 1;
}

/* The first that matches decides. */
static const struct range6 {
	unsigned char prefix[16];
	unsigned bits;
	enum { PUBLIC, PRIVATE, HOLDS, HOLDS_INVERTED } kind;
	unsigned at; /* byte at which it contains an IPv4 address */
} ranges6[] = {
    {{[10] = 0xff, [11] = 0xff}, 96, HOLDS, 12}, /* mapped */
    {{0}, 96, HOLDS, 12},                        /* compatible, ::1, :: */
    {{0x00, 0x64, 0xff, 0x9b}, 96, HOLDS, 12},   /* NAT64 */
    {{0x20, 0x02}, 16, HOLDS, 2},                /* 6to4 */
    {{0x20, 0x01}, 32, HOLDS_INVERTED, 12},      /* Teredo */
    {{0x20, 0x01, 0x00, 0x02}, 48, PRIVATE, 0},  /* benchmarks */
    {{0x20}, 3, PUBLIC, 0},
    {{0}, 0, PRIVATE, 0}, /* unique local, link-local, multicast, others */
};

static int
begins(const unsigned char *a, const unsigned char *prefix, unsigned bits)
{
	const unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(a, prefix, whole) == 0 &&
	    (rest == 0 || (a[whole] ^ prefix[whole]) >> (8 - rest) == 0);
}

static int
is_public6(const unsigned char a[16])
{
	const struct range6 *r = ranges6;
	uint32_t v4;

	while (!begins(a, r->prefix, r->bits))
		r++;
	if (r->kind == PUBLIC || r->kind == PRIVATE)
		return r->kind == PUBLIC;
	memcpy(&v4, a + r->at, sizeof v4);
	v4 = ntohl(v4);
	return is_public4(r->kind == HOLDS ? v4 : ~v4);
}

int
address_is_public(const struct sockaddr *a)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	switch (a->sa_family) {
	case AF_INET:
		memcpy(&v4, a, sizeof v4);
		return is_public4(ntohl(v4.sin_addr.s_addr));
	case AF_INET6:
		memcpy(&v6, a, sizeof v6);
		return is_public6(v6.sin6_addr.s6_addr);
	}
	return 0;
}

int
address_text_is_public(const char *text)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, &v4) == 1)
		return is_public4(ntohl(v4.s_addr));
	return inet_pton(AF_INET6, text, &v6) == 1 && is_public6(v6.s6_addr);
}
