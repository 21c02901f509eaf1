/* attack.h - what a compromised worker or tool would try. */
#ifndef ATTACK_H
#define ATTACK_H

#include <stddef.h>

/* What came of it, as lines of text.  The length.  The environment says what to
 * try: ATTACK_FILE and ATTACK_SECRET, which is in it; ATTACK_LINK; ATTACK_PORT
 * of this machine; ATTACK_NEW, a file to make. */
size_t attack(char *text, size_t size);

#endif
