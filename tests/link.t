#!/bin/bash
# The link rule, read off the binaries: what runs on every hit loads libc,
# gdbm and what SHA-256 needs, nothing else; json-c only when a configuration
# file is there; heavy libraries belong to helpers.
. "$(dirname "$0")/lib.sh"

needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

for p in hash get put run ocr infer fetch stats gc memstat; do
	is "$(needed "$BUILD/pc-$p" |
		grep -vE '^(libc|libgdbm|libcrypto|libasan|libubsan|libm|ld-linux.*)\.so')" \
		'' "pc-$p needs only libc, gdbm and libcrypto"
done
if [ -z "$(needed "$BUILD/pc-get")" ]; then
	skip 'json-c is loaded only for a configuration' 'linked statically'
else
	printf 'value' | pc-put -s link
	loaded() { LD_DEBUG=libs pc-get -s link 2>&1 | grep -c 'find library=libjson-c'; }
	is "$(loaded)" 0 'no configuration, no json-c'
	mkdir -p home/.config/pc
	echo '{}' >home/.config/pc/config.json
	[ "$(loaded)" -gt 0 ]
	ok 'a configuration loads json-c'
fi

# Each helper loads what it is for, and those that run them none of it.
heavy='(poppler|lept|magic|tesseract|archive|curl|seccomp|stdc[+][+])'
for p in ocr infer fetch memstat; do
	is "$(needed "$BUILD/pc-$p" | grep -E "$heavy")" '' \
		"pc-$p needs no heavy library"
	is "$(nm "$BUILD/pc-$p" | grep -cE ' (curl_|SSL_|seccomp_)')" 0 \
		"pc-$p has none inside"
done
for p in poppler-cpp 'lept(onica)?' magic; do
	needed "$BUILD/pc-doc" | grep -Eq "^lib${p}[.]so"
	ok "pc-doc needs $p"
done
is "$(needed "$BUILD/pc-doc" | grep -E 'tesseract|archive|curl|qpdf')" '' \
	'and neither tesseract nor, before there is a scan, libqpdf'
for p in doc tesseract http confine; do
	needed "$BUILD/pc-$p" | grep -q '^libseccomp[.]so'
	ok "pc-$p is confined by libseccomp"
done
for p in tesseract 'lept(onica)?'; do
	needed "$BUILD/pc-tesseract" | grep -Eq "^lib${p}[.]so"
	ok "pc-tesseract needs $p"
done
is "$(needed "$BUILD/pc-tesseract" | grep -E 'poppler|magic')" '' \
	'and neither poppler nor libmagic'
needed "$BUILD/pc-http" | grep -q '^libcurl[.]so'
ok 'pc-http needs libcurl'
is "$(needed "$BUILD/pc-http" | grep -E '(poppler|lept|magic|tesseract|archive)')" \
	'' 'and nothing that reads documents'
is "$(needed "$BUILD/pc-http" | grep -E 'poppler|magic|tesseract|lept')" '' \
	'and nothing for documents'
is "$(needed "$BUILD/pc-confine" | grep -vE '^(libc|libseccomp|libasan|libubsan|libm|ld-linux.*)\.so')" \
	'' 'pc-confine needs libc and libseccomp alone'
is "$(needed "$BUILD/pc-gpu" | grep -vE '^(libc|libasan|libubsan|libm|ld-linux.*)\.so')" \
	'' 'pc-gpu needs libc alone, and loads NVML when it is there'
done_testing
