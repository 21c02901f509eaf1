/* sha256.c - SHA-256 with libcrypto, and ids in hexadecimal.
 *
 * The low-level functions are deprecated in OpenSSL 3, but a program that must
 * start quickly needs them: any reference to EVP adds 4.4 MB and a millisecond
 * to the start, even in a static program. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base.h"

#include <errno.h>
#include <openssl/sha.h>
#include <string.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct pc_sha256),
    "struct pc_sha256 has no room for libcrypto's state");

void
pc_sha256_init(struct pc_sha256 *h)
{
	SHA256_Init((SHA256_CTX *)h->state);
}

void
pc_sha256_add(struct pc_sha256 *h, const void *p, size_t n)
{
	SHA256_Update((SHA256_CTX *)h->state, p, n);
}

void
pc_sha256_end(struct pc_sha256 *h, struct pc_id *id)
{
	SHA256_Final(id->b, (SHA256_CTX *)h->state);
}

void
pc_sha256(const void *p, size_t n, struct pc_id *id)
{
	struct pc_sha256 h;

	pc_sha256_init(&h);
	pc_sha256_add(&h, p, n);
	pc_sha256_end(&h, id);
}

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
