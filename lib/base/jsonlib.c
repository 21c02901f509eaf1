/* jsonlib.c - loading json-c. */
#include "jsonlib.h"

#ifdef PC_SHARED

#include <dlfcn.h>

#ifndef PC_JSON_SONAME
#define PC_JSON_SONAME "libjson-c.so.5"
#endif

struct jsonlib jsonlib;

int
jsonlib_load(struct pc_error *err)
{
	if (jsonlib.handle)
		return 0;
	jsonlib.handle = dlopen(PC_JSON_SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!jsonlib.handle) {
		pc_error_set(err,
		    "cannot load %s, which reading JSON needs: "
		    "install libjson-c5",
		    PC_JSON_SONAME);
		return -1;
	}
#define X(name)                                                                \
	*(void **)(&jsonlib.name) = dlsym(jsonlib.handle, #name);              \
	if (!jsonlib.name) {                                                   \
		pc_error_set(err, "%s has no %s", PC_JSON_SONAME, #name);      \
		dlclose(jsonlib.handle);                                       \
		jsonlib.handle = NULL;                                         \
		return -1;                                                     \
	}
	JSONLIB_FUNCTIONS(X)
#undef X
	return 0;
}

#else

int
jsonlib_load(struct pc_error *err)
{
	(void)err;
	return 0;
}

#endif
