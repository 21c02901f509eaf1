// faults.mjs - the faults that wait for requests, and those that replace the answer
// of the server.
//
// A fault is {"fault": NAME, "path": P, "times": N, ...}.  It happens in the next N
// requests (default 1; -1: all) for P (default: any path) that contain "match",
// after the first "after" of them.  By name, with more members:
//
//   429 429-ms 429-date 429-quota   Retry-After by "seconds", "ms", a date; or
//                                   of type insufficient_quota
//   503-loading 503-busy            the answers of llama.cpp and Ollama
//   NNN                             that status, with "message" and "headers"
//   answer ("status", "type", "body")   what another server sends, to the letter
//   slow-first-byte ("ms"; none: until released)  refuse  redirect ("to")  html  huge-headers ("bytes")
//   stall ("ms"; none: until released)  cut  reset  clean-end-without-done
//   error-midstream ("message")  wrong-json  endless-line: after "at" events (2)
//   long-line ("bytes")  split-utf8  drip ("ms")  crlf
//   silent-truncation  empty  wrong-dimension  fewer-embeddings  out-of-order
//   digest-change
//
// Faults within an answer are in reply.mjs; those of its contents are in the
// protocols.

import { Refusal } from './refusal.mjs';

const names = new Set(['answer', '429-ms', '429-date', '429-quota',
	'503-loading', '503-busy', 'slow-first-byte', 'refuse', 'redirect', 'html',
	'huge-headers', 'stall', 'cut', 'reset', 'clean-end-without-done',
	'error-midstream', 'wrong-json', 'endless-line', 'long-line',
	'split-utf8', 'drip', 'crlf', 'silent-truncation', 'empty',
	'wrong-dimension', 'fewer-embeddings', 'out-of-order', 'digest-change']);

const captive = `<!DOCTYPE html>
<html><head><title>Welcome</title></head>
<body><h1>Log in to use this network</h1></body></html>
`;

function busy(fault) {
	return new Refusal(503, fault.message ?? 'server busy, please try ' +
		'again.  maximum pending requests exceeded');
}

function loading(fault) {
	return new Refusal(503, fault.message ?? 'Loading model',
		{ type: 'unavailable_error', code: 503 });
}

// Status 429, and when to try again
function limited(name, fault) {
	const seconds = fault.seconds ?? 1;
	const headers = {
		429: { 'retry-after': String(seconds) },
		'429-ms': { 'retry-after-ms': String(fault.ms ?? 50) },
		'429-date': { 'retry-after':
			new Date(Date.now() + seconds * 1000).toUTCString() },
		'429-quota': {},
	}[name];
	if (name === '429-quota')
		return new Refusal(429, fault.message ?? 'You exceeded your ' +
			'current quota, please check your plan and billing details.',
		{ type: 'insufficient_quota', code: 'insufficient_quota' });
	return new Refusal(429, fault.message ?? 'too many requests',
		{ type: 'requests', code: 'rate_limit_exceeded', headers });
}

function refusalOf(name, fault, protocol) {
	if (name.startsWith('429'))
		return limited(name, fault);
	if (name === '503-loading' ||
	    (name === '503' && protocol.name === 'openai'))
		return loading(fault);
	if (name === '503-busy' || name === '503')
		return busy(fault);
	if (/^[1-5]\d\d$/.test(name))
		return new Refusal(Number(name), fault.message ?? {
			408: 'request timed out',
			500: 'an error was encountered while running the model',
		}[name] ?? `status ${name} on demand`);
	return null;
}

export class Faults {
	constructor() {
		this.queue = [];
		this.gate = new AbortController();
	}

	// Returns what is wrong with fault, or null when it waits.
	add(fault) {
		const name = String(fault.fault);
		if (!names.has(name) && !/^[1-5]\d\d$/.test(name))
			return `no fault '${name}'`;
		this.queue.push({ ...fault, fault: name, times: fault.times ?? 1,
			after: fault.after ?? 0, gate: this.gate.signal });
		return null;
	}

	clear() {
		this.queue = [];
	}

	// Requests that are held go on; no other is held until the next such fault.
	release() {
		this.queue = this.queue.filter((f) => f.ms ||
			!['slow-first-byte', 'stall'].includes(f.fault));
		this.gate.abort();
		this.gate = new AbortController();
	}

	// The fault for a request, if one waits for it
	take(path, body) {
		const fault = this.queue.find((f) => (f.path ?? path) === path &&
			(!f.match || body.includes(f.match)));
		if (!fault)
			return null;
		if (fault.after > 0) {
			fault.after--;
			return null;
		}
		if (fault.times > 0 && --fault.times === 0)
			this.queue.splice(this.queue.indexOf(fault), 1);
		return fault;
	}

	// Resolves to true if the fault has answered the request.
	async strike(fault, { req, res, reply, protocol }) {
		const name = fault.fault;
		if (!name)
			return false;
		for (const [header, value] of Object.entries(fault.headers ?? {}))
			res.setHeader(header, value);
		const refusal = refusalOf(name, fault, protocol);
		if (refusal)
			throw refusal;
		switch (name) {
		case 'slow-first-byte':
			await reply.wait(fault.ms);
			return reply.over;
		case 'refuse':
			res.socket?.destroy();
			return true;
		case 'redirect':
			res.writeHead(307, { location:
				(fault.to ?? 'http://127.0.0.2:9') + req.url }).end();
			return true;
		case 'answer':
			res.writeHead(fault.status ?? 200, { 'content-type':
				fault.type ?? protocol.stream }).end(fault.body);
			return true;
		case 'html':
			res.writeHead(200, { 'content-type': 'text/html' })
				.end(captive);
			return true;
		case 'huge-headers': {
			const bytes = fault.bytes ?? 1 << 19;
			for (let i = 0; i * 8000 < bytes; i++)
				res.setHeader(`x-pad-${i}`, 'x'.repeat(8000));
			return false;
		}
		}
		return false;
	}
}
