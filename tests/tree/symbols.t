#!/bin/bash
# Which file calls which, read from the symbols of all objects of programs and
# helpers.  A call goes to the same folder or to one that the table allows, and
# no two files call each other, directly or through others.
. "$(dirname "$0")/../lib.sh"

cat >rules <<'EOF'
# ---- lib/, from the bottom
folder lib/base:
folder lib/disk:   lib/base
folder lib/event:  lib/base lib/disk
folder lib/ledger: lib/base lib/disk lib/event
folder lib/shard:  lib/base lib/disk lib/event
folder lib/care:   lib/base lib/disk lib/event lib/ledger lib/shard
folder lib/store:  lib/base lib/disk lib/ledger lib/shard lib/care
folder lib/query:  lib/base lib/disk lib/shard lib/store
folder lib/config: lib/base

# ---- cmd/: all may use what is public in lib/
public pc_*

folder cmd/cli:
folder cmd/http:
folder cmd/admit:  cmd/cli
folder cmd/reader: cmd/cli
folder cmd/server: cmd/cli cmd/http

folder cmd/fetch:  cmd/cli cmd/http
folder cmd/gc:     cmd/cli
folder cmd/memory: cmd/cli cmd/http cmd/server cmd/admit
folder cmd/stats:  cmd/cli

folder cmd/infer/schema:
folder cmd/infer/template: cmd/infer/schema cmd/server
folder cmd/infer/image:    cmd/cli cmd/reader
folder cmd/infer/chat:     cmd/cli
folder cmd/infer: cmd/cli cmd/http cmd/reader cmd/admit cmd/server
folder cmd/infer: + cmd/infer/schema cmd/infer/template cmd/infer/image
folder cmd/infer: + cmd/infer/chat
folder cmd/infer/embed: cmd/cli cmd/http cmd/server cmd/infer

folder cmd/ocr/page:
folder cmd/ocr/layout: cmd/ocr/page
folder cmd/ocr/format: cmd/ocr/page
folder cmd/ocr/pdf:    cmd/reader
folder cmd/ocr/convert: cmd/cli cmd/ocr/pdf
folder cmd/ocr: cmd/cli cmd/reader cmd/admit cmd/helper/sandbox
folder cmd/ocr: + cmd/ocr/page cmd/ocr/layout cmd/ocr/format cmd/ocr/pdf
folder cmd/ocr: + cmd/ocr/convert

folder cmd/helper/sandbox:
folder cmd/helper:           cmd/helper/sandbox
folder cmd/helper/confine:   cmd/helper cmd/helper/sandbox
folder cmd/helper/doc/base:
folder cmd/helper/doc/image: cmd/helper/doc/base
folder cmd/helper/doc/pdf:   cmd/helper/doc/base
folder cmd/helper/doc/djvu:  cmd/helper/doc/base
folder cmd/helper/doc/layer:
folder cmd/helper/doc/embedded: cmd/helper/doc/base cmd/helper/doc/image
folder cmd/helper/doc/embedded: + cmd/helper/doc/pdf
folder cmd/helper/doc: cmd/helper cmd/helper/doc/base cmd/helper/doc/image
folder cmd/helper/doc: + cmd/helper/doc/pdf cmd/helper/doc/djvu
folder cmd/helper/doc: + cmd/helper/doc/layer cmd/helper/doc/embedded
folder cmd/helper/gpu:       cmd/helper
folder cmd/helper/http:      cmd/helper cmd/helper/sandbox cmd/http
folder cmd/helper/tesseract: cmd/helper

# Files with a main() are above all others.
folder cmd: cmd/cli cmd/http cmd/reader cmd/admit cmd/server
folder cmd: + cmd/fetch cmd/gc cmd/memory cmd/stats cmd/ocr cmd/ocr/format
folder cmd: + cmd/ocr/convert
folder cmd: + cmd/infer cmd/infer/chat cmd/infer/embed cmd/infer/template

# ---- the cached stage
# Only these files look up, store and lock keys themselves.
only pc_store_get pc_store_put pc_store_put_* pc_flight_*: cmd/cli/stage
may cmd/gc/export cmd/gc/import

# ---- known faults that are not repaired yet; this list should become empty
EOF

# objects FOLDERS: the object of each source file
objects() {
	(cd "$TESTS/.." && find "$@" -name '*.c' -o -name '*.cc') |
		sed 's/[.][^.]*$/.o/' | sort
}
# kind NAME: the faults of that kind in ./faults
kind() { sed -n "s/^$1 //p" faults; }

mapfile -t all < <(objects lib cmd)
(cd "$BUILD" && nm -gA "${all[@]}") >symbols 2>missing
is "$(cat missing)" '' 'each source file has its object'
python3 "$TESTS/symbols.py" rules <symbols >faults 2>notes
is $? 0 'the symbols can be read'
sed 's/^/# /' notes
is "$(kind cycle | grep '^lib/')" '' 'no two files of lib/ call each other'
is "$(kind cycle | grep -v '^lib/')" '' 'no two files of cmd/ call each other'
is "$(kind folder)" '' 'each folder is in the table'
is "$(kind call)" '' 'calls between folders are those of the table'
is "$(kind private)" '' 'cmd/ calls only what is public in lib/'
is "$(kind only)" '' 'only the cached stage looks up, stores and locks keys'
# Two helpers each replace this function of the C library.
is "$(kind twice | grep -v '^pthread_create ')" '' 'no global name is defined twice'

# tags FOLDERS: each struct, enum and union that has a name and is defined
tags() {
	grep -rhoE --include='*.[ch]' '\<(struct|enum|union) [a-z_0-9]+ \{' "$@" |
		cut -d ' ' -f 2 | sort
}
tags "$TESTS/../cmd" "$TESTS/../lib" >tags
is "$(uniq -d tags)" '' 'no tag of a struct, enum or union is defined twice'
grep -qx pc_error tags
ok 'the tags are found'

# Each kind of fault is found.
cat >rules <<'EOF'
folder lib/low:
folder lib/high: lib/low
folder cmd:
public pc_*
only pc_get: cmd/stage
EOF
cat >symbols <<'EOF'
lib/low/a.o:0000 T pc_get
lib/low/a.o:         U b_name
lib/low/b.o:0000 T b_name
lib/low/b.o:         U c_name
lib/low/c.o:0000 T c_name
lib/low/c.o:         U pc_get
lib/low/d.o:0000 D twice_name
lib/low/d.o:         U pc_high
lib/high/e.o:0000 T pc_high
lib/high/e.o:0000 R twice_name
lib/high/e.o:         U pc_get
cmd/stage.o:         U pc_get
cmd/other.o:         U pc_get
cmd/other.o:         U b_name
lib/new/f.o:         U printf
EOF
python3 "$TESTS/symbols.py" rules <symbols >faults
is "$(kind cycle)" 'lib/low/a lib/low/b lib/low/c' 'a cycle of three files is found'
is "$(kind call)" 'lib/low/d lib/high/e (pc_high)' 'a call upward is found'
is "$(kind folder)" 'lib/new is not in the table' 'a folder without a rule is found'
is "$(kind private)" 'cmd/other lib/low/b b_name' 'the use of a private name is found'
is "$(kind only)" 'cmd/other pc_get' 'a caller that is not allowed is found'
is "$(kind twice)" 'twice_name lib/high/e lib/low/d' 'a name defined twice is found'
mkdir folder
echo 'struct twice { int a; };' >folder/a.c
echo 'static enum twice { B } b;' >folder/b.h
is "$(tags folder | uniq -d)" twice 'a tag defined twice is found'
done_testing
