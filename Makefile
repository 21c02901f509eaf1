# pc, the pipeline cache.  `make help` lists the targets.

VERSION    := $(shell sed -n 's/^\#define PC_VERSION "\(.*\)"/\1/p' lib/pc.h)
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/pc
MANDIR     ?= $(PREFIX)/share/man
DATADIR    ?= $(PREFIX)/share
DESTDIR    ?=
BUILD      ?= build
PKG_CONFIG ?= pkg-config
CLANG      ?= clang

CFLAGS   ?= -O2 -g
CXXFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Werror
PC_CFLAGS   = -std=c11 -D_GNU_SOURCE $(WARN) -Wmissing-prototypes -MMD -MP \
	-Ilib -DPC_LIBEXECDIR='"$(LIBEXECDIR)"' $(SHARED_DEF) $(CPPFLAGS) \
	$(SAN) $(CFLAGS)
PC_CXXFLAGS = -std=c++17 $(WARN) -MMD -MP -Ilib $(CPPFLAGS) $(SAN) $(CXXFLAGS)

# The programs that run on every hit start quickest when they are static;
# LINK=shared builds them without the archives, and is what there is when
# those are not installed.
LINK ?= $(shell printf 'int main(void){return 0;}' >/tmp/.pc-link.$$$$.c; \
	$(CC) -static /tmp/.pc-link.$$$$.c -o /tmp/.pc-link.$$$$ -lgdbm -lcrypto \
	-ljson-c 2>/dev/null && echo static || echo shared; \
	rm -f /tmp/.pc-link.$$$$ /tmp/.pc-link.$$$$.c)
ifeq ($(LINK),static)
LIGHT = -static -lgdbm -lcrypto -ljson-c
else
SHARED_DEF = -DPC_SHARED
LIGHT = -lgdbm -lcrypto
endif
HEAVY = $(shell $(PKG_CONFIG) --libs poppler-cpp tesseract lept libmagic)

# What each program links, a line each.
PROGRAMS = pc-hash pc-get pc-put pc-run pc-ocr pc-stats
HELPERS  = pc-doc

LIB_OBJ := $(patsubst lib/%.c,$(BUILD)/lib/%.o,$(wildcard lib/*.c))
CLI_OBJ := $(BUILD)/cmd/cli.o
DOC_OBJ := $(patsubst cmd/helper/%,$(BUILD)/helper/%.o,\
	$(wildcard cmd/helper/*.c cmd/helper/*.cc))
UNIT    := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit-%,\
	$(wildcard tests/unit/*.c))
BENCH   := $(patsubst tests/bench/%.c,$(BUILD)/tests/bench-%,\
	$(wildcard tests/bench/*.c))
TORTURE := $(patsubst tests/torture/%.c,$(BUILD)/tests/torture-%,\
	$(wildcard tests/torture/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/%,\
	$(wildcard tests/fuzz/*.c))
PAGES   := $(wildcard man/*.[1-9])

all: $(PROGRAMS:%=$(BUILD)/%) $(HELPERS:%=$(BUILD)/%) ## build everything

$(BUILD)/libpc.a: $(LIB_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(PROGRAMS:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/cmd/%.o $(CLI_OBJ) $(BUILD)/libpc.a
	$(CC) $(SAN) $(LDFLAGS) -o $@ $^ $(LIGHT)

$(BUILD)/pc-doc: $(DOC_OBJ) $(BUILD)/libpc.a
	$(CXX) $(SAN) $(LDFLAGS) -o $@ $^ $(HEAVY) -lcrypto

$(BUILD)/lib/%.o: lib/%.c | $(BUILD)/.dirs
	$(CC) $(PC_CFLAGS) -c -o $@ $<
$(BUILD)/cmd/%.o: cmd/%.c | $(BUILD)/.dirs
	$(CC) $(PC_CFLAGS) -c -o $@ $<
$(BUILD)/helper/%.c.o: cmd/helper/%.c | $(BUILD)/.dirs
	$(CC) $(PC_CFLAGS) -c -o $@ $<
$(BUILD)/helper/%.cc.o: cmd/helper/%.cc | $(BUILD)/.dirs
	$(CXX) $(PC_CXXFLAGS) -c -o $@ $<

$(BUILD)/tests/bench-empty: tests/bench/empty.c | $(BUILD)/.dirs
	$(CC) $(CFLAGS) -o $@ $<
$(BUILD)/tests/bench-mixed: EXTRA = -lsqlite3
$(BUILD)/tests/bench-%: tests/bench/%.c $(BUILD)/libpc.a
	$(CC) $(PC_CFLAGS) $(LDFLAGS) -o $@ $^ -lgdbm -lcrypto -ljson-c $(EXTRA)
$(BUILD)/tests/torture-%: tests/torture/%.c $(BUILD)/libpc.a
	$(CC) $(PC_CFLAGS) $(LDFLAGS) -o $@ $^ -lgdbm -lcrypto -ljson-c
$(BUILD)/tests/unit-%: tests/unit/%.c $(BUILD)/libpc.a
	$(CC) $(PC_CFLAGS) $(LDFLAGS) -o $@ $^ -lgdbm -lcrypto -ljson-c

$(BUILD)/.dirs:
	@mkdir -p $(BUILD)/lib $(BUILD)/cmd $(BUILD)/helper $(BUILD)/tests
	@touch $@

clean: ## remove what was built
	rm -rf $(BUILD) build-*

.PHONY: all clean
-include $(wildcard $(BUILD)/*/*.d)
