/* options.c - options as parameters of keys. */
#include "options.h"

int
param_text(struct pc_spec *s, const char *name, const char *value)
{
	return pc_spec_addf(s, PC_FIELD_PARAM, "%s=%s", name, value);
}

int
param_number(struct pc_spec *s, const char *name, unsigned value)
{
	return pc_spec_addf(s, PC_FIELD_PARAM, "%s=%u", name, value);
}

int
param_dpi(struct pc_spec *s, const struct ocr_options *o)
{
	return pc_spec_addf(s, PC_FIELD_PARAM, "dpi=%s%u",
	    o->own_dpi ? "own," : "", o->dpi);
}
