/* id.c - ids in hexadecimal. */
#include "base.h"

#include <errno.h>
#include <string.h>

void
pc_id_hex(const struct pc_id *id, char out[PC_ID_HEX])
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof id->b; i++) {
		out[2 * i] = digit[id->b[i] >> 4];
		out[2 * i + 1] = digit[id->b[i] & 15];
	}
	out[PC_ID_HEX - 1] = '\0';
}

int
pc_id_parse(const char *hex, struct pc_id *id)
{
	static const char digit[] = "0123456789abcdef";

	if (strlen(hex) != PC_ID_HEX - 1 ||
	    strspn(hex, digit) != PC_ID_HEX - 1) {
		errno = EINVAL;
		return -1;
	}
	for (size_t i = 0; i < sizeof id->b; i++)
		id->b[i] = (unsigned char)((strchr(digit, hex[2 * i]) - digit)
			<< 4 |
		    (strchr(digit, hex[2 * i + 1]) - digit));
	return 0;
}
