/* left_out.h - letters that tesseract's search for lines left out. */
#ifndef LEFT_OUT_H
#define LEFT_OUT_H

struct Pix;
struct TessBaseAPI;
struct word_writer;

/* Find ink as large as letters beside the words that were written, as single
 * digits in a column of a table; recognise each alone, and insert the words
 * into the output.  What stays without text is appended as an item "u".
 * page: the turned page; ink: its ink, as for rules_add().  Tesseract gets
 * other images and segmentation modes.  Returns the sum of the new words'
 * confidence in per cent. */
double left_out_add(struct word_writer *, struct TessBaseAPI *,
    struct Pix *page, struct Pix *ink, int dpi);

#endif
