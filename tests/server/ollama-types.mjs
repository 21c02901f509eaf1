// ollama-types.mjs - the types that Ollama accepts for fields and options, and Go's
// messages for wrong ones.

import { Refusal } from './refusal.mjs';

const fields = {
	model: 'string', name: 'string', prompt: 'string', system: 'string',
	template: 'string', suffix: 'string', stream: 'bool', raw: 'bool',
	truncate: 'bool', shift: 'bool', images: 'array', messages: 'array', options: 'map',
	dimensions: 'int',
};

const options = {
	integer: ['num_keep', 'seed', 'num_predict', 'top_k', 'repeat_last_n',
		'num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'num_thread'],
	float32: ['top_p', 'min_p', 'typical_p', 'temperature', 'repeat_penalty',
		'presence_penalty', 'frequency_penalty'],
	boolean: ['use_mmap'],
	array: ['stop'],
};

const is = {
	string: (v) => typeof v === 'string',
	bool: (v) => typeof v === 'boolean',
	boolean: (v) => typeof v === 'boolean',
	int: Number.isInteger,
	integer: (v) => typeof v === 'number',
	float32: (v) => typeof v === 'number',
	array: Array.isArray,
	map: (v) => typeof v === 'object' && v !== null && !Array.isArray(v),
};

// Returns body, a request whose fields have the right types.
export function typed(body) {
	if (!is.map(body))
		throw new Refusal(400, 'json: cannot unmarshal into Go value');
	for (const [name, value] of Object.entries(body)) {
		const want = fields[name];
		if (want && value !== null && !is[want](value))
			throw new Refusal(400, 'json: cannot unmarshal ' +
				`${Array.isArray(value) ? 'array' : typeof value} into ` +
				`Go struct field Request.${name} of type ${want}`);
	}
	return body;
}

// Unknown options are ignored; a wrong type gives status 500, as in Ollama.
export function optionsOf(given) {
	const good = {};
	for (const [type, names] of Object.entries(options))
		for (const name of names) {
			const value = given?.[name];
			if (value === undefined || value === null)
				continue;
			if (!is[type](value) ||
			    (type === 'array' && !value.every(is.string)))
				throw new Refusal(500,
					`option "${name}" must be of type ${type}`);
			good[name] = value;
		}
	return good;
}

const units = { ns: 1e-9, us: 1e-6, '\u00b5s': 1e-6, ms: 1e-3, s: 1, m: 60,
	h: 3600 };

// Seconds of a keep_alive: a number, or a duration as Go writes it
export function durationOf(value) {
	if (value === undefined || value === null)
		return undefined;
	if (typeof value === 'number')
		return value;
	if (typeof value !== 'string')
		throw new Refusal(400, `Unsupported type: '${typeof value}'`);
	const text = JSON.stringify(value);
	if (/^[-+]?0$/.test(value))
		return 0;
	if (/^[-+]?(\d+\.?\d*|\.\d+)$/.test(value))
		throw new Refusal(400, `time: missing unit in duration ${text}`);
	const part = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|ms|s|m|h)/g;
	if (!/^[-+]?((\d+\.?\d*|\.\d+)(ns|us|\u00b5s|ms|s|m|h))+$/.test(value))
		throw new Refusal(400, `time: invalid duration ${text}`);
	let seconds = 0;
	for (const [, number, unit] of value.matchAll(part))
		seconds += Number(number) * units[unit];
	return value.startsWith('-') ? -seconds : seconds;
}

// The shortest decimal with the same float32 value, as Go writes it
export function short(x) {
	for (let digits = 6; digits < 10; digits++) {
		const near = Number(x.toPrecision(digits));
		if (Math.fround(near) === x)
			return near;
	}
	return x;
}
