/* logfile.c - the header of a log, which identifies it. */
#include "logfile.h"

#include "scan.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* A log begins with: magic, version, shard, the log's id, their check. */
static const unsigned char magic[8] = {'p', 'c', '-', 'l', 'o', 'g', '\r',
    '\n'};

enum {
	VERSION = 1,
	AT_VERSION = 8,
	AT_SHARD = 12,
	AT_ID = 16,
	AT_CHECK = 32,
};

int
log_header_write(int fd, unsigned shard, const unsigned char *log_id)
{
	unsigned char h[LOG_HEADER] = {0};
	struct pc_id check;

	memcpy(h, magic, sizeof magic);
	pc_encode_u32(h + AT_VERSION, VERSION);
	pc_encode_u32(h + AT_SHARD, shard);
	memcpy(h + AT_ID, log_id, LOG_ID);
	pc_sha256(h, AT_CHECK, &check);
	memcpy(h + AT_CHECK, check.b, sizeof check.b);
	return pc_pwrite_full(fd, h, sizeof h, 0);
}

int
log_header_read(int fd, unsigned shard, unsigned char *log_id)
{
	unsigned char h[LOG_HEADER];
	struct pc_id check;
	ssize_t n = pc_pread_full(fd, h, sizeof h, 0);

	if (n < 0)
		return -1;
	if (n < LOG_HEADER || memcmp(h, magic, sizeof magic) != 0)
		return 1;
	pc_sha256(h, AT_CHECK, &check);
	if (memcmp(h + AT_CHECK, check.b, sizeof check.b) != 0)
		return 1;
	if (pc_decode_u32(h + AT_VERSION) > VERSION) {
		errno = EPROTONOSUPPORT;
		return -1;
	}
	if (pc_decode_u32(h + AT_SHARD) != shard)
		return 1;
	memcpy(log_id, h + AT_ID, LOG_ID);
	return 0;
}

int
log_identify(int fd, unsigned shard, unsigned char *log_id)
{
	unsigned char h[LOG_HEADER];
	struct record r;
	struct scan scan;
	struct stat st;
	int result = log_header_read(fd, shard, log_id), more;

	if (result != 1)
		return result;
	if (fstat(fd, &st) < 0)
		return -1;
	if (pc_pread_full(fd, h, sizeof h, 0) != sizeof h)
		return 1;
	scan_init(&scan, fd, h + AT_ID, LOG_HEADER, (uint64_t)st.st_size);
	while ((more = scan_next(&scan, &r)) == 0 && r.type == RECORD_LOST)
		;
	scan_clear(&scan);
	if (more == 0)
		memcpy(log_id, h + AT_ID, LOG_ID);
	return more;
}
