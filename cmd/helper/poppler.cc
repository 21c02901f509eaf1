// poppler.cc - a C face for poppler; nothing of C++ gets out of it.
#include "poppler.h"

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>
#include <poppler-version.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

struct pdf {
	std::unique_ptr<poppler::document> doc;
};

namespace
{

void
drop_message(const std::string &, void *)
{
}

bool
copy_out(const poppler::byte_array &bytes, char **text, size_t *length)
{
	*text = static_cast<char *>(std::malloc(bytes.size() + 1));
	if (!*text)
		return false;
	if (!bytes.empty())
		std::memcpy(*text, bytes.data(), bytes.size());
	(*text)[bytes.size()] = '\0';
	*length = bytes.size();
	return true;
}

bool
is_turned(const poppler::page &page)
{
	return page.orientation() == poppler::page::landscape ||
	    page.orientation() == poppler::page::seascape;
}

}

extern "C" struct pdf *
pdf_open(const char *path, enum pdf_open_result *result) try {
	// Some documents make poppler print without end.
	poppler::set_debug_error_function(drop_message, nullptr);
	std::unique_ptr<poppler::document> doc(
	    poppler::document::load_from_file(path));
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
pdf_pages(const struct pdf *p) try {
	return p->doc->pages();
} catch (...) {
	return -1;
}

extern "C" int
pdf_page_size(struct pdf *p, int n, double *width, double *height) try {
	std::unique_ptr<poppler::page> page(p->doc->create_page(n));
	if (!page)
		return -1;
	const poppler::rectf box = page->page_rect(poppler::crop_box);
	const bool turned = is_turned(*page);
	*width = turned ? box.height() : box.width();
	*height = turned ? box.width() : box.height();
	return 0;
} catch (...) {
	return -1;
}

extern "C" int
pdf_page_text(struct pdf *p, int n, char **text, size_t *length,
    size_t *inner) try {
	std::unique_ptr<poppler::page> page(p->doc->create_page(n));
	if (!page)
		return -1;
	const poppler::rectf box = page->page_rect(poppler::crop_box);
	const bool turned = is_turned(*page);
	const double w = turned ? box.height() : box.width();
	const double h = turned ? box.width() : box.height();
	const poppler::rectf inside(w / 8, h / 8, w * 3 / 4, h * 3 / 4);

	*inner = 0;
	for (const auto c :
	    page->text(inside, poppler::page::raw_order_layout))
		*inner += c > ' ';
	const poppler::ustring all = page->text(poppler::rectf(),
	    poppler::page::non_raw_non_physical_layout);
	return copy_out(all.to_utf8(), text, length) ? 0 : -1;
} catch (...) {
	return -1;
}

extern "C" int
pdf_page_render(struct pdf *p, int n, double dpi, unsigned char **pixels,
    int *width, int *height, int *stride) try {
	std::unique_ptr<poppler::page> page(p->doc->create_page(n));
	if (!page)
		return -1;
	poppler::page_renderer renderer;
	renderer.set_image_format(poppler::image::format_gray8);
	renderer.set_render_hint(poppler::page_renderer::antialiasing);
	renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
	poppler::image image = renderer.render_page(page.get(), dpi, dpi);
	if (!image.is_valid())
		return -1;
	*width = image.width();
	*height = image.height();
	*stride = image.bytes_per_row();
	const size_t size = static_cast<size_t>(*height) *
	    static_cast<size_t>(*stride);
	*pixels = static_cast<unsigned char *>(std::malloc(size));
	if (!*pixels)
		return -1;
	std::memcpy(*pixels, image.const_data(), size);
	return 0;
} catch (...) {
	return -1;
}

extern "C" const char *
pdf_version(void)
{
	static const std::string version = poppler::version_string();

	return version.c_str();
}
