// scripted.mjs - an engine with predictable answers: the words of the last message
// in reverse, or what a line of the prompt requests:
//
//   SAY: text        this text, where \n is a newline; SAYJSON: is the same
//   SAYONCE: a|b|c   a for the first request with this line, then b, then c
//   COUNT: n         the numbers from 1 to n
//
// If the request sets a temperature above 0, a reversed answer ends in "(sample
// N)".  N follows from the seed; without a seed it differs each time.

import { createHash } from 'node:crypto';
import { TooLong } from './refusal.mjs';
import { satisfy } from './schema.mjs';

const perImage = 64; // tokens

const details = (family, size) => ({
	parent_model: '', format: 'gguf', family, families: [family],
	parameter_size: size, quantization_level: 'Q4_0',
});

const models = [
	{ name: 'tiny:latest', size: 1200000, context: 32768, width: 8,
		details: details('llama', '1.2M'), capabilities: ['completion'] },
	{ name: 'vision:latest', size: 3400000, context: 32768, width: 8,
		details: details('llava', '3.4M'),
		capabilities: ['completion', 'vision'] },
	{ name: 'thinker:latest', size: 2300000, context: 32768, width: 8,
		details: details('qwen3', '2.3M'),
		capabilities: ['completion', 'thinking'] },
	{ name: 'embedder:latest', size: 400000, context: 512, width: 8,
		details: details('bert', '400K'), capabilities: ['embedding'] },
];

// A token is at most 8 characters of a word, with the space before it.
function tokensOf(text) {
	return text.match(/\s*[^\s]{1,8}|\s+$/gu) ?? [];
}

function hash(text) {
	return createHash('sha256').update(text).digest();
}

function normalised(numbers) {
	const length = Math.hypot(...numbers) || 1;
	return numbers.map((x) => Math.fround(x / length));
}

export function scripted() {
	const said = new Map(); // number of requests with a SAYONCE line
	let samples = 0;

	// The text that a line of the messages requests; the last message counts first
	function told(messages) {
		for (const { content } of [...messages].reverse()) {
			const line = /^(SAY|SAYJSON|SAYONCE|COUNT): ?(.*)$/m
				.exec(content);
			if (!line)
				continue;
			const [, verb, rest] = line;
			if (verb === 'COUNT')
				return Array.from({ length: Number(rest) },
					(_, i) => i + 1).join(' ');
			let text = rest;
			if (verb === 'SAYONCE') {
				const times = said.get(rest) ?? 0;
				said.set(rest, times + 1);
				const answers = rest.split('|');
				text = answers[Math.min(times, answers.length - 1)];
			}
			return verb === 'SAYJSON' ? text
				: text.replaceAll('\\n', '\n');
		}
		return null;
	}

	function sample(options) {
		if (!(options.temperature > 0))
			return '';
		const number = options.seed >= 0
			? hash(`${options.seed}`).readUInt16BE(0) : ++samples;
		return ` (sample ${number})`;
	}

	function answer({ messages, format, options }, images) {
		const text = told(messages);
		if (text !== null)
			return text;
		const prompt = messages.findLast((m) => m.role === 'user')
			?.content ?? '';
		const words = prompt.split(/\s+/).filter(Boolean).reverse();
		const seen = images.map(
			(i) => `[${i.type} ${i.width}x${i.height}]`);
		const reply = [...words, ...seen].join(' ') + sample(options);
		if (format === 'json')
			return JSON.stringify({ answer: reply });
		if (format)
			return JSON.stringify(satisfy(format, reply));
		return reply;
	}

	function cutAtStop(text, stops = []) {
		const ends = stops.map((s) => text.indexOf(s)).filter((at) => at >= 0);
		return ends.length ? text.slice(0, Math.min(...ends)) : text;
	}

	return {
		models,

		reset() {
			said.clear();
			samples = 0;
		},

		// Yields { thinking } and { text }, then { done }.
		async *generate(request) {
			const { options, think, truncate, context } = request;
			let { messages } = request;
			const images = messages.flatMap((m) => m.images ?? []);
			const tokens = messages.flatMap((m) => tokensOf(m.content));
			let count = tokens.length + images.length * perImage;
			if (count > context) {
				if (truncate === false)
					throw new TooLong(count, context);
				count = Math.max(context >> 1, 1);
				messages = [{ role: 'user',
					content: tokens.slice(-count).join('') }];
			}
			const said = cutAtStop(
				answer({ ...request, messages }, images), options.stop);
			const parts = [
				...(think ? tokensOf(`The prompt has ${count} tokens.`)
					.map((thinking) => ({ thinking })) : []),
				...tokensOf(said).map((text) => ({ text })),
			];
			const limit = options.num_predict > 0
				? options.num_predict : Infinity;
			let made = 0;
			for (const part of parts) {
				if (made === limit)
					break;
				made++;
				yield part;
			}
			yield { done: {
				reason: made < parts.length ? 'length' : 'stop',
				prompt: count, tokens: made,
			} };
		},

		// Resolves to { vectors, tokens }.
		async embed({ inputs, dimensions, truncate, context }) {
			let tokens = 0;
			const vectors = inputs.map((text) => {
				let parts = tokensOf(text);
				if (parts.length > context) {
					if (truncate === false)
						throw new TooLong(parts.length, context);
					parts = parts.slice(0, context);
				}
				tokens += parts.length;
				const bytes = hash(parts.join(''));
				const numbers = Array.from({ length: 8 },
					(_, i) => bytes.readInt32BE(4 * i) / 2 ** 31);
				return normalised(dimensions > 0
					? numbers.slice(0, dimensions) : numbers);
			});
			return { vectors, tokens };
		},
	};
}
