/* json.h - what else of json.c the library uses; private to lib/. */
#ifndef PC_JSON_H
#define PC_JSON_H

#include "base.h"

/* pc_json_parse, with the fault's line apart from what it is. */
struct pc_json *json_read(const char *, size_t n, unsigned *line,
    struct pc_error *err);

#endif
