/* tiff_errors.c - count the errors that libtiff finds in a TIFF file's data.
 *
 * leptonica shows what it can read of a colour image, without an error.
 * libtiff is loaded with leptonica; these functions do not need its headers. */
#include "tiff_errors.h"
#include "helper/doc/base/library.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>

typedef void handler(void *file, const char *module, const char *format,
    va_list);
typedef handler *setter(handler *);

static unsigned errors;

static void
hear_error(void *file, const char *module, const char *format, va_list ap)
{
	(void)file;
	(void)module;
	(void)format;
	(void)ap;
	errors++;
}

/* Most warnings are about tags.  Those about a fax or a JPEG image mean lost
 * codes. */
static void
hear_warning(void *file, const char *module, const char *format, va_list ap)
{
	(void)file;
	(void)format;
	(void)ap;
	errors += module &&
	    (strncmp(module, "Fax", 3) == 0 || strcmp(module, "JPEGLib") == 0);
}

static void
set(const char *name, handler *to)
{
	setter *f;

	if (library_find(RTLD_DEFAULT, name, &f) == 0)
		f(to);
}

void
tiff_errors_begin(void)
{
	set("TIFFSetErrorHandlerExt", hear_error);
	set("TIFFSetWarningHandlerExt", hear_warning);
	errors = 0;
}

int
tiff_errors_found(void)
{
	return errors > 0;
}
