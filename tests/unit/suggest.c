/* Which words are near enough to a mistyped one to be suggested. */
#include "pc.h"
#include "tap.h"

#include <string.h>

/* The parameter of a model that is suggested for a word. */
static const char *
suggestion(const char *word)
{
	static const char *const names[] = {"min_p", "num_ctx", "num_predict",
	    "seed", "stop", "temperature", "top_k", "top_p"};
	static struct pc_nearest nearest;

	nearest = (struct pc_nearest){0};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		pc_nearest_offer(&nearest, names[i],
		    pc_word_distance(word, names[i]));
	return nearest.name;
}

static void
test(const char *word, const char *want)
{
	const char *got = suggestion(word);

	OK(strcmp(got, want) == 0, "'%s' suggests '%s': '%s'", word, want, got);
}

int
main(void)
{
	test("temp", "temperature");
	test("temprature", "temperature");
	test("tempreature", "temperature");
	test("num_predit", "num_predict");
	test("num-ctx", "num_ctx");
	test("sed", "seed");
	test("top_kk", "top_k");
	/* What is not near is not suggested, however short the list. */
	test("t", "");
	test("te", "");
	test("tree", "");
	test("length", "");
	test("model", "");
	test("", "");
	OK(pc_word_distance("seed", "seed") == 0,
	    "the distance of a word to itself is 0");
	OK(pc_word_distance("temp", "seed") == PC_FAR,
	    "three letters of four are another word");
	return tap_done();
}
