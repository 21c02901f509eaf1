/* qpdf.h - libqpdf, loaded on first use: loading takes 3 ms, and most
 * documents do not need it. */
#ifndef QPDF_H
#define QPDF_H

#include "helper/doc/doc.h"

#include <qpdf/qpdf-c.h>

/* Those that make a new PDF. */
#define QPDF_WRITE(f)                                                          \
	f(add_page) f(cleanup) f(make_indirect_object) f(oh_release) f(        \
	    empty_pdf) f(get_buffer) f(get_buffer_length) f(get_object_by_id)  \
	    f(init_write_memory) f(oh_copy_foreign_object)                     \
		f(oh_get_generation) f(oh_append_item) f(oh_new_array)         \
		    f(oh_new_dictionary) f(oh_new_null) f(oh_new_stream) f(    \
			oh_parse) f(oh_replace_key) f(oh_replace_stream_data)  \
			f(set_deterministic_ID) f(set_preserve_encryption)     \
			    f(set_object_stream_mode) f(set_stream_data_mode)  \
				f(write) f(oh_remove_key)                      \
				    f(oh_get_binary_string_value)

/* The functions used here: qpdf.init() is qpdf_init(), and so on. */
#define QPDF_EACH(f)                                                           \
	f(find_page_by_id) f(get_num_pages) f(get_page_n) f(get_qpdf_version)  \
	    f(get_root) f(get_trailer) f(more_warnings) f(next_warning)        \
		f(init) f(oh_begin_dict_key_iter) f(oh_dict_more_keys) f(      \
		    oh_dict_next_key) f(oh_get_array_item)                     \
		    f(oh_get_array_n_items) f(oh_get_binary_utf8_value) f(     \
			oh_get_bool_value) f(oh_get_dict) f(oh_get_int_value)  \
			f(oh_get_key) f(oh_get_name) f(oh_get_numeric_value)   \
			    f(oh_get_object_id) f(oh_get_page_content_data)    \
				f(oh_get_stream_data) f(oh_is_array)           \
				    f(oh_is_dictionary) f(oh_is_name) f(       \
					oh_is_name_and_equals) f(oh_is_null)   \
					f(oh_is_number) f(oh_is_stream)        \
					    f(oh_is_string) f(oh_release_all)  \
						f(read_memory)                 \
						    f(set_attempt_recovery) f( \
							set_suppress_warnings) \
							f(silence_errors)      \
							    QPDF_WRITE(f)

#define QPDF_MEMBER(name) __typeof__(qpdf_##name) *name;
struct qpdf_functions {
	QPDF_EACH(QPDF_MEMBER)
};
extern struct qpdf_functions qpdf;

struct pdf_details {
	qpdf_data pdf;  /* NULL: libqpdf is missing */
	int opened;     /* its objects can be read */
	unsigned pages; /* 0: its tree of pages cannot be read */
};

/* Open a PDF without looking for its pages; see pdf_details_open(). */
struct pdf_details *qpdf_open(const struct doc_bytes *, const char *password,
    int recover);

/* The number under a key of a dictionary; 0: none. */
double qpdf_number(struct pdf_details *, qpdf_oh dict, const char *key);
/* Does the dictionary have this name under the key? */
int qpdf_is(struct pdf_details *, qpdf_oh dict, const char *key,
    const char *name);
/* A page's own value, or the one that it inherits. */
qpdf_oh qpdf_inherited(struct pdf_details *, qpdf_oh page, const char *key,
    QPDF_BOOL (*good)(qpdf_data, qpdf_oh));

#endif
