/* order.h - is a text in reading order? */
#ifndef ORDER_H
#define ORDER_H

#include <stddef.h>

/* May poppler's text of a page be out of order? */
int text_order_in_doubt(const char *text, size_t n);

#endif
