/* fuzz_schema.c - any schema, and after a newline any value: if a schema passes
 * the check, values can be validated against it in bounded time. */
#include "infer/schema/schema.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const never[] = {"must be ", "refers to '",
	    "cannot be used", "is not supported"};
	const char *text = (const char *)p, *end = memchr(p, '\n', n);
	const size_t len = end ? (size_t)(end - text) : n;
	struct pc_error err = {""};
	struct pc_json *schema = pc_json_parse(text, len, &err);
	struct pc_json *value = end ? pc_json_parse(end + 1, n - len - 1, &err)
				    : NULL;

	if (schema && schema_check(schema, &err) == 0 &&
	    schema_validate(schema, value, &err) < 0)
		for (size_t i = 0; i < sizeof never / sizeof *never; i++)
			if (strstr(err.text, never[i]) &&
			    !memmem(p, n, never[i], strlen(never[i])))
				abort();
	pc_json_free(schema);
	pc_json_free(value);
	return 0;
}
