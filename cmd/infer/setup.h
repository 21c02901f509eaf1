/* setup.h - what the command line gives, except what is in struct infer. */
#ifndef INFER_SETUP_H
#define INFER_SETUP_H

#include "embed/embed_run.h"

struct given {
	char **files, **images, **urls; /* files and images end with NULL */
	char **key_files;               /* of the servers, in their order */
	size_t file_count, image_count, url_count, key_count;
	const char *template, *system, *schema, *warm;
	const char *chat, *chat_show, *chat_clear, *pull;
	int think; /* enum think; -1: not given */
	int list, chat_list, templates, embed;
	struct embed_options embedding;
	struct chat turns; /* of the chat */
};

/* Open the store and fill in struct infer; ends the program if that fails. */
void set_up(struct infer *, struct given *);
/* Free everything; if a signal stopped the run, end the program by it. */
void clear_up(struct infer *, struct given *);

#endif
