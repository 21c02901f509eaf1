/* text_params.h - the parameters that are in the key of each text that pc-ocr
 * stores.  pc-get and pc-hash make the same key. */
#ifndef TEXT_PARAMS_H
#define TEXT_PARAMS_H

#include "pc.h"

struct text_params {
	const char *lang, *when; /* for OCR, and when it runs */
	unsigned dpi, psm;
	int own_dpi; /* scans are read at their own dpi, if it is known */
};

/* Those of a run without options. */
struct text_params text_params_default(const struct pc_config *);
/* Add them to a key's spec.  -1 with errno. */
int text_params_add(struct pc_spec *, const struct text_params *);

/* Add one parameter.  -1 with errno. */
int param_text(struct pc_spec *, const char *name, const char *value);
int param_number(struct pc_spec *, const char *name, unsigned value);
/* The dots per inch at which pages are rendered. */
int param_dpi(struct pc_spec *, int own_dpi, unsigned dpi);

#endif
