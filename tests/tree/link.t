#!/bin/bash
# The link rule, read from the binaries: the programs that serve hits need libc,
# gdbm and libcrypto only, and load json-c only for a configuration file.  Heavy
# libraries are for helpers.
. "$(dirname "$0")/../lib.sh"

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
	is "$(loaded)" 0 'json-c is not loaded without a configuration'
	mkdir -p home/.config/pc
	echo '{}' >home/.config/pc/config.json
	[ "$(loaded)" -gt 0 ]
	ok 'json-c is loaded for a configuration'
fi

# Each helper has the libraries of its job; the programs that run helpers have
# none of them.
heavy='(poppler|lept|magic|tesseract|archive|curl|seccomp|stdc[+][+])'
for p in ocr infer fetch memstat; do
	is "$(needed "$BUILD/pc-$p" | grep -E "$heavy")" '' \
		"pc-$p needs no heavy library"
	is "$(nm "$BUILD/pc-$p" | grep -cE ' (curl_|SSL_|seccomp_)')" 0 \
		"pc-$p has no heavy library linked statically"
done
for p in poppler-cpp 'lept(onica)?' magic; do
	needed "$BUILD/pc-doc" | grep -Eq "^lib${p}[.]so"
	ok "pc-doc needs $p"
done
is "$(needed "$BUILD/pc-doc" | grep -E 'tesseract|archive|curl|qpdf')" '' \
	'pc-doc does not need tesseract, and loads libqpdf only for scans'
for p in doc tesseract http confine; do
	needed "$BUILD/pc-$p" | grep -q '^libseccomp[.]so'
	ok "pc-$p is confined by libseccomp"
done
for p in tesseract 'lept(onica)?'; do
	needed "$BUILD/pc-tesseract" | grep -Eq "^lib${p}[.]so"
	ok "pc-tesseract needs $p"
done
is "$(needed "$BUILD/pc-tesseract" | grep -E 'poppler|magic')" '' \
	'pc-tesseract needs neither poppler nor libmagic'
needed "$BUILD/pc-http" | grep -q '^libcurl[.]so'
ok 'pc-http needs libcurl'
is "$(needed "$BUILD/pc-http" | grep -E '(poppler|lept|magic|tesseract|archive)')" \
	'' 'pc-http needs no library that reads documents'
is "$(needed "$BUILD/pc-http" | grep -E 'poppler|magic|tesseract|lept')" '' \
	'pc-http needs neither poppler, libmagic, tesseract nor leptonica'
is "$(needed "$BUILD/pc-confine" | grep -vE '^(libc|libseccomp|libasan|libubsan|libm|ld-linux.*)\.so')" \
	'' 'pc-confine needs only libc and libseccomp'
is "$(needed "$BUILD/pc-gpu" | grep -vE '^(libc|libasan|libubsan|libm|ld-linux.*)\.so')" \
	'' 'pc-gpu needs only libc, and loads NVML if it is installed'
done_testing
