/* sparkline.c - values over time as a line of bars. */
#include "memory.h"

void
sparkline(struct pc_buf *b, const uint32_t *values, size_t count, size_t width)
{
	static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇",
	    "█"};
	uint32_t most = 1;

	if (width > count)
		width = count;
	for (size_t i = 0; i < count; i++)
		if (values[i] > most)
			most = values[i];
	for (size_t i = 0; i < width; i++) {
		uint32_t v = 0;

		for (size_t k = i * count / width; k < (i + 1) * count / width;
		     k++)
			if (values[k] > v)
				v = values[k];
		pc_buf_addf(b, "%s", v ? bars[(uint64_t)v * 7 / most] : " ");
	}
	pc_buf_add(b, "", 1);
}
