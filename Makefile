# pc, the pipeline cache.  `make help` lists the targets.

VERSION    := $(shell sed -n 's/^\#define PC_VERSION "\(.*\)"/\1/p' lib/pc.h)
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/pc
MANDIR     ?= $(PREFIX)/share/man
DATADIR    ?= $(PREFIX)/share
EXAMPLES    = $(DATADIR)/doc/pc/examples
DESTDIR    ?=
BUILD      ?= build
PKG_CONFIG ?= pkg-config
CLANG      ?= clang

CFLAGS   ?= -O2 -g
CXXFLAGS ?= -O2 -g
# WERROR=-Werror turns warnings into errors; other compilers have other warnings.
WERROR   ?=
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wvla $(WERROR)
PC_CFLAGS   = -std=c11 -D_GNU_SOURCE $(WARN) -Wmissing-prototypes -MMD -MP \
	-Ilib -Icmd -I$(BUILD) -DPC_LIBEXECDIR='"$(LIBEXECDIR)"' $(SHARED_DEF) $(CPPFLAGS) \
	$(SAN) $(CFLAGS)
PC_CXXFLAGS = -std=c++17 $(WARN) -MMD -MP -Ilib -Icmd \
	$(CPPFLAGS) $(SAN) $(CXXFLAGS)

# The programs that run on every hit start fastest if they are static.  LINK=shared
# builds them with shared libraries, the default if the archives are missing.
LINK ?= $(shell echo 'int main(void) { return 0; }' | $(CC) -static -x c - \
	-o /dev/null -lgdbm -lcrypto -ljson-c -lpcre2-8 2>/dev/null && \
	echo static || echo shared)
ifeq ($(LINK),static)
LIGHT = -static -lgdbm -lcrypto -ljson-c
# For the patterns of schemas.
$(BUILD)/pc-infer: LIGHT += -lpcre2-8
else
SHARED_DEF = -DPC_SHARED
LIGHT = -lgdbm -lcrypto
endif
DOC_PC      = poppler-cpp lept libmagic libseccomp libjpeg zlib
OCR_PC      = tesseract lept libseccomp
HTTP_PC     = libcurl libseccomp
HEAVY_FLAGS = $(shell $(PKG_CONFIG) --cflags $(DOC_PC) $(OCR_PC) $(HTTP_PC) \
	libqpdf) $(QPDF:%=-DPC_QPDF='"%"') $(HEIF:%=-DPC_HEIF='"%"') \
	$(DJVU:%=-DPC_DJVU='"%"')
# Some packages name the C++ standard that they need, which C cannot use.
HEAVY_C_FLAGS = $(filter-out -std=%,$(HEAVY_FLAGS))
# The library that pc-doc loads only for scans, by its name at build time.
QPDF = $(shell readelf -d "$$($(PKG_CONFIG) --variable=libdir libqpdf \
	)/libqpdf.so" 2>/dev/null | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
# The same for pictures of phones.  Without its headers these files are refused.
HEIF = $(shell readelf -d "$$($(PKG_CONFIG) --variable=libdir libheif \
	2>/dev/null)/libheif.so" 2>/dev/null | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
# And for DjVu.
DJVU = $(shell readelf -d "$$($(PKG_CONFIG) --variable=libdir ddjvuapi \
	2>/dev/null)/libdjvulibre.so" 2>/dev/null | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')

# Link only libraries that are used: tesseract.pc names libcurl and libarchive too.
HELPER_LD = -Wl,--as-needed

# The programs of pc, and their helpers.
PROGRAMS = pc-hash pc-get pc-put pc-run pc-ocr pc-infer pc-fetch pc-stats pc-gc \
	pc-memstat
HELPERS  = pc-doc pc-tesseract pc-confine pc-http pc-gpu

# $(call sources,FOLDERS): the C files in them.  $(call objects,FILES): the object
# files of these files.  $(call in,FOLDERS): the object files of all C files there.
sources  = $(sort $(wildcard $(addsuffix /*.c,$(addprefix cmd/,$(1)))))
objects  = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))
in       = $(call objects,$(call sources,$(1)))

LIB_OBJ := $(call objects,$(wildcard lib/*.c lib/*/*.c))
SANDBOX := $(call in,helper/sandbox)
ENGINE  := $(BUILD)/cmd/helper/engine.o
CREW    := $(call in,helper) $(SANDBOX)
DOC     := $(addprefix helper/,doc doc/base doc/pdf doc/image doc/djvu doc/layer \
	doc/embedded)
DOC_OBJ := $(CREW) $(call in,$(DOC)) $(BUILD)/cmd/helper/doc/pdf/poppler.o
OCR_OBJ := $(CREW) $(call in,helper/tesseract)
HTTP_OBJ := $(SANDBOX) $(ENGINE) $(call in,helper/http) $(BUILD)/cmd/http/header.o
OCR     := ocr ocr/page ocr/layout ocr/format ocr/pdf ocr/convert
INFER   := infer infer/template infer/chat infer/image infer/embed infer/schema
UNIT    := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit-%,\
	$(wildcard tests/unit/*.c))
BENCH   := $(patsubst tests/bench/%.c,$(BUILD)/tests/bench-%,\
	$(wildcard tests/bench/*.c))
TORTURE := $(patsubst tests/torture/%.c,$(BUILD)/tests/torture-%,\
	$(wildcard tests/torture/*.c))
LIAR    := $(BUILD)/tests/liar $(BUILD)/tests/liar-http $(BUILD)/tests/attack
IMAGES  := $(BUILD)/tests/images
EATER   := $(BUILD)/tests/eater
# A replacement for NVIDIA's library, and one that lacks functions.
NVML    := $(BUILD)/tests/nvml/libnvidia-ml.so.1 \
	$(BUILD)/tests/nvml-other/libnvidia-ml.so.1
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/%,\
	$(wildcard tests/fuzz/*.c))
PAGES   := $(wildcard man/*.[1-9])

all: $(PROGRAMS:%=$(BUILD)/%) $(HELPERS:%=$(BUILD)/%) ## build everything

$(BUILD)/libpc.a: $(LIB_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

# The code that programs share; each links only what it calls.
$(BUILD)/cli.a: $(call in,cli)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/pc-ocr: $(call in,$(OCR) reader admit) \
	$(BUILD)/cmd/helper/sandbox/walls.o
$(BUILD)/pc-infer: $(call in,$(INFER) server http reader admit)
$(BUILD)/pc-get $(BUILD)/pc-hash: \
	$(call objects,$(addprefix cmd/reader/,convert_key converters \
		engines text_key text_params))
$(BUILD)/pc-memstat: $(call in,memory server http admit)
$(BUILD)/pc-fetch: $(call in,fetch http)
$(BUILD)/pc-stats: $(call in,stats)
$(BUILD)/pc-gc: $(call in,gc)
$(PROGRAMS:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/cmd/%.o $(BUILD)/cli.a $(BUILD)/libpc.a
	$(CC) $(SAN) $(LDFLAGS) -o $@ $(filter %.o,$^) $(BUILD)/cli.a \
		$(BUILD)/libpc.a $(LIGHT)

# So that libraries find the functions of cmd/helper/doc/djvu/*threads.c.
$(BUILD)/pc-doc: HELPER_LD += $(addprefix -Wl$(comma)--export-dynamic-symbol=,\
	de265_start_worker_threads pthread_getaffinity_np pthread_create \
	pthread_cond_wait pthread_cond_timedwait)
comma := ,
$(BUILD)/pc-doc: $(DOC_OBJ) $(BUILD)/libpc.a
	$(CXX) $(SAN) $(HELPER_LD) $(LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs $(DOC_PC))
$(BUILD)/pc-tesseract: $(OCR_OBJ) $(BUILD)/libpc.a
	$(CXX) $(SAN) $(HELPER_LD) $(LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs $(OCR_PC)) -lm

$(BUILD)/pc-http: $(HTTP_OBJ) $(BUILD)/libpc.a
	$(CC) $(SAN) $(HELPER_LD) $(LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs $(HTTP_PC))

$(BUILD)/pc-confine: $(call in,helper/confine) $(ENGINE) \
		$(BUILD)/cmd/helper/places.o $(SANDBOX) $(BUILD)/libpc.a
	$(CC) $(SAN) $(HELPER_LD) $(LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs libseccomp)

# It loads NVIDIA's library at run time, if it is installed.
$(BUILD)/pc-gpu: $(call in,helper/gpu) $(ENGINE) $(BUILD)/libpc.a
	$(CC) $(SAN) $(HELPER_LD) $(LDFLAGS) -o $@ $^

# Helpers use the heavy libraries.
$(call in,helper $(DOC) helper/tesseract helper/http helper/sandbox \
	helper/confine): PC_CFLAGS += $(HEAVY_C_FLAGS)
$(BUILD)/%.o: %.c | $(BUILD)/.dirs
	@mkdir -p $(@D)
	$(CC) $(PC_CFLAGS) -c -o $@ $<
$(BUILD)/%.o: %.cc | $(BUILD)/.dirs
	@mkdir -p $(@D)
	$(CXX) $(PC_CXXFLAGS) $(HEAVY_FLAGS) -c -o $@ $<
# The built-in templates as rows of C: name, text.
$(BUILD)/cmd/infer/template/template_builtin.o: $(BUILD)/builtin.h
$(BUILD)/builtin.h: $(sort $(wildcard cmd/infer/template/builtin/*.json)) | $(BUILD)/.dirs
	for t in $^; do n=$${t##*/}; echo "{\"$${n%.json}\","; sed \
		's/[\\"]/\\&/g; s/.*/"&\\n"/' $$t; echo '},'; done >$@
# The look of the report, as a string of C, without indents.
$(BUILD)/cmd/stats/form_html.o: $(BUILD)/report.css.h
$(BUILD)/report.css.h: cmd/stats/report.css | $(BUILD)/.dirs
	sed 's/^	*//; s/[\\"]/\\&/g; s/.*/"&\\n"/' $< >$@

$(BUILD)/tests/bench-empty: tests/bench/empty.c | $(BUILD)/.dirs
	$(CC) $(CFLAGS) -o $@ $<
$(BUILD)/tests/bench-mixed: EXTRA = -lsqlite3 -llmdb
$(BUILD)/tests/bench-%: tests/bench/%.c $(BUILD)/libpc.a
	$(CC) $(PC_CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libpc.a -lgdbm -lcrypto -ljson-c $(EXTRA)
$(BUILD)/tests/torture-%: tests/torture/%.c $(BUILD)/libpc.a
	$(CC) $(PC_CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libpc.a -lgdbm -lcrypto -ljson-c
$(BUILD)/tests/liar: tests/liar/liar.c tests/liar/attack.c $(CREW) \
		$(BUILD)/libpc.a
	$(CC) $(PC_CFLAGS) $(LDFLAGS) -o $@ $^ -lseccomp
# It runs in a sandbox, where sanitizers do not work.
$(BUILD)/tests/attack: tests/liar/attack.c | $(BUILD)/.dirs
	$(CC) $(filter-out $(SAN),$(PC_CFLAGS)) -DALONE -o $@ $<
$(BUILD)/tests/liar-http: tests/liar/http.c $(BUILD)/libpc.a
	$(CC) $(PC_CFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/tests/eater: tests/memory/eater.c | $(BUILD)/.dirs
	$(CC) $(CFLAGS) -o $@ $<
$(NVML): tests/memory/nvml.c | $(BUILD)/.dirs
	@mkdir -p $(@D)
	$(CC) -Wall -Wextra $(CFLAGS) -fPIC -shared $(if $(findstring other,$@),-DOTHER) \
		-Wl,-soname,libnvidia-ml.so.1 -o $@ $<
$(BUILD)/tests/unit-http: $(call in,http) | $(BUILD)/pc-http $(BUILD)/tests/liar-http
$(BUILD)/tests/unit-retry: $(BUILD)/cmd/helper/http/retry.o \
	$(BUILD)/cmd/http/header.o
$(BUILD)/tests/unit-address: $(BUILD)/cmd/helper/http/address.o
$(BUILD)/tests/unit-size: $(BUILD)/cmd/cli/size.o
$(BUILD)/tests/unit-prometheus: $(BUILD)/cmd/cli/prometheus.o
$(BUILD)/tests/unit-sandbox: $(SANDBOX)
$(BUILD)/tests/unit-sandbox: EXTRA = -lseccomp
$(BUILD)/tests/unit-format: $(call in,ocr/page ocr/layout ocr/format)
$(BUILD)/tests/unit-quality: $(addprefix $(BUILD)/cmd/helper/doc/layer/,\
	cipher.o letter_pairs.o quality.o quality_word.o)
$(BUILD)/tests/unit-hidden: $(BUILD)/cmd/helper/doc/pdf/hidden_text.o
$(BUILD)/tests/unit-decide: $(BUILD)/cmd/helper/doc/layer/decide.o
$(BUILD)/tests/unit-merge: $(call in,ocr/page)
$(BUILD)/tests/unit-layout: $(call in,ocr/page ocr/layout)
$(IMAGES): tests/images/images.c $(call in,infer/image reader) \
		$(BUILD)/cli.a $(BUILD)/libpc.a
	$(CC) $(PC_CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o %.a,$^) \
		-lgdbm -lcrypto -ljson-c
SCHEMA := $(call sources,infer/schema)
$(BUILD)/tests/unit-schema $(BUILD)/tests/unit-jsonschema: \
	$(call objects,$(SCHEMA))
$(BUILD)/tests/unit-schema $(BUILD)/tests/unit-jsonschema: EXTRA = -lpcre2-8
$(BUILD)/tests/unit-histogram: EXTRA = -lm
$(BUILD)/tests/unit-chat: $(call in,infer/chat)
$(BUILD)/tests/unit-%: tests/unit/%.c $(BUILD)/libpc.a
	$(CC) $(PC_CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) \
		$(BUILD)/libpc.a -lgdbm -lcrypto -ljson-c $(EXTRA)

$(BUILD)/.dirs: Makefile
	@mkdir -p $(BUILD)/tests && touch $@

# ---- the Debian packages that are needed

NEED_BUILD = g++ pkg-config libssl-dev libgdbm-dev libjson-c-dev \
	libpcre2-dev libmagic-dev \
	libpoppler-cpp-dev libqpdf-dev libtesseract-dev libleptonica-dev \
	libheif-dev libdjvulibre-dev \
	tesseract-ocr-eng libcurl4-openssl-dev libseccomp-dev libjpeg-dev \
	zlib1g-dev
NEED_DEMO  = groff poppler-utils img2pdf fonts-urw-base35 \
	$(if $(filter yes,$(NPM)),$(NEED_NODE))
NEED_CHECK = $(NEED_DEMO) $(NEED_NODE) curl jq perl strace mandoc \
	bash-completion zsh fish qpdf \
	valgrind libsqlite3-dev python3 libxml2-utils procps bsdextrautils \
	nginx-light openssl binutils tmux chromium prometheus djvulibre-bin \
	$(NEED_UML)
# A kernel as a program; Debian has it only for this processor.
NEED_UML   = $(if $(filter x86_64,$(shell uname -m)),user-mode-linux)
# Outside Debian npm is part of nodejs, and the two packages conflict.
NEED_NODE  = $(if $(shell command -v npm),,nodejs npm)
NEED_LINT  = shellcheck clang clang-format clang-tidy mandoc
NEED_BENCH = $(NEED_DEMO) $(NEED_NODE) sqlite3 libsqlite3-dev liblmdb-dev \
	python3-diskcache openssl valgrind strace jq tesseract-ocr ocrmypdf nginx-light curl \
	python3 qpdf ccache redis-server redis-tools

# $(call install,PACKAGES): install those that are missing
install = @tests/install-packages $(1)

deps: ## install the packages needed to build (apt-get)
	$(call install,$(NEED_BUILD))

# ---- demo and tests

# BUILD for the shell, from any directory; the path may contain a blank.
BUILD_DIR = "$$(cd $(BUILD) && pwd)"

# The model comes from an Ollama on this machine, or is a toy that npm installs.
# NPM=yes also installs npm; NPM=no does not use npm.
demo: ## install, build, run two PDFs through the cache; NPM=yes adds a model
	$(call install,$(NEED_BUILD) $(NEED_DEMO))
	@$(MAKE) --no-print-directory -s -j$(shell nproc) all
	@PC_BUILD=$(BUILD_DIR) NPM=$(NPM) tests/demo

# All TAP tests, with the programs in BUILD.  Signals get their default actions
# back, which nohup, for example, has changed.
run-tests: all $(UNIT) $(TORTURE) $(LIAR) $(IMAGES) $(EATER) $(NVML)
	PC_BUILD=$(BUILD_DIR) env --default-signal prove -j$(JOBS) $(PROVE_FLAGS) \
		$(if $(TESTS),$(TESTS),$(SUITES) $(UNIT))
SUITES = tests/*/*.t
JOBS ?= $(shell nproc)

check: ## install the packages that tests need, run all tests
	$(call install,$(NEED_BUILD) $(NEED_CHECK))
	@$(MAKE) --no-print-directory -j$(shell nproc) run-tests

ASAN = -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
# Tests of the source, the build and the pages (tests/tree) find nothing there.
asan: ## run the tests with ASan and UBSan
	@ASAN_OPTIONS=detect_leaks=0 TORTURE_ROUNDS=$(or $(TORTURE_ROUNDS),15) \
	$(MAKE) --no-print-directory -j$(shell nproc) BUILD=build-asan \
		LINK=shared SAN="$(ASAN)" CFLAGS="-O1 -g" CXXFLAGS="-O1 -g" \
		SUITES='$(ASAN_SUITES)' run-tests
ASAN_SUITES = tests/[!t]*/*.t

shared: ## run the tests with shared libraries only
	@$(MAKE) --no-print-directory -j$(shell nproc) BUILD=build-shared \
		LINK=shared run-tests

valgrind: ## run unit tests and programs under valgrind
	@$(MAKE) --no-print-directory -j$(shell nproc) BUILD=build-shared \
		LINK=shared all
	@PC_VALGRIND=yes $(MAKE) --no-print-directory BUILD=build-shared \
		LINK=shared TESTS='tests/tree/valgrind*.t' run-tests

torture: all $(UNIT) $(TORTURE) ## run long tests of kill -9, damage and faults
	TORTURE_ROUNDS=$(or $(TORTURE_ROUNDS),1000) INJECT_SAMPLE=0 \
		CAP_LARGE=104857600 PC_BUILD=$(BUILD_DIR) prove -v \
		tests/store/torture.t tests/store/inject.t $(BUILD)/tests/unit-cap

FUZZ_SECONDS ?= 20
FUZZ_SEED ?= 0
# A fuzzer lists the sources that it needs besides lib/, which are instrumented,
# and objects, which are not.  lib/ is compiled once for all.
$(BUILD)/tests/fuzz_page: $(call sources,ocr/page ocr/layout ocr/format)
$(BUILD)/tests/fuzz_answer: cmd/reader/team.c
$(BUILD)/tests/fuzz_engine: cmd/ocr/engine_answer.c $(call sources,ocr/page)
$(BUILD)/tests/fuzz_hidden: cmd/helper/doc/pdf/hidden_text.c
# bench-events makes its seeds.
$(BUILD)/tests/fuzz_fold: | $(BUILD)/tests/bench-events
$(BUILD)/tests/fuzz_import: cmd/gc/export_stream.c | $(BUILD)/pc-gc $(BUILD)/pc-put
$(BUILD)/tests/fuzz_http: $(call sources,http)
$(BUILD)/tests/fuzz_schema: $(SCHEMA)
$(addprefix $(BUILD)/tests/,fuzz_schema fuzz_stream fuzz_template): \
	FUZZ_LIBS = -lpcre2-8
$(BUILD)/tests/fuzz_stream: $(addprefix cmd/server/,answer.c \
	error_body.c finish_reason.c line_stream.c model_protocol.c ollama.c \
	openai.c params.c quirks.c)
$(BUILD)/tests/fuzz_template: $(call sources,infer/template) \
	cmd/server/params.c $(SCHEMA) | $(BUILD)/builtin.h
$(BUILD)/tests/fuzz_document: $(filter-out %/pc-doc.c,$(call \
	sources,$(DOC))) $(addprefix \
	cmd/ocr/page/,declared.c direction.c letters.c page.c page_parse.c) \
	cmd/reader/team.c \
	$(BUILD)/cmd/helper/doc/pdf/poppler.o
$(BUILD)/tests/fuzz_document: FUZZ_LIBS = \
	$(shell $(PKG_CONFIG) --cflags --libs $(DOC_PC)) -lstdc++
FUZZ_CC = $(CLANG) -std=c11 -D_GNU_SOURCE -g -O1 -Ilib -Icmd -I$(BUILD) \
	-fsanitize=address,undefined
$(BUILD)/fuzz/%.o: %.c | $(BUILD)/.dirs
	@mkdir -p $(@D)
	$(FUZZ_CC) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/libpc.a: $(patsubst %.c,$(BUILD)/fuzz/%.o,$(wildcard lib/*/*.c))
	rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/tests/fuzz_%: tests/fuzz/fuzz_%.c $(BUILD)/fuzz/libpc.a \
		$(wildcard lib/*.h lib/*/*.h cmd/*/*.h cmd/*/*/*.h cmd/*/*/*/*.h)
	$(FUZZ_CC) -fsanitize=fuzzer -o $@ $(filter %.c %.o,$^) \
		$(BUILD)/fuzz/libpc.a -lgdbm -lcrypto -ljson-c $(FUZZ_LIBS)
fuzz: $(FUZZERS) ## run each fuzzer for FUZZ_SECONDS
	@printf '%s\n' $(FUZZERS) | \
		xargs -P$(shell nproc) -n1 tests/fuzz/run $(FUZZ_SECONDS) $(FUZZ_SEED)

# BEFORE=REVISION measures that version in the same run.
bench: deps ## measure speed; BEFORE=REV compares with that version
	$(call install,$(NEED_BENCH))
	@$(MAKE) --no-print-directory -j$(shell nproc) all $(BENCH) \
		$(if $(BEFORE),build-before)
	@for part in run gc ocr structure infer stats fetch; do \
		$(if $(BEFORE),BENCH_BEFORE=$(abspath build-before/build)) \
		PC_BUILD=$(abspath $(BUILD)) tests/bench/$$part || exit 1; done

build-before:
	@rm -rf $@ && mkdir $@ && git archive $(BEFORE) | tar -x -C $@
	@$(MAKE) --no-print-directory -C $@ BUILD=build all build/tests/bench-mixed

LINT_FLAGS = -std=c11 -D_GNU_SOURCE $(WARN) -Wmissing-prototypes -Ilib -Icmd \
	-I$(BUILD) -DPC_SHARED
lint: $(BUILD)/builtin.h $(BUILD)/report.css.h ## check format and warnings of sources, pages, scripts
	$(call install,$(NEED_LINT))
	find cmd lib tests -name '*.[ch]' -o -name '*.cc' | \
		xargs clang-format --dry-run -Werror
	find cmd lib -name '*.c' | xargs -P$(shell nproc) -n64 \
		$(CLANG) -fsyntax-only $(LINT_FLAGS) -Werror
	flags='$(LINT_FLAGS) $(subst ',,$(HEAVY_C_FLAGS))' && export flags && \
		find cmd lib -name '*.c' | xargs -P$(shell nproc) -n8 \
		sh -c 'clang-tidy --quiet "$$@" -- $$flags' sh
	{ grep -rlE '^#!/bin/(ba)?sh' tests .ci; \
		find tests completions -name '*.sh' -o -name '*.bash'; } | sort -u | \
		xargs -P$(shell nproc) -n8 shellcheck -S warning -x -P tests:tests/bench
	mandoc -T lint -W warning $(PAGES)

# ---- installation

# $(call to,PATH): its place in DESTDIR, as one word for the shell
to = '$(subst ','\'',$(DESTDIR)$(1))'
# $(call fill,TEXT): TEXT quoted for the replacement of a sed command
fill = $(subst |,\|,$(subst &,\&,$(subst \,\\,$(1))))
# Set the directories in pages and examples.  If the path of a program contains a
# blank, quote it as sh and systemd require.
PLACED = sed -e 's|/usr/local/share/doc/pc/examples|@EXAMPLES@|g' \
	-e 's|/usr/local/bin/|@BINDIR@/|g' \
	-e 's|@BINDIR@/\([a-z-]*\)|$(if $(word 2,$(BINDIR)),"$(call \
	fill,$(BINDIR))/\1",$(call fill,$(BINDIR))/\1)|g' \
	-e 's|@EXAMPLES@|$(call fill,$(EXAMPLES))|g'
BASH_DIR = $(DATADIR)/bash-completion/completions
FISH_DIR = $(DATADIR)/fish/vendor_completions.d
ZSH_DIR  = $(DATADIR)/zsh/site-functions

install: all ## install below PREFIX, in DESTDIR
	install -d $(call to,$(BINDIR)) $(call to,$(LIBEXECDIR)) \
		$(call to,$(BASH_DIR)) $(call to,$(ZSH_DIR)) \
		$(call to,$(FISH_DIR)) $(call to,$(EXAMPLES)) \
		$(foreach n,1 5 7 8,$(call to,$(MANDIR)/man$(n)))
	install $(PROGRAMS:%=$(BUILD)/%) $(call to,$(BINDIR))
	install $(HELPERS:%=$(BUILD)/%) $(call to,$(LIBEXECDIR))
	for page in $(PAGES); do \
		to=$(call to,$(MANDIR))/man$${page##*.}/$${page##*/}; \
		$(PLACED) $$page >"$$to" && chmod 644 "$$to" || exit 1; done
	for p in $(PROGRAMS); do \
		install -m 644 completions/pc.bash $(call to,$(BASH_DIR))/$$p && \
		install -m 644 completions/pc.fish \
			$(call to,$(FISH_DIR))/$$p.fish || exit 1; done
	for f in service timer cron; do \
		to=$(call to,$(EXAMPLES))/pc-gc.$$f; \
		$(PLACED) cmd/gc/pc-gc.$$f >"$$to" && chmod 644 "$$to" || \
		exit 1; done
	install -m 644 completions/_pc $(call to,$(ZSH_DIR))

uninstall: ## remove the installed files
	rm -f $(foreach p,$(PROGRAMS),$(call to,$(BINDIR)/$(p)) \
		$(call to,$(BASH_DIR)/$(p)) $(call to,$(FISH_DIR)/$(p).fish)) \
		$(foreach p,$(HELPERS),$(call to,$(LIBEXECDIR)/$(p))) \
		$(foreach p,$(notdir $(PAGES)),$(call \
		to,$(MANDIR)/man$(subst .,,$(suffix $(p)))/$(p))) \
		$(foreach f,service timer cron,$(call to,$(EXAMPLES)/pc-gc.$(f))) \
		$(call to,$(ZSH_DIR)/_pc)
	for d in $(call to,$(LIBEXECDIR)) $(call to,$(EXAMPLES)) \
		$(call to,$(DATADIR)/doc/pc); do [ ! -d "$$d" ] || \
		rmdir --ignore-fail-on-non-empty "$$d" || exit 1; done

dist: ## make a source archive
	git archive --prefix=pc-$(VERSION)/ -o pc-$(VERSION).tar.gz HEAD

clean: ## remove build output
	rm -rf $(BUILD) build-* pc-$(VERSION).tar.gz

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.PHONY: all deps demo check run-tests asan shared valgrind torture fuzz bench \
	build-before \
	lint install uninstall dist clean help
.DELETE_ON_ERROR:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
