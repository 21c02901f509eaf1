/* disk.h - how much of the disk a directory takes. */
#ifndef DISK_H
#define DISK_H

#include <ftw.h>
#include <stdint.h>
#include <sys/stat.h>

static uint64_t disk_sum;

static inline int
disk_add(const char *path, const struct stat *st, int type, struct FTW *at)
{
	enum { BLOCK = 512 }; /* what st_blocks counts in */

	(void)path;
	(void)at;
	/* A file that is gone meanwhile has no size. */
	if (type != FTW_NS)
		disk_sum += (uint64_t)st->st_blocks * BLOCK;
	return 0;
}

/* Bytes of all that is below dir, and of dir, as du(1) counts them. */
static inline uint64_t
disk_of(const char *dir)
{
	enum { FILES_OPEN = 16 };

	disk_sum = 0;
	(void)nftw(dir, disk_add, FILES_OPEN, FTW_PHYS);
	return disk_sum;
}

#endif
