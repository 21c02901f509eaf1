#include "image.h"
int images_add(struct cli *c, struct images *m, const char *file,
    const char *pages, unsigned side_max, struct pc_error *err)
{ (void)c;(void)m;(void)file;(void)pages;(void)side_max; pc_error_set(err,"not yet"); return -1; }
int images_png(struct cli *c, struct images *m, size_t i, struct pc_buf *png,
    struct pc_error *err)
{ (void)c;(void)m;(void)i;(void)png;(void)err; return -1; }
void images_clear(struct images *m) { *m=(struct images){0}; }
