// reply.mjs - one answer, whole or as a stream of events, and the faults that can
// happen while it is sent.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './refusal.mjs';

// Faults between two events, or in the middle of a whole answer
const midway = new Set(['stall', 'cut', 'reset', 'error-midstream',
	'wrong-json', 'endless-line']);

// A place inside a character where the bytes of text can be split
function* parted(buffer) {
	let from = 0;
	for (let i = 1; i < buffer.length; i++)
		if ((buffer[i] & 0xc0) === 0x80) {
			yield buffer.subarray(from, i);
			from = i;
		}
	yield buffer.subarray(from);
}

export class Reply {
	// protocol gives encode(event), end and errorOf(refusal)
	constructor(res, protocol, fault, signal) {
		this.res = res;
		this.protocol = protocol;
		this.fault = fault ?? {};
		this.signal = signal;
		this.events = 0;
		this.struck = false;
		this.over = false;
	}

	has(name) {
		return this.fault.fault === name;
	}

	// A whole answer
	async json(value, status = 200, headers = {}) {
		if (this.has('error-midstream')) {
			value = this.#injected();
			this.struck = true;
		}
		const text = JSON.stringify(this.#padded(value));
		await this.raw(text, status, {
			'content-type': 'application/json; charset=utf-8', ...headers,
		});
	}

	async raw(text, status, headers) {
		const body = Buffer.from(text);
		// an answer that seems complete has the right length
		if (!midway.has(this.fault.fault) ||
		    this.has('cut') || this.has('reset') || this.has('stall'))
			headers['content-length'] = body.length;
		this.res.writeHead(status, headers);
		if (midway.has(this.fault.fault) && !this.struck) {
			await this.#write(body.subarray(0, body.length >> 1));
			await this.#strike();
			if (!this.over)
				await this.#write(body.subarray(body.length >> 1));
		} else {
			await this.#write(body);
		}
		this.#end();
	}

	// One event of a stream; the first one opens the stream
	async event(value) {
		this.#open();
		if (!this.struck && this.events >= (this.fault.at ?? 2))
			await this.#strike();
		if (this.over)
			return;
		if (this.events === 1)
			value = this.#padded(value);
		await this.#write(this.protocol.encode(value));
		this.events++;
	}

	// A comment, if the protocol has comments
	async comment(text) {
		this.#open();
		if (!this.over)
			await this.#write(text);
	}

	// The last events, which mark the answer as complete
	async finish(...values) {
		this.#open();
		if (!this.struck)
			await this.#strike();
		if (this.has('clean-end-without-done'))
			this.#end();
		if (this.over)
			return;
		for (const value of values)
			await this.#write(this.protocol.encode(
				this.events++ === 1 ? this.#padded(value) : value));
		await this.#write(this.protocol.end);
		this.#end();
	}

	// An error: in the status, if no status was sent yet
	async error(error) {
		const refusal = error instanceof Refusal
			? error : new Refusal(500, String(error.message));
		const value = this.protocol.errorOf(refusal);
		if (this.res.headersSent) {
			await this.#write(this.protocol.encode(value));
			this.#end();
			return;
		}
		await this.json(value, refusal.status, refusal.more.headers);
	}

	// Waits ms, or until released, or until the client closes the connection.
	async wait(ms) {
		try {
			if (ms)
				await sleep(ms, null, { signal: this.signal });
			else if (!this.signal.aborted && !this.fault.gate?.aborted)
				await Promise.race([this.signal, this.fault.gate]
					.map((ends) => ends && once(ends, 'abort')));
		} catch {
			this.over = true;
		}
		if (this.signal.aborted)
			this.over = true;
	}

	#open() {
		if (!this.res.headersSent)
			this.res.writeHead(200,
				{ 'content-type': this.protocol.stream });
	}

	#injected() {
		return this.protocol.errorOf(new Refusal(500, this.fault.message ??
			'an error was encountered while running the model'));
	}

	#padded(value) {
		if (!this.has('long-line'))
			return value;
		return { ...value, pad: 'x'.repeat(this.fault.bytes ?? 8 << 20) };
	}

	async #strike() {
		this.struck = true;
		switch (this.fault.fault) {
		case 'stall':
			await this.wait(this.fault.ms);
			break;
		case 'cut':
		case 'reset':
			await sleep(20); // until the data has arrived
			this.over = true;
			if (this.has('cut'))
				this.res.socket?.destroy();
			else
				this.res.socket?.resetAndDestroy();
			break;
		case 'error-midstream':
			await this.#write(this.protocol.encode(this.#injected()));
			this.#end();
			break;
		case 'wrong-json':
			await this.#write(this.protocol.encode(null)
				.replace('null', '{"model": "ti'));
			break;
		case 'endless-line': {
			const part = Buffer.alloc(65536, 'x');
			while (!this.over)
				await this.#write(part);
			break;
		}
		}
	}

	async #write(data) {
		if (this.has('crlf'))
			data = String(data).replaceAll('\n', '\r\n');
		const buffer = Buffer.from(data);
		if (this.has('drip')) {
			for (const byte of buffer)
				await this.#put(Buffer.of(byte), this.fault.ms ?? 1);
		} else if (this.has('split-utf8')) {
			for (const part of parted(buffer))
				await this.#put(part, this.fault.ms ?? 5);
		} else {
			await this.#put(buffer);
		}
	}

	async #put(buffer, ms) {
		if (this.signal.aborted)
			this.over = true;
		if (this.over || buffer.length === 0)
			return;
		if (!this.res.write(buffer)) {
			const heard = new AbortController();
			await Promise.race([
				once(this.res, 'drain', { signal: heard.signal }),
				once(this.res, 'close', { signal: heard.signal }),
			]).finally(() => heard.abort()).catch(() => {});
		}
		if (ms)
			await this.wait(ms);
	}

	#end() {
		if (!this.over)
			this.res.end();
		this.over = true;
	}
}
