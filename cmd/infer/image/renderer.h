/* renderer.h - pc-doc, which makes a PNG of an image or a page. */
#ifndef IMAGE_RENDERER_H
#define IMAGE_RENDERER_H

#include "image_in.h"

#include "reader/team.h"

/* A helper, for one file: when that is done its memory is free again. */
struct renderer {
	struct cli *cli;
	struct images *images;
	struct team team;
	struct worker worker;
	char *command[8];
	char megapixels[24], timeout[24];
	int64_t most; /* us a page */
};

/* Where pc-doc is, owned.  NULL: err. */
char *renderer_path(struct pc_error *err);
/* Start one for the document that fd is.  -1: err.  It has to be ended. */
int renderer_begin(struct renderer *, int fd, struct pc_error *err);
void renderer_end(struct renderer *);
/* Ask, and wait for an answer of that kind, which is left in its worker. */
int renderer_ask(struct renderer *, const struct page_request *,
    enum answer_kind, const char *name, struct pc_error *err);
/* Have the PNG of an image made, and set its id. */
int renderer_make(struct renderer *, struct image *, struct pc_error *err);

#endif
