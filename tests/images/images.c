/* images.c - the images of a request as pc-infer prepares them: prints the page
 * and the id of each, and writes the PNG files with -o. */
#include "infer/image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct cli cli;
static struct images images;

static void
write_png(const char *prefix, size_t i)
{
	struct pc_buf png = {0};
	struct pc_error err;
	char name[256];
	int fd;

	if (images_png(&cli, &images, i, &png, &err) < 0)
		cli_die(&cli, "%s", err.text);
	snprintf(name, sizeof name, "%s%zu.png", prefix, i + 1);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0 || pc_write_full(fd, png.data, png.len) < 0)
		cli_die(&cli, "cannot write '%s': %s", name, strerror(errno));
	close(fd);
	pc_buf_clear(&png);
}

int
main(int argc, char **argv)
{
	const char *pages = NULL, *prefix = NULL;
	unsigned side = 0;
	struct pc_error err;
	char hex[PC_ID_HEX];
	int c, status = PC_EXIT_OK;

	cli_init(&cli, PC_PROGRAM_INFER, "usage: images [option]... FILE...\n");
	while ((c = getopt(argc, argv, "s:p:o:nr")) != -1)
		switch (c) {
		case 's':
			side = (unsigned)atoi(optarg);
			break;
		case 'p':
			pages = optarg;
			break;
		case 'o':
			prefix = optarg;
			break;
		case 'n':
			cli.no_cache = 1;
			break;
		case 'r':
			cli.refresh = 1;
			break;
		default:
			return PC_EXIT_FAIL;
		}
	cli_open(&cli);
	for (argv += optind; *argv; argv++)
		if (images_add(&cli, &images, *argv, pages, side, &err) < 0) {
			cli_warn(&cli, "%s", err.text);
			status = PC_EXIT_FAIL;
		}
	for (size_t i = 0; i < images.count; i++) {
		pc_id_hex(&images.all[i].id, hex);
		printf("%u %s\n", images.all[i].page, hex);
	}
	/* Let the test remove something here. */
	if (getenv("IMAGES_BETWEEN") && system(getenv("IMAGES_BETWEEN")) != 0)
		status = PC_EXIT_FAIL;
	for (size_t i = 0; prefix && i < images.count; i++)
		write_png(prefix, i);
	images_clear(&images);
	cli_exit(&cli, status);
}
