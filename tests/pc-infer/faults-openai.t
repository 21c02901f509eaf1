#!/bin/bash
# pc-infer: servers that speak OpenAI's language and fail.
. "$(dirname "$0")/../lib.sh"
. "$TESTS/infer.sh"
api=openai
. "$TESTS/infer-faults.sh"
done_testing
