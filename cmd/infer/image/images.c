/* images.c - the list of images of a request. */
#include "image_in.h"

#include <stdlib.h>
#include <unistd.h>

struct image *
image_append(struct images *m, size_t file, unsigned page, unsigned side_max)
{
	struct image *all = m->all;

	/* Powers of two have been filled. */
	if ((m->count & (m->count - 1)) == 0)
		all = realloc(m->all,
		    (m->count ? m->count * 2 : 1) * sizeof *all);
	if (!all)
		return NULL;
	m->all = all;
	all[m->count] = (struct image){.source = m->files[file].id,
	    .page = page,
	    .side_max = side_max,
	    .file = file};
	return &all[m->count++];
}

void
image_drop(struct images *m, size_t first)
{
	while (m->count > first)
		pc_buf_clear(&m->all[--m->count].png);
}

void
images_clear(struct images *m)
{
	image_drop(m, 0);
	for (size_t i = 0; i < m->file_count; i++) {
		free(m->files[i].name);
		if (m->files[i].kept >= 0)
			close(m->files[i].kept);
	}
	free(m->files);
	free(m->all);
	*m = (struct images){0};
}
