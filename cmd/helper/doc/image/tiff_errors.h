/* tiff_errors.h - errors that libtiff reports. */
#ifndef TIFF_ERRORS_H
#define TIFF_ERRORS_H

/* Start to count errors in image data. */
void tiff_errors_begin(void);
int tiff_errors_found(void);

#endif
