/* param.c - parameters of keys, by name and value. */
#include "ocr.h"

#include <stdio.h>

int
param_text(struct pc_spec *s, const char *name, const char *value)
{
	struct pc_buf b = {0};
	int r = pc_buf_addf(&b, "%s=%s", name, value);

	if (r == 0)
		r = pc_spec_param(s, (char *)b.data);
	pc_buf_clear(&b);
	return r;
}

int
param_number(struct pc_spec *s, const char *name, unsigned value)
{
	char text[16];

	snprintf(text, sizeof text, "%u", value);
	return param_text(s, name, text);
}

int
param_dpi(struct pc_spec *s, const struct ocr_options *o)
{
	char text[32];

	if (!o->own_dpi)
		return param_number(s, "dpi", o->dpi);
	snprintf(text, sizeof text, "own,%u", o->dpi);
	return param_text(s, "dpi", text);
}
