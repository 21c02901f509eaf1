#!/bin/bash
# pc-infer: servers that speak Ollama's language and fail.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"
api=ollama
. "$TESTS/infer-faults.sh"
done_testing
