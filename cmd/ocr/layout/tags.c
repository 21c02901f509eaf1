/* tags.c - blocks whose words have roles in the structure of a tagged PDF.
 *
 * The structure is used only if most words of the page are content with a role:
 * some programs tag only a part of it, or call all of it an artifact. */
#include "layout_in.h"

#include <stdlib.h>

/* Parts of the words: of the page that have a role, and of a line that have
 * the same. */
static const double page_part = 0.6, line_part = 0.8;

static void
count_roles(const struct page *p, const struct line *l, size_t roles[ROLES])
{
	for (size_t i = 0; i < l->count; i++)
		roles[p->words[l->first + i].role]++;
}

/* The role that nearly all these words have. */
static enum word_role
common_role(const size_t roles[ROLES], double part)
{
	size_t all = 0;

	for (int i = 0; i < ROLES; i++)
		all += roles[i];
	for (int i = ROLE_TEXT; i < ROLES; i++)
		if (roles[i] > 0 && (double)roles[i] >= part * (double)all)
			return (enum word_role)i;
	return ROLE_NONE;
}

static enum word_role
role_of_line(const struct page *p, size_t line)
{
	size_t roles[ROLES] = {0};

	count_roles(p, &p->lines[line], roles);
	return common_role(roles, line_part);
}

static void
set_role(const struct page *p, struct block *b, enum word_role role)
{
	const struct word *first = &p->words[p->lines[b->first].first];

	b->artifact = role == ROLE_ARTIFACT;
	if (role >= ROLE_HEADING) {
		b->type = BLOCK_HEADING;
		b->level = (int)(role - ROLE_HEADING) + 1;
		b->letters = 0;
	} else if (role == ROLE_CAPTION) {
		b->type = BLOCK_CAPTION;
	} else if (role == ROLE_LIST &&
	    (first->tag_item || marker_of(first) != MARKER_NONE)) {
		b->type = BLOCK_LIST;
	} else if (b->type == BLOCK_HEADING && role != ROLE_NONE) {
		b->type = BLOCK_PARAGRAPH;
	}
}

/* Add the lines of a block, which is divided where their role changes.  -1:
 * out of memory. */
static int
add_parts(struct page *out, const struct page *p, const struct block *b)
{
	const size_t end = b->first + b->count;
	struct block part = *b;
	enum word_role role;

	if (b->count == 0 ||
	    (b->type != BLOCK_PARAGRAPH && b->type != BLOCK_HEADING))
		return page_add_block(out, b);
	for (size_t i = b->first; i < end; i += part.count) {
		role = role_of_line(p, i);
		part = *b;
		part.first = i;
		part.count = 1;
		part.box = p->lines[i].box;
		for (; i + part.count < end &&
		     role_of_line(p, i + part.count) == role;
		     part.count++)
			box_join(&part.box, &p->lines[i + part.count].box);
		set_role(p, &part, role);
		if (page_add_block(out, &part) < 0)
			return -1;
	}
	return 0;
}

/* The parts of a list are one block. */
static int
joins_list(const struct page *p, const struct block *a, const struct block *b)
{
	return a->type == BLOCK_LIST && b->type == BLOCK_LIST &&
	    a->first + a->count == b->first &&
	    p->words[p->lines[a->first].first].tag_item &&
	    p->words[p->lines[b->first].first].tag_item;
}

static void
join_lists(struct page *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->block_count; i++) {
		const struct block b = p->blocks[i];

		if (n == 0 || b.count == 0 ||
		    !joins_list(p, &p->blocks[n - 1], &b)) {
			p->blocks[n++] = b;
			continue;
		}
		p->blocks[n - 1].count += b.count;
		box_join(&p->blocks[n - 1].box, &b.box);
	}
	p->block_count = n;
}

int
layout_use_tags(struct page *p)
{
	struct page out = {0};
	size_t tagged = 0;

	for (size_t i = 0; i < p->word_count; i++)
		tagged += p->words[i].role != ROLE_NONE &&
		    p->words[i].role != ROLE_ARTIFACT;
	if (tagged == 0 || (double)tagged < page_part * (double)p->word_count)
		return 0;
	for (size_t i = 0; i < p->block_count; i++)
		if (add_parts(&out, p, &p->blocks[i]) < 0) {
			free(out.blocks);
			return -1;
		}
	free(p->blocks);
	p->blocks = out.blocks;
	p->block_count = out.block_count;
	join_lists(p);
	return 0;
}
