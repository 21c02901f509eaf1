/* engine.h - what the helpers of pc-ocr share at their command lines. */
#ifndef ENGINE_H
#define ENGINE_H

struct engine_library {
	const char *file; /* within its path, as "/libpoppler.so" */
	const char *name;
	const char *(*version)(void); /* NULL: not told */
};

/* Close every descriptor from this one on.  A caller's shell may have left some
 * open, and a sandbox does not refuse what is open. */
void engine_close_from(int fd);
/* End with a message about the usage. */
_Noreturn void engine_usage(const char *program, const char *what);
/* --help, --version, and each argument that is not an option. */
_Noreturn void engine_option(const char *program, const char *usage, int c);
unsigned engine_number(const char *program, const char *arg, unsigned min,
    unsigned max);
/* Print a line for the program and each of these libraries that it has
 * loaded: name, version and path, with tabs between them.  An answer depends
 * on these files. */
void engine_list(const char *program, const struct engine_library *);
/* Flush what was printed.  The exit status. */
int engine_end(const char *program, int status);

#endif
