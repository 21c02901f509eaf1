/* image_flat.c - make pictures from rows of bytes; remove transparency. */
#include "image_in.h"

PIX *
image_pack(const unsigned char *rgb, unsigned width, unsigned height,
    size_t stride)
{
	PIX *pix = pixCreate((l_int32)width, (l_int32)height, 32);

	for (unsigned y = 0; pix && y < height; y++) {
		const unsigned char *from = rgb + (size_t)y * stride;
		l_uint32 *to = pixGetData(pix) +
		    (size_t)y * (size_t)pixGetWpl(pix);

		for (unsigned x = 0; x < width; x++, from += 3)
			composeRGBPixel(from[0], from[1], from[2], to + x);
	}
	return pix;
}

/* Are the opaque parts a drawing in light colours? */
static int
is_drawn_light(PIX *in)
{
	PIX *alpha = pixGetRGBComponent(in, L_ALPHA_CHANNEL);
	PIX *clear = alpha ? pixThresholdToBinary(alpha, 128) : NULL;
	PIX *gray = clear ? pixConvertRGBToLuminance(in) : NULL;
	l_float32 drawn = 1, mean = 0;
	int light = 0;

	if (gray) {
		pixInvert(clear, clear);
		pixForegroundFraction(clear, &drawn);
		light = drawn < 0.5f &&
		    pixGetAverageMasked(gray, clear, 0, 0, 1, L_MEAN_ABSVAL,
			&mean) == 0 &&
		    mean > 128;
	}
	pixDestroy(&alpha);
	pixDestroy(&clear);
	pixDestroy(&gray);
	return light;
}

PIX *
image_flatten(PIX *in)
{
	if (pixGetSpp(in) != 4)
		return pixClone(in);
	return pixAlphaBlendUniform(in, is_drawn_light(in) ? 0 : 0xffffff00);
}
