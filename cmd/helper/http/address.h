/* address.h - which network addresses belong to the public Internet. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <sys/socket.h>

/* Is it public?  0: it is private, loopback, link-local, multicast, reserved,
 * of an unknown family, or contains such an IPv4 address. */
int address_is_public(const struct sockaddr *);
/* The same for an address as text. */
int address_text_is_public(const char *);

#endif
