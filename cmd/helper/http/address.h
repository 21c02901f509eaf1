/* address.h - which network addresses belong to the public Internet. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <sys/socket.h>

/* 0: it is private, loopback, link-local, multicast, reserved or of no family
 * that is known, or leads to such an IPv4 address by a mapping. */
int address_is_public(const struct sockaddr *);
/* The same of an address in digits. */
int address_text_is_public(const char *);

#endif
