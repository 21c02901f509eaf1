// refusal.mjs - an error that a server answers with, in no protocol's words yet.

export class Refusal extends Error {
	// more: type, code and what else OpenAI's form of an error has
	constructor(status, message, more = {}) {
		super(message);
		this.status = status;
		this.more = more;
	}
}

// A prompt that does not fit and may not be cut.
export class TooLong extends Refusal {
	constructor(tokens, context) {
		super(400, 'the input length exceeds the context length');
		this.tokens = tokens;
		this.context = context;
	}
}
