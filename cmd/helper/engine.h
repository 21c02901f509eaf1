/* engine.h - the parts of the command line that pc-ocr's helpers share. */
#ifndef ENGINE_H
#define ENGINE_H

struct engine_library {
	const char *file; /* part of its path, such as "/libpoppler.so" */
	const char *name;
	const char *(*version)(void); /* NULL: unknown */
};

/* Close all descriptors from this one on.  The caller's shell may have left
 * some open, and a sandbox does not restrict open descriptors. */
void engine_close_from(int fd);
/* End with a usage error. */
_Noreturn void engine_usage(const char *program, const char *what);
/* Handle --help, --version and unknown options. */
_Noreturn void engine_option(const char *program, const char *usage, int c);
unsigned engine_number(const char *program, const char *arg, unsigned min,
    unsigned max);
/* Print one line for the program and for each of these libraries that it has
 * loaded: name, version and path, separated by tabs.  Answers depend on these
 * files. */
void engine_list(const char *program, const struct engine_library *);
/* Flush the output.  Returns the exit status. */
int engine_end(const char *program, int status);

#endif
