/* ollama_models.h - the models that an Ollama server has in memory: requests
 * that ask for them, load or unload one, and the answers. */
#ifndef SERVER_OLLAMA_MODELS_H
#define SERVER_OLLAMA_MODELS_H

#include "pc.h"

#define OLLAMA_LOADED_PATH "/api/ps" /* GET */
#define OLLAMA_SHOW_PATH "/api/show"

enum model_kind {
	MODEL_UNKNOWN = 0,
	MODEL_TEXT = 1,
	MODEL_VISION = 2,
	MODEL_EMBEDDING = 4,
};

struct model_loaded {
	char name[256];
	uint64_t size, vram; /* bytes; vram is part of size */
	int64_t expires;     /* us since the epoch; PC_NEVER; 0: not known */

	/* The program sets these. */
	int server;           /* number of its URL */
	enum model_kind kind; /* MODEL_UNKNOWN: not asked, or not reported */
};

/* Parse a model in an answer from OLLAMA_LOADED_PATH, whose array of models
 * ollama_protocol.find_models finds.  -1: its name cannot be used. */
int ollama_parse_loaded(const struct pc_json *entry, struct model_loaded *);

/* What a model is for.  Append the body of a request, and parse the answer. */
void ollama_add_show_request(struct pc_buf *, const char *model);
enum model_kind ollama_parse_kind(const struct pc_json *answer);

/* Load a model for keep s (-1: for ever), or unload it (0).  The path depends
 * on what the model is for. */
const char *ollama_load_path(enum model_kind);
void ollama_add_load_request(struct pc_buf *, const char *model,
    enum model_kind, int64_t keep);

#endif
