/* base.h - bytes, texts, sets, SHA-256, JSON and child processes.  Programs
 * include pc.h, which states the conventions for return values, units and
 * ownership. */
#ifndef PC_BASE_H
#define PC_BASE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* The text of an error message, without a program name or a newline. */
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
	int failed; /* an addition failed, so all later ones fail too: the
		     * caller may check this once, at the end */
};

int pc_buf_reserve(struct pc_buf *, size_t more); /* make room for more bytes */
int pc_buf_add(struct pc_buf *, const void *, size_t);
int pc_buf_addf(struct pc_buf *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int pc_buf_add_u32(struct pc_buf *, uint32_t); /* little-endian */
int pc_buf_add_u64(struct pc_buf *, uint64_t);
int pc_buf_add_number(struct pc_buf *, uint64_t); /* 7 bits in each byte,
						   * low bits first */
void pc_buf_clear(struct pc_buf *); /* frees; it can be used again */

uint32_t pc_decode_u32(
    const unsigned char *); /* little-endian, any alignment */
uint64_t pc_decode_u64(const unsigned char *);
/* Decode a number that pc_buf_add_number wrote and advance *p.  EBADMSG: it
 * does not end before end. */
int pc_decode_number(const unsigned char **p, const unsigned char *end,
    uint64_t *);
void pc_encode_u32(unsigned char *, uint32_t);
void pc_encode_u64(unsigned char *, uint64_t);

/* ---- bytes in and out (io.c) ------------------------------------------ */

enum { PC_IO_CHUNK = 128 * 1024 }; /* bytes of one read(2) */

/* Read until n bytes, the end of the file or an error.  EINTR is retried.  The
 * number of bytes read, or -1. */
ssize_t pc_read_full(int fd, void *, size_t n);
ssize_t pc_pread_full(int fd, void *, size_t n, off_t);
int pc_write_full(int fd, const void *, size_t n);
int pc_pwrite_full(int fd, const void *, size_t n, off_t);

/* Append all of fd to the buffer.  -1 EFBIG: it has more than max bytes. */
int pc_read_all(int fd, struct pc_buf *, size_t max);

/* poll(2) for at most wait us; -1 waits without a limit.  -1 EINTR if *stop is
 * not 0, even if a signal sets it just before the wait.  stop may be NULL. */
struct pollfd;
int pc_poll(struct pollfd *, size_t n, int64_t wait, const volatile int *stop);

/* Flush and close stdout.  -1: some output was lost. */
int pc_stdout_close(void);

int64_t pc_now(void);   /* CLOCK_REALTIME, us since the epoch */
int64_t pc_ticks(void); /* CLOCK_MONOTONIC, us, to measure time */
/* The value of pc_ticks() after that many us; PC_NEVER if span is PC_NEVER. */
int64_t pc_deadline(int64_t span);

/* ---- values that users write (parse.c) --------------------------------- */

#define PC_NEVER INT64_MAX /* the duration "never" */

/* Parse "90s", "15m", "24h", "30d" or "never"; a number without a unit is
 * seconds.  EINVAL or ERANGE. */
int pc_parse_duration(const char *, int64_t *us);
/* Parse "64K", "1.5g", "5GB", "5GiB" or a number of bytes; K, M, G and T are
 * always powers of 1024.  EINVAL or ERANGE. */
int pc_parse_size(const char *, int64_t *bytes);
int pc_parse_int(const char *, int64_t min, int64_t max, int64_t *);
enum { PC_STAGE_MAX = 64 };       /* characters in a stage's name */
int pc_stage_valid(const char *); /* [a-z0-9][a-z0-9._-]{0,63} */
/* The number of edits that turn one word into the other. */
unsigned pc_edit_distance(const char *, const char *);

/* ---- suggestions for a mistyped word (suggest.c) ---------------------- */

#define PC_FAR UINT_MAX

/* The number of edits from a word to a candidate.  PC_FAR: too many for words
 * of this length, so the candidate is not suggested.  A word that is the
 * beginning of a candidate is near. */
unsigned pc_word_distance(const char *word, const char *candidate);

/* The nearest of the names offered so far; "" if none is near.  All zero is a
 * valid, empty one. */
struct pc_nearest {
	char name[64];
	unsigned distance;
};
void pc_nearest_offer(struct pc_nearest *, const char *name, unsigned distance);

/* ---- sets (set.c) ------------------------------------------------------ */

/* Maps the hash of an item to the places in an array that may hold the item.
 * The caller owns the array and compares the items.  The set grows by itself;
 * nothing can be removed.  All zero is a valid, empty one. */
struct pc_set {
	struct pc_set_slot {
		uint32_t hash;
		uint32_t place; /* plus 1; 0: free */
	} * slots;              /* owned */
	size_t slot_count;      /* 0 or a power of two */
	size_t count;
};

int pc_set_add(struct pc_set *, uint64_t hash, uint32_t place);
/* Step through the places of a hash in the order in which they were added.
 * *at starts at 0.  1: *place is the next one; 0: there are no more. */
int pc_set_next(const struct pc_set *, uint64_t hash, size_t *at,
    uint32_t *place);
/* Replace a place of that hash by another one. */
void pc_set_replace(struct pc_set *, uint64_t hash, uint32_t old, uint32_t new);
void pc_set_clear(struct pc_set *);

/* ---- SHA-256 and ids (sha256.c) --------------------------------------- */

struct pc_id {
	unsigned char b[32];
};

enum { PC_ID_HEX = 65 }; /* 64 digits and a NUL byte */

struct pc_sha256 {
	uint64_t state[16]; /* holds libcrypto's SHA256_CTX */
};

void pc_sha256_init(struct pc_sha256 *);
void pc_sha256_add(struct pc_sha256 *, const void *, size_t);
void pc_sha256_end(struct pc_sha256 *, struct pc_id *);
void pc_sha256(const void *, size_t, struct pc_id *);

void pc_id_hex(const struct pc_id *, char out[PC_ID_HEX]);
int pc_id_parse(const char *hex, struct pc_id *); /* EINVAL */

/* ---- reading JSON (jsonparse.c, json.c) --------------------------------- */

/* A parsed value.  The caller owns the value that pc_json_parse returns; the
 * values and strings in it are valid until that one is freed.  NULL stands for
 * null, and all functions accept it. */
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

/* Parse n bytes that are one value (RFC 8259), nested at most 64 deep, with
 * strings in UTF-8.  If a name is given twice, the last one counts.  NULL with
 * the line in err if it is not valid, or if it is null. */
struct pc_json *pc_json_parse(const char *, size_t n, struct pc_error *err);
/* The same, but null is valid: *value is NULL then.  -1 with err. */
int pc_json_parse_any(const char *, size_t n, struct pc_json **,
    struct pc_error *err);
void pc_json_free(struct pc_json *);
enum pc_json_type pc_json_type(const struct pc_json *);
/* A member of an object.  NULL: not an object, no such member, or null. */
const struct pc_json *pc_json_get(const struct pc_json *, const char *name);
/* A string, which may contain NUL bytes.  NULL: it is not a string. */
const char *pc_json_text(const struct pc_json *, size_t *n);
int pc_json_int(const struct pc_json *, int64_t *); /* EINVAL, ERANGE */
int pc_json_real(const struct pc_json *, double *); /* EINVAL, ERANGE */
int pc_json_bool(const struct pc_json *);           /* 0 if not a bool */
size_t pc_json_length(const struct pc_json *);      /* 0 if not an array */
const struct pc_json *pc_json_at(const struct pc_json *, size_t);
/* Call each for every member of an object.  If it returns non-zero, stop and
 * return that. */
int pc_json_each(const struct pc_json *,
    int (*each)(void *ctx, const char *name, const struct pc_json *value),
    void *ctx);
/* Append the value as JSON without white space; real numbers are spelled as in
 * the input.  Do not use it for keys: equal values may be spelled
 * differently. */
int pc_json_print(struct pc_buf *, const struct pc_json *);

/* ---- writing JSON (jsonwrite.c, jsonout.c) ---------------------------- */

/* Each of these appends one value to a buffer, with a comma before it if
 * needed.  key is the name of an object's member; it is NULL in an array, for
 * the outermost value, and after pc_json_add_key.  If memory runs out,
 * b->failed is set.
 *
 *	pc_json_begin_object(&b, NULL);
 *	pc_json_add_text(&b, "stage", "ocr");
 *	pc_json_begin_array(&b, "pages");
 *	pc_json_add_uint(&b, NULL, 1);
 *	pc_json_add_uint(&b, NULL, 2);
 *	pc_json_end_array(&b);
 *	pc_json_end_object(&b);
 *
 * gives {"stage":"ocr","pages":[1,2]}.  If the buffer already contains other
 * text, that must end with white space. */
void pc_json_begin_object(struct pc_buf *, const char *key);
void pc_json_end_object(struct pc_buf *);
void pc_json_begin_array(struct pc_buf *, const char *key);
void pc_json_end_array(struct pc_buf *);
/* Append only the name, of n bytes; the caller adds the value next. */
void pc_json_add_key(struct pc_buf *, const void *key, size_t n);
/* Append a string.  Bytes that are not UTF-8 become U+FFFD. */
void pc_json_add_text(struct pc_buf *, const char *key, const char *);
void pc_json_add_bytes(struct pc_buf *, const char *key, const void *,
    size_t n);
void pc_json_add_base64(struct pc_buf *, const char *key, const void *,
    size_t n);
void pc_json_add_id(struct pc_buf *, const char *key, const struct pc_id *);
void pc_json_add_int(struct pc_buf *, const char *key, int64_t);
void pc_json_add_uint(struct pc_buf *, const char *key, uint64_t);
/* Append a number, rounded to decimals places after the point or to digits
 * significant digits.  Infinity and NaN become null. */
void pc_json_add_fixed(struct pc_buf *, const char *key, double, int decimals);
void pc_json_add_real(struct pc_buf *, const char *key, double, int digits);
void pc_json_add_bool(struct pc_buf *, const char *key, int);
void pc_json_add_null(struct pc_buf *, const char *key);
/* Append n bytes that are already a value in JSON. */
void pc_json_add_raw(struct pc_buf *, const char *key, const void *json,
    size_t n);
/* Append n bytes that are already the members of an object in JSON, without
 * the braces.  If n is 0, there are no members. */
void pc_json_add_members(struct pc_buf *, const void *json, size_t n);

/* Append s as a JSON string.  Bytes that are not UTF-8 become U+FFFD. */
int pc_json_string(struct pc_buf *, const void *s, size_t n);
/* Append the bytes as a JSON string of base64. */
int pc_json_base64(struct pc_buf *, const void *, size_t n);
int pc_base64_decode(struct pc_buf *, const char *, size_t n); /* EINVAL */
int pc_utf8_valid(const void *, size_t n);

/* ---- running programs (child.c) --------------------------------------- */

/* Start argv[0]; if search is not 0, look it up in $PATH.  files are its stdin,
 * stdout and stderr; -1 is /dev/null.  env has NAME=value pairs that go before
 * our environment; NULL: none.  -1 with errno: *pid is 0. */
int pc_spawn(char *const *argv, int search, const int files[3],
    const char *const *env, pid_t *pid);

struct pc_child {
	/* set by the caller */
	char *const *argv;
	int path;               /* look argv[0] up in $PATH */
	int in;                 /* the child's stdin; -1: /dev/null; 0: ours */
	const char *const *env; /* NAME=value pairs to add; NULL for none */
	/* Called with each piece of its stdout, and of its stderr unless err
	 * is NULL.  If one returns -1, the child is ended. */
	int (*out)(void *ctx, const void *, size_t);
	int (*err)(void *ctx, const void *, size_t);
	void *ctx;
	int64_t idle_max; /* us without output, after which it gets SIGTERM and,
			   * 2 s later, SIGKILL; 0: no limit */
	uint64_t out_max; /* bytes of stdout; more end it; 0: no limit */
	const volatile int *stop; /* a signal to pass on and stop at, or 0 */
	/* set by pc_child_run */
	int status; /* as waitpid() gives it */
	int timed_out;
	int overflowed;    /* out_max was exceeded */
	int stopped;       /* a sink refused or *stop was set */
	int64_t wall;      /* us */
	uint32_t peak_kib; /* ru_maxrss of the child's largest process */
};

/* Run it and wait for its end.  -1: it did not start (errno of execve(2)), or
 * its output could not be read; the child is then no longer running, unless
 * SIGKILL could not end it. */
int pc_child_run(struct pc_child *);
/* The path where execvp(3) finds the program.  Owned by the caller.  NULL
 * ENOENT: it does not find it. */
char *pc_program_path(const char *name);
/* A helper's path: in $PC_LIBEXEC, else where helpers are installed, else in
 * the build of the running program.  Owned by the caller. */
char *pc_helper_path(const char *name);
/* The end of a message about a helper that failed to start with this errno: how
 * to solve the problem. */
const char *pc_helper_remedy(int error);

#endif
