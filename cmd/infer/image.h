#ifndef IMAGE_H
#define IMAGE_H
#include "../cli.h"
struct image { struct pc_id source, id; };
struct images { struct image *all; size_t count; };
int images_add(struct cli *, struct images *, const char *file,
    const char *pages, unsigned side_max, struct pc_error *err);
int images_png(struct cli *, struct images *, size_t i, struct pc_buf *png,
    struct pc_error *err);
void images_clear(struct images *);
#endif
