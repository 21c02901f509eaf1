/* frames.c - the list of frames of an animation. */
#include "frames.h"

#include <stdlib.h>

enum { ROOM_FIRST = 16 };

int
frame_add(struct frame_list *list, const struct animation_frame *f)
{
	if (list->count == list->max)
		return -1;
	if (list->count == list->room) {
		const unsigned room = list->room ? 2 * list->room : ROOM_FIRST;
		struct animation_frame *more = realloc(list->frames,
		    room * sizeof *more);

		if (!more)
			return -1;
		list->frames = more;
		list->room = room;
	}
	list->frames[list->count++] = *f;
	return 0;
}
