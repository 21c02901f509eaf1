/* stage_all.c - many results of cached stages at once. */
#include "stage_all.h"

void
stage_find_all(struct stage_entry *const all[], size_t n,
    enum stage_state states[])
{
	for (size_t i = 0; i < n; i++)
		states[i] = stage_find(all[i]);
}

void
stage_claim_all(struct stage_entry *const all[], size_t n,
    enum stage_state states[])
{
	for (size_t i = 0; i < n; i++)
		states[i] = stage_claim(all[i]);
}

void
stage_release_all(struct stage_entry *const all[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		stage_release(all[i]);
}
