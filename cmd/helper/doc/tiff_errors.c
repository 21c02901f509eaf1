/* tiff_errors.c - what libtiff finds wrong with the data of a TIFF file.
 *
 * leptonica shows what can be read of colour images, and says nothing.  libtiff
 * is loaded with leptonica; its headers are not needed for these functions. */
#include "doc.h"

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

/* Most warnings are of tags.  Those of a fax or a JPEG image are of lost codes.
 */
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
	void *p = dlsym(RTLD_DEFAULT, name);
	setter *f;

	/* ISO C has no conversion from the one to the other. */
	memcpy(&f, &p, sizeof f);
	if (f)
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
