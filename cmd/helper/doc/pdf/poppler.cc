// poppler.cc - a C face for poppler; nothing of C++ gets out of it.
#include "poppler.h"

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>
#include <poppler-version.h>

#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

struct pdf {
	std::unique_ptr<poppler::document> doc;
};

struct pdf_page {
	std::unique_ptr<poppler::page> page;
	poppler::rectf box;
	unsigned quarters;
	double width, height;
};

namespace
{

struct {
	void (*hear)(void *, long long, const char *);
	void *ctx;
} listener;

// "poppler/error (POSITION): MESSAGE", or without a position.
void
pass_message(const std::string &said, void *)
{
	const size_t end = said.find(": ");
	const size_t open = said.find(" (");

	if (!listener.hear || end == std::string::npos)
		return;
	listener.hear(listener.ctx,
	    open < end ? std::atoll(said.c_str() + open + 2) : -1,
	    said.c_str() + end + 2);
}

void *
copy_out(const void *bytes, size_t n)
{
	char *p = static_cast<char *>(std::malloc(n + 1));

	if (!p)
		return nullptr;
	if (n > 0)
		std::memcpy(p, bytes, n);
	p[n] = '\0';
	return p;
}

// Write text of the basic plane as UTF-8.  False: it has other characters.
bool
write_utf8(const poppler::ustring &text, std::string &out)
{
	const unsigned short *from = text.data(), *end = from + text.size();

	// iconv(3), by which poppler made the text, begins with this mark.
	from += from < end && *from == 0xfeff;
	out.resize(3 * static_cast<size_t>(end - from));
	char *p = &out[0];
	while (from < end) {
		const unsigned c = *from++;

		if (c < 0x80) {
			*p++ = static_cast<char>(c);
			continue;
		}
		if ((c & 0xf800) == 0xd800 || c == 0xfffe)
			return false;
		if (c >= 0x800)
			*p++ = static_cast<char>(0xe0 | c >> 12);
		*p++ = static_cast<char>(
		    c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6);
		*p++ = static_cast<char>(0x80 | (c & 0x3f));
	}
	out.resize(static_cast<size_t>(p - &out[0]));
	return true;
}

// Replace out by the text as UTF-8.  poppler's to_utf8() opens iconv(3) each
// time, which for a word takes longer than finding it.
void
convert(const poppler::ustring &text, std::string &out)
{
	if (!write_utf8(text, out)) {
		const poppler::byte_array all = text.to_utf8();

		out.assign(all.begin(), all.end());
	}
}

unsigned
quarters_of(poppler::page::orientation_enum orientation)
{
	switch (orientation) {
	case poppler::page::landscape:
		return 1;
	case poppler::page::upside_down:
		return 2;
	case poppler::page::seascape:
		return 3;
	default:
		return 0;
	}
}

int
copy_image(poppler::image &image, struct pdf_image *out)
{
	if (!image.is_valid())
		return -1;
	out->width = image.width();
	out->height = image.height();
	out->stride = image.bytes_per_row();
	out->pixels = static_cast<unsigned char *>(copy_out(image.const_data(),
	    static_cast<size_t>(out->height) *
		static_cast<size_t>(out->stride)));
	return out->pixels ? 0 : -1;
}

void
set_up(poppler::page_renderer &renderer, poppler::image::format_enum format)
{
	renderer.set_image_format(format);
	renderer.set_render_hint(poppler::page_renderer::antialiasing);
	renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
}

} // namespace

extern "C" void
pdf_listen(void (*hear)(void *, long long, const char *), void *ctx)
{
	listener.hear = hear;
	listener.ctx = ctx;
}

extern "C" struct pdf *
pdf_open(const void *data, size_t size, const char *password,
    enum pdf_open_result *result)
try {
	*result = PDF_LARGE;
	if (size > INT_MAX)
		return nullptr;
	// Some documents make poppler print without end.
	poppler::set_debug_error_function(pass_message, nullptr);
	// The standard takes no more (ISO 32000-2, 7.6.4.3.3); of more this
	// poppler overruns an array.
	const std::string word(password, strnlen(password, 127));
	std::unique_ptr<poppler::document> doc(
	    poppler::document::load_from_raw_data(
		static_cast<const char *>(data), static_cast<int>(size), word,
		word));
	*result = !doc ? PDF_BAD : doc->is_locked() ? PDF_LOCKED : PDF_OK;
	if (*result != PDF_OK)
		return nullptr;
	return new pdf{std::move(doc)};
} catch (...) {
	*result = PDF_BAD;
	return nullptr;
}

extern "C" void
pdf_close(struct pdf *p)
{
	delete p;
}

extern "C" int
pdf_pages(const struct pdf *p)
try {
	return p->doc->pages();
} catch (...) {
	return -1;
}

extern "C" char *
pdf_info(const struct pdf *p, const char *key, size_t *length)
try {
	const poppler::byte_array text = p->doc->info_key(key).to_utf8();

	*length = text.size();
	return text.empty()
	    ? nullptr
	    : static_cast<char *>(copy_out(text.data(), text.size()));
} catch (...) {
	return nullptr;
}

extern "C" struct pdf_page *
pdf_page_open(struct pdf *p, int n)
try {
	std::unique_ptr<poppler::page> page(p->doc->create_page(n));
	if (!page)
		return nullptr;
	const poppler::rectf box = page->page_rect(poppler::crop_box);
	const unsigned quarters = quarters_of(page->orientation());
	const bool turned = quarters % 2 != 0;
	return new pdf_page{std::move(page), box, quarters,
	    turned ? box.height() : box.width(),
	    turned ? box.width() : box.height()};
} catch (...) {
	return nullptr;
}

extern "C" void
pdf_page_close(struct pdf_page *p)
{
	delete p;
}

extern "C" void
pdf_page_size(const struct pdf_page *p, double *width, double *height)
{
	*width = p->width;
	*height = p->height;
}

extern "C" void
pdf_page_shown(const struct pdf_page *p, double box[4], unsigned *quarters)
{
	box[0] = p->box.left();
	box[1] = p->box.top();
	box[2] = p->box.right();
	box[3] = p->box.bottom();
	*quarters = p->quarters;
}

extern "C" int
pdf_page_text(struct pdf_page *p, char **text, size_t *length)
try {
	std::string all;

	convert(p->page->text(poppler::rectf(),
		    poppler::page::non_raw_non_physical_layout),
	    all);
	*length = all.size();
	*text = static_cast<char *>(copy_out(all.data(), all.size()));
	return *text ? 0 : -1;
} catch (...) {
	return -1;
}

extern "C" int
pdf_page_words(struct pdf_page *p,
    void (*each)(void *, const struct pdf_word *), void *ctx)
try {
	std::string text;

	for (const auto &word : p->page->text_list()) {
		const poppler::rectf box = word.bbox();

		convert(word.text(), text);
		const struct pdf_word w = {box.left(), box.top(), box.right(),
		    box.bottom(), text.data(), text.size(),
		    word.has_space_after(), (4 - word.rotation()) & 3};

		each(ctx, &w);
	}
	return 0;
} catch (...) {
	return -1;
}

extern "C" int
pdf_page_render(struct pdf_page *p, double dpi, int colour,
    struct pdf_image *out)
try {
	poppler::page_renderer renderer;
	set_up(renderer,
	    colour ? poppler::image::format_rgb24
		   : poppler::image::format_gray8);
	// A last pixel that is only in part the page's is seen too, as in what
	// pdftoppm(1) makes.
	poppler::image image = colour
	    ? renderer.render_page(p->page.get(), dpi, dpi, 0, 0,
		  static_cast<int>(std::ceil(p->width * dpi / 72)),
		  static_cast<int>(std::ceil(p->height * dpi / 72)))
	    : renderer.render_page(p->page.get(), dpi, dpi);
	return copy_image(image, out);
} catch (...) {
	return -1;
}

extern "C" int
pdf_page_render_part(struct pdf_page *p, double dpi, unsigned left,
    unsigned top, unsigned width, unsigned height, struct pdf_image *out)
try {
	poppler::page_renderer renderer;
	set_up(renderer, poppler::image::format_gray8);
	poppler::image image = renderer.render_page(p->page.get(), dpi, dpi,
	    static_cast<int>(left), static_cast<int>(top),
	    static_cast<int>(width), static_cast<int>(height));
	return copy_image(image, out);
} catch (...) {
	return -1;
}

extern "C" const char *
pdf_version(void)
{
	static const std::string version = poppler::version_string();

	return version.c_str();
}
