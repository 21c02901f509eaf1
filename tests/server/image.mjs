// image.mjs - checks by its structure whether data is a PNG or JPEG image.

function png(bytes) {
	const signature = Buffer.from('89504e470d0a1a0a', 'hex');
	if (bytes.length < 45 || !bytes.subarray(0, 8).equals(signature) ||
	    bytes.toString('latin1', 12, 16) !== 'IHDR' ||
	    bytes.toString('latin1', bytes.length - 8, bytes.length - 4) !== 'IEND')
		return null;
	return { type: 'png', width: bytes.readUInt32BE(16),
		height: bytes.readUInt32BE(20) };
}

function jpeg(bytes) {
	if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8 ||
	    bytes.lastIndexOf(Buffer.of(0xff, 0xd9)) < 0)
		return null;
	// the frame header, SOF, has the size
	for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;
		at += 2 + bytes.readUInt16BE(at + 2)) {
		const marker = bytes[at + 1];
		if (marker >= 0xc0 && marker <= 0xcf &&
		    ![0xc4, 0xc8, 0xcc].includes(marker))
			return { type: 'jpeg', width: bytes.readUInt16BE(at + 7),
				height: bytes.readUInt16BE(at + 5) };
	}
	return null;
}

// Returns { type, width, height, data } or null.
export function imageOf(data) {
	const image = png(data) ?? jpeg(data);
	return image && { ...image, data };
}

// Returns null for invalid base64, which Buffer.from would skip.
export function fromBase64(text) {
	if (typeof text !== 'string' || text.length % 4 !== 0 ||
	    !/^[A-Za-z0-9+/]*={0,2}$/.test(text))
		return null;
	return Buffer.from(text, 'base64');
}
