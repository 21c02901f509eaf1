/* sha256.c - SHA-256 with libcrypto.
 *
 * The low-level functions are deprecated in OpenSSL 3, but a program that must
 * start quickly needs them: any reference to EVP adds 4.4 MB and a millisecond
 * to the start, even in a static program. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base.h"

#include <openssl/sha.h>

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
