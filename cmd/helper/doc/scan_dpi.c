/* scan_dpi.c - see scan_dpi.h. */
#include "scan_dpi.h"

enum {
	/* Small print with less is read better when it is scaled up; more only
	 * takes longer. */
	DPI_MIN = 200,
	DPI_MAX = 300,
};

unsigned
scan_dpi(unsigned own, unsigned other)
{
	return own >= DPI_MIN && own <= DPI_MAX ? own : other;
}

double
dpi_for_side(double dpi, double longer, unsigned side_max)
{
	if (side_max == 0 || longer * dpi <= side_max * 72.0)
		return dpi;
	/* A fraction of a pixel would add one more. */
	return (side_max - 0.01) * 72 / longer;
}
