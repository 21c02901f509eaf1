/* setup_files.c - the files that the command line names: the API key and the
 * schema. */
#include "setup_in.h"

#include "infer/schema/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct pc_buf
slurp(struct infer *in, const char *path, size_t max, const char *what)
{
	struct pc_buf b = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || pc_read_all(fd, &b, max) < 0 || pc_buf_add(&b, "", 1) < 0)
		cli_die(in->c, "cannot read %s '%s': %s", what, path,
		    strerror(errno));
	close(fd);
	return b;
}

/* The length of the first line of n bytes, which can contain NULs. */
static size_t
first_line(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] != '\n' && p[i] != '\r')
		i++;
	return i;
}

/* A key file must be readable by its owner only. */
void
read_key(struct infer *in, const struct given *given)
{
	const char *key = getenv("PC_INFER_KEY"), *from = "$PC_INFER_KEY";
	struct pc_buf file = {0};
	struct stat st;
	size_t n = key ? strlen(key) : 0;

	if (given->key_file) {
		from = given->key_file;
		if (stat(from, &st) == 0 && S_ISREG(st.st_mode) &&
		    (st.st_mode & 077 || st.st_uid != geteuid()))
			cli_die(in->c,
			    "'%s' contains a key that others can read; run chmod 600 on it",
			    from);
		file = slurp(in, from, 64 * 1024, "key");
		key = (char *)file.data;
		n = first_line(key, file.len - 1);
		if (n == 0)
			cli_die(in->c, "'%s' has no key on its first line",
			    from);
	}
	if (n > 0 && servers_set_key(&in->backend.servers, key, n) < 0) {
		if (errno == EINVAL)
			cli_die(in->c, "the key of %s has a control character",
			    from);
		cli_die(in->c, "%s", strerror(errno));
	}
	/* Programs that are started must not see it. */
	unsetenv("PC_INFER_KEY");
	pc_buf_clear(&file);
}

void
read_schema(struct infer *in, const struct given *given)
{
	struct pc_error err;
	struct pc_buf b;

	if (given->schema) {
		b = slurp(in, given->schema, 1024 * 1024, "schema");
		in->question.schema = pc_json_parse((char *)b.data, b.len - 1,
		    &err);
		if (!in->question.schema ||
		    pc_json_type(in->question.schema) != PC_JSON_OBJECT)
			cli_die(in->c, "schema '%s', %s", given->schema,
			    in->question.schema
				? "line 1: it is not a JSON object"
				: err.text);
		if (schema_check(in->question.schema, &err) < 0)
			cli_die(in->c, "schema '%s': %s", given->schema,
			    err.text);
		free(in->question.t.schema);
		b.len = 0;
		if (pc_json_print(&b, in->question.schema) < 0 ||
		    pc_buf_add(&b, "", 1) < 0)
			cli_die(in->c, "%s", strerror(errno));
		in->question.t.schema = (char *)b.data;
	} else if (in->question.t.schema) {
		in->question.schema = pc_json_parse(in->question.t.schema,
		    strlen(in->question.t.schema), &err);
		if (!in->question.schema)
			cli_die(in->c, "%s", err.text);
	}
}
