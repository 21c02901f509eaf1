/* attack.h - what a compromised worker or tool would try. */
#ifndef ATTACK_H
#define ATTACK_H

#include <stddef.h>

/* Write the results to text, a line for each attempt; returns the length.  The
 * environment says what to try: to read ATTACK_FILE, which holds ATTACK_SECRET;
 * to read ATTACK_LINK; to connect to ATTACK_PORT of this machine; to make the
 * file ATTACK_NEW. */
size_t attack(char *text, size_t size);

#endif
