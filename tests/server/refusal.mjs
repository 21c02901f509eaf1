// refusal.mjs - an error to answer with; the protocol chooses its form.

export class Refusal extends Error {
	// more: type, code and other members of OpenAI's errors
	constructor(status, message, more = {}) {
		super(message);
		this.status = status;
		this.more = more;
	}
}

// A prompt that does not fit and must not be truncated.
export class TooLong extends Refusal {
	constructor(tokens, context) {
		super(400, 'the input length exceeds the context length');
		this.tokens = tokens;
		this.context = context;
	}
}
