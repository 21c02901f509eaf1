/* property.c - Unicode properties in patterns: ECMA-262 allows the long names
 * of categories, PCRE2 only the short ones. */
#include "schema_in.h"

#include <string.h>

static const struct category {
	const char *name, *code;
} categories[] = {
    {"Letter", "L"},
    {"Cased_Letter", "L&"},
    {"LC", "L&"},
    {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"},
    {"Titlecase_Letter", "Lt"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"},
    {"Initial_Punctuation", "Pi"},
    {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Other_Symbol", "So"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"cntrl", "Cc"},
    {"Format", "Cf"},
    {"Surrogate", "Cs"},
    {"Private_Use", "Co"},
    {"Unassigned", "Cn"},
};

static int
is_named(const char *name, size_t n, const char *wanted)
{
	return strlen(wanted) == n && memcmp(name, wanted, n) == 0;
}

int
property_translate(const char *name, size_t n, struct pc_buf *out)
{
	static const char *const prefixes[] = {"General_Category=", "gc="};

	for (size_t i = 0; i < 2; i++) {
		const size_t len = strlen(prefixes[i]);

		if (n > len && memcmp(name, prefixes[i], len) == 0) {
			name += len;
			n -= len;
			break;
		}
	}
	for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
		if (is_named(name, n, categories[i].name))
			return pc_buf_addf(out, "%s", categories[i].code);
	/* PCRE2 knows scripts and other properties by name.  A ^ would negate
	 * the name. */
	if (n == 0 || memchr(name, '^', n))
		return -1;
	return pc_buf_add(out, name, n);
}
