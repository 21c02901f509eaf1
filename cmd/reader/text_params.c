/* text_params.c - see text_params.h. */
#include "text_params.h"

struct text_params
text_params_default(const struct pc_config *config)
{
	return (
	    struct text_params){.lang = pc_config_text(config, "ocr.language"),
	    .when = "auto",
	    .dpi = (unsigned)pc_config_int(config, "ocr.dpi"),
	    .psm = 3,
	    .own_dpi = 1};
}

int
text_params_add(struct pc_spec *s, const struct text_params *p)
{
	return param_text(s, "lang", p->lang) == 0 &&
		param_text(s, "ocr", p->when) == 0 &&
		param_dpi(s, p->own_dpi, p->dpi) == 0
	    ? param_number(s, "psm", p->psm)
	    : -1;
}

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
param_dpi(struct pc_spec *s, int own_dpi, unsigned dpi)
{
	return pc_spec_addf(s, PC_FIELD_PARAM, "dpi=%s%u",
	    own_dpi ? "own," : "", dpi);
}
