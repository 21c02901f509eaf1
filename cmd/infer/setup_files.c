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

static void
die_of_key(const struct infer *in, const char *from)
{
	if (errno == EINVAL)
		cli_die(in->c, "the key of %s has a control character", from);
	cli_die(in->c, "%s", strerror(errno));
}

static void
set_key(struct infer *in, size_t server, const char *key, size_t n,
    const char *from)
{
	if (n == 0 ||
	    servers_set_key(&in->backend.servers, server, key, n) == 0)
		return;
	die_of_key(in, from);
}

/* A key file must be readable by its owner only. */
static void
read_key_file(struct infer *in, size_t server, const char *name)
{
	struct pc_buf file;
	struct stat st;
	size_t n;

	if (stat(name, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & 077 || st.st_uid != geteuid()))
		cli_die(in->c,
		    "'%s' contains a key that others can read; run chmod 600 on it",
		    name);
	file = slurp(in, name, 64 * 1024, "key");
	n = first_line((char *)file.data, file.len - 1);
	if (n == 0)
		cli_die(in->c, "'%s' has no key on its first line", name);
	set_key(in, server, (char *)file.data, n, name);
	pc_buf_clear(&file);
}

void
read_keys(struct infer *in, const struct given *given)
{
	const char *key = getenv("PC_INFER_KEY");

	if (given->key_count > in->backend.servers.count)
		cli_usage(in->c,
		    "there are more key files than servers: the first --key-file is for the first --url, and so on");
	if (given->key_count == 0 && key)
		set_key(in, 0, key, strlen(key), "$PC_INFER_KEY");
	for (size_t i = 0; i < given->key_count; i++)
		read_key_file(in, i, given->key_files[i]);
	if (servers_use_openai_key(&in->backend.servers) < 0)
		die_of_key(in, "$OPENAI_API_KEY");
	/* Programs that are started must not see it. */
	unsetenv("PC_INFER_KEY");
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
