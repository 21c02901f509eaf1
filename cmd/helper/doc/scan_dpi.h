/* scan_dpi.h - the resolution at which a page is rendered. */
#ifndef SCAN_DPI_H
#define SCAN_DPI_H

/* For OCR: the scan's own dots per inch if they suit, else the other. */
unsigned scan_dpi(unsigned own, unsigned other);
/* For an image: its longer side, in points, gets side_max pixels at most; 0: no
 * limit. */
double dpi_for_side(double dpi, double longer, unsigned side_max);

#endif
