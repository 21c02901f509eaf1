/* base.h - what libpc uses of bytes, texts, JSON and processes.  Programs
 * include pc.h, which says how its functions return and who owns what. */
#ifndef PC_BASE_H
#define PC_BASE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* The text of what went wrong, for a message: no program name, no newline. */
struct pc_error {
	char text[512];
};

void pc_error_set(struct pc_error *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- buffers (buf.c) -------------------------------------------------- */

/* A growing array of bytes.  All zero is a valid, empty one. */
struct pc_buf {
	unsigned char *data; /* owned */
	size_t len, cap;
	int failed; /* something is missing; all more fails too, so
		     * that it is enough to look at the end */
};

int pc_buf_reserve(struct pc_buf *, size_t more); /* room for more bytes */
int pc_buf_add(struct pc_buf *, const void *, size_t);
int pc_buf_addf(struct pc_buf *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int pc_buf_add_u32(struct pc_buf *, uint32_t); /* little-endian */
int pc_buf_add_u64(struct pc_buf *, uint64_t);
int pc_buf_add_number(struct pc_buf *, uint64_t); /* seven bits a byte, the
						   * low ones first */
void pc_buf_clear(struct pc_buf *); /* frees; the buffer can be used again */

uint32_t pc_decode_u32(
    const unsigned char *); /* little-endian, any alignment */
uint64_t pc_decode_u64(const unsigned char *);
/* Step over what pc_buf_add_number wrote; EBADMSG: *p came to the end. */
int pc_decode_number(const unsigned char **p, const unsigned char *end,
    uint64_t *);
void pc_encode_u32(unsigned char *, uint32_t);
void pc_encode_u64(unsigned char *, uint64_t);

/* ---- bytes in and out (io.c) ------------------------------------------ */

enum { PC_IO_CHUNK = 128 * 1024 }; /* what one read asks for */

/* Read until n bytes, the end, or an error; EINTR is retried. */
ssize_t pc_read_full(int fd, void *, size_t n);
ssize_t pc_pread_full(int fd, void *, size_t n, off_t);
int pc_write_full(int fd, const void *, size_t n);
int pc_pwrite_full(int fd, const void *, size_t n, off_t);

/* Read all of fd into buf; -1 EFBIG when that is more than max bytes. */
int pc_read_all(int fd, struct pc_buf *, size_t max);

/* poll(2) for at most wait us, -1 for ever; -1 EINTR at once when *stop is not
 * 0, also where a signal sets it just before the wait.  stop may be NULL. */
struct pollfd;
int pc_poll(struct pollfd *, size_t n, int64_t wait, const volatile int *stop);

/* Flush and close stdout.  -1 when anything written to it was lost. */
int pc_stdout_close(void);

int64_t pc_now(void);   /* CLOCK_REALTIME, us since the epoch */
int64_t pc_ticks(void); /* CLOCK_MONOTONIC, us, for spans */
/* What pc_ticks() will be when a span has gone by; PC_NEVER for that. */
int64_t pc_deadline(int64_t span);

/* ---- words from people (parse.c) -------------------------------------- */

#define PC_NEVER INT64_MAX /* the span of "never" */

/* "90s", "15m", "24h", "30d", "never" to microseconds; a bare number is
 * seconds.  EINVAL or ERANGE. */
int pc_parse_duration(const char *, int64_t *us);
/* "64K", "1.5g", "5GB", "5GiB" or plain bytes; K, M, G and T are powers of
 * 1024 in each form.  EINVAL or ERANGE. */
int pc_parse_size(const char *, int64_t *bytes);
int pc_parse_int(const char *, int64_t min, int64_t max, int64_t *);
enum { PC_STAGE_MAX = 64 };       /* characters in a stage's name */
int pc_stage_valid(const char *); /* [a-z0-9][a-z0-9._-]{0,63} */
/* How many edits part two words. */
unsigned pc_edit_distance(const char *, const char *);

/* ---- suggestions for a mistyped word (suggest.c) ---------------------- */

#define PC_FAR UINT_MAX

/* How far a candidate is from a word, in edits.  PC_FAR: too far to suggest,
 * by the length of the words.  A word that only needs completing is near. */
unsigned pc_word_distance(const char *word, const char *candidate);

/* The nearest of all names offered; "" if none is near.  Begins as {0}. */
struct pc_nearest {
	char name[64];
	unsigned distance;
};
void pc_nearest_offer(struct pc_nearest *, const char *name, unsigned distance);

/* ---- sets (set.c) ------------------------------------------------------ */

/* Which places of an array may hold a thing, by a hash of it.  The caller has
 * the array and compares; the set grows by itself and forgets nothing.  All
 * zero is an empty one. */
struct pc_set {
	struct pc_set_slot {
		uint32_t hash;
		uint32_t place; /* plus 1; 0: free */
	} * slots;              /* owned */
	size_t slot_count;      /* 0 or a power of two */
	size_t count;
};

int pc_set_add(struct pc_set *, uint64_t hash, uint32_t place);
/* Step through the places of a hash in the order of their being added: *at
 * starts at 0.  0: no more. */
int pc_set_next(const struct pc_set *, uint64_t hash, size_t *at,
    uint32_t *place);
/* Have a place of that hash be another one. */
void pc_set_replace(struct pc_set *, uint64_t hash, uint32_t old, uint32_t new);
void pc_set_clear(struct pc_set *);

/* ---- SHA-256 and ids (sha256.c) --------------------------------------- */

struct pc_id {
	unsigned char b[32];
};

enum { PC_ID_HEX = 65 }; /* 64 digits and the end */

struct pc_sha256 {
	uint64_t state[16]; /* libcrypto's SHA256_CTX lives in here */
};

void pc_sha256_init(struct pc_sha256 *);
void pc_sha256_add(struct pc_sha256 *, const void *, size_t);
void pc_sha256_end(struct pc_sha256 *, struct pc_id *);
void pc_sha256(const void *, size_t, struct pc_id *);

void pc_id_hex(const struct pc_id *, char out[PC_ID_HEX]);
int pc_id_parse(const char *hex, struct pc_id *); /* EINVAL */

/* ---- reading JSON (jsonparse.c, json.c) --------------------------------- */

/* A parsed value.  Only what pc_json_parse gave is owned; everything within
 * is good as long as that is.  NULL stands for null, and may be asked. */
struct pc_json;

enum pc_json_type {
	PC_JSON_NULL,
	PC_JSON_BOOL,
	PC_JSON_INT,
	PC_JSON_REAL,
	PC_JSON_TEXT,
	PC_JSON_ARRAY,
	PC_JSON_OBJECT,
};

/* Parse one value (RFC 8259) of n bytes, nested at most 64 deep, whose
 * strings are UTF-8.  NULL with the line in err, also for null.  Of a name
 * given twice the last counts. */
struct pc_json *pc_json_parse(const char *, size_t n, struct pc_error *err);
/* The same where null is a value like others.  -1 with err. */
int pc_json_parse_any(const char *, size_t n, struct pc_json **,
    struct pc_error *err);
void pc_json_free(struct pc_json *);
enum pc_json_type pc_json_type(const struct pc_json *);
/* An object's member; NULL: no object, no such member, or null. */
const struct pc_json *pc_json_get(const struct pc_json *, const char *name);
/* A string, which may hold NUL bytes; NULL: it is none. */
const char *pc_json_text(const struct pc_json *, size_t *n);
int pc_json_int(const struct pc_json *, int64_t *); /* EINVAL, ERANGE */
int pc_json_real(const struct pc_json *, double *); /* EINVAL, ERANGE */
int pc_json_bool(const struct pc_json *);           /* 0 for all others */
size_t pc_json_length(const struct pc_json *);      /* 0 for no array */
const struct pc_json *pc_json_at(const struct pc_json *, size_t);
/* Each member of an object until one returns non-zero, which is returned. */
int pc_json_each(const struct pc_json *,
    int (*each)(void *ctx, const char *name, const struct pc_json *value),
    void *ctx);
/* Append the value as JSON without white space, reals spelled as they were
 * parsed.  Not for keys: one value can be spelled in many ways. */
int pc_json_print(struct pc_buf *, const struct pc_json *);

/* ---- writing JSON (jsonwrite.c, jsonout.c) ---------------------------- */

/* Each of these appends one value to a buffer, and a comma before it where one
 * is due.  key is the name of an object's member; it is NULL in an array, at
 * the top, and after pc_json_add_key.  If memory runs out, b->failed is set.
 *
 *	pc_json_begin_object(&b, NULL);
 *	pc_json_add_text(&b, "stage", "ocr");
 *	pc_json_begin_array(&b, "pages");
 *	pc_json_add_uint(&b, NULL, 1);
 *	pc_json_add_uint(&b, NULL, 2);
 *	pc_json_end_array(&b);
 *	pc_json_end_object(&b);
 *
 * gives {"stage":"ocr","pages":[1,2]}.  The buffer holds nothing but JSON, or
 * else what is before it ends with white space. */
void pc_json_begin_object(struct pc_buf *, const char *key);
void pc_json_end_object(struct pc_buf *);
void pc_json_begin_array(struct pc_buf *, const char *key);
void pc_json_end_array(struct pc_buf *);
/* The name alone, of n bytes; the value is added next. */
void pc_json_add_key(struct pc_buf *, const void *key, size_t n);
/* Strings; bytes that are not UTF-8 become U+FFFD. */
void pc_json_add_text(struct pc_buf *, const char *key, const char *);
void pc_json_add_bytes(struct pc_buf *, const char *key, const void *,
    size_t n);
void pc_json_add_base64(struct pc_buf *, const char *key, const void *,
    size_t n);
void pc_json_add_id(struct pc_buf *, const char *key, const struct pc_id *);
void pc_json_add_int(struct pc_buf *, const char *key, int64_t);
void pc_json_add_uint(struct pc_buf *, const char *key, uint64_t);
/* Rounded to so many places after the point, or to so many digits in all; what
 * is infinite or not a number becomes null. */
void pc_json_add_fixed(struct pc_buf *, const char *key, double, int decimals);
void pc_json_add_real(struct pc_buf *, const char *key, double, int digits);
void pc_json_add_bool(struct pc_buf *, const char *key, int);
void pc_json_add_null(struct pc_buf *, const char *key);
/* n bytes that are a value in JSON already. */
void pc_json_add_raw(struct pc_buf *, const char *key, const void *json,
    size_t n);
/* n bytes that are an object's members in JSON already, without the braces;
 * none if n is 0. */
void pc_json_add_members(struct pc_buf *, const void *json, size_t n);

/* Append s as a JSON string.  Bytes that are not UTF-8 become U+FFFD. */
int pc_json_string(struct pc_buf *, const void *s, size_t n);
/* Append the bytes as a JSON string of base64. */
int pc_json_base64(struct pc_buf *, const void *, size_t n);
int pc_base64_decode(struct pc_buf *, const char *, size_t n); /* EINVAL */
int pc_utf8_valid(const void *, size_t n);

/* ---- running programs (child.c) --------------------------------------- */

/* Start argv[0], which is looked up in $PATH if search is not 0, with files as
 * its stdin, stdout and stderr, -1 for /dev/null, and with env's NAME=value
 * pairs, NULL for none, before our environment.  -1 with errno: *pid is 0. */
int pc_spawn(char *const *argv, int search, const int files[3],
    const char *const *env, pid_t *pid);

struct pc_child {
	/* set before */
	char *const *argv;
	int path;               /* look argv[0] up in $PATH */
	int in;                 /* the child's stdin; -1: /dev/null; 0: ours */
	const char *const *env; /* NAME=value pairs to add; NULL for none */
	/* Each piece of its stdout (and stderr, when err is not NULL).  A
	 * sink that returns -1 ends the child. */
	int (*out)(void *ctx, const void *, size_t);
	int (*err)(void *ctx, const void *, size_t);
	void *ctx;
	int64_t idle_max; /* us without a byte from it; 0: no bound.  Then
			   * SIGTERM, and SIGKILL 2 s later */
	uint64_t out_max; /* more on stdout ends it; 0: no bound */
	const volatile int *stop; /* a signal to pass on and end with, or 0 */
	/* set after */
	int status; /* as waitpid() gives it */
	int timed_out;
	int overflowed;    /* out_max was passed */
	int stopped;       /* a sink refused or *stop was set */
	int64_t wall;      /* us */
	uint32_t peak_kib; /* ru_maxrss of the child's largest process */
};

/* Run it to its end.  -1: it did not start (errno of the exec) or its output
 * could not be read; nothing is left running, save what SIGKILL cannot end. */
int pc_child_run(struct pc_child *);
/* Where execvp(3) would find the program.  Owned by the caller; NULL ENOENT:
 * nowhere. */
char *pc_program_path(const char *name);
/* A helper's path: $PC_LIBEXEC, else where it was installed, else beside the
 * running program's build.  Owned by the caller. */
char *pc_helper_path(const char *name);
/* What is to be done when it cannot be run for this errno: the rest of a
 * message. */
const char *pc_helper_remedy(int error);

#endif
