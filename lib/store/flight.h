/* flight.h - the flights of this process; private to lib/. */
#ifndef PC_FLIGHT_H
#define PC_FLIGHT_H

#include "pc.h"

/* Land all flights of this process. */
void flight_land_all(struct pc_store *);

#endif
