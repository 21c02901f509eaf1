// llama.mjs - an engine that really computes: llama.cpp through node-llama-cpp, in
// the directory that install-llama made, with one model from a GGUF file.

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { TooLong } from './refusal.mjs';

// Ollama's defaults
const defaults = { temperature: 0.8, top_k: 40, top_p: 0.9, seed: -1,
	num_predict: -1 };

// The grammars of node-llama-cpp allow this behind an answer; stop there
const grammarEnd = '\n'.repeat(4);

// How many characters at the end of text may be the beginning of a stop
function heldBack(text, stops) {
	let most = 0;
	for (const stop of stops)
		for (let n = Math.min(stop.length - 1, text.length); n > most; n--)
			if (text.endsWith(stop.slice(0, n)))
				most = n;
	return most;
}

export async function llama({ llama: dir, model: file, slots, ctx }) {
	const { getLlama, LlamaGrammarEvaluationState } =
		await import(pathToFileURL(
			path.join(dir, 'node_modules/node-llama-cpp/dist/index.js')));
	const library = await getLlama({ gpu: false, build: 'never',
		logLevel: 'error', progressLogs: false });
	const weights = await library.loadModel({ modelPath: file });
	const metadata = weights.fileInfo.metadata.general;

	const model = {
		name: `${path.basename(file, '.gguf').toLowerCase()}:latest`,
		size: statSync(file).size,
		digest: createHash('sha256').update(readFileSync(file))
			.digest('hex'),
		context: weights.trainContextSize,
		width: weights.embeddingVectorSize,
		details: {
			parent_model: '', format: 'gguf',
			family: metadata.architecture,
			families: [metadata.architecture],
			parameter_size: `${(statSync(file).size / 4e6).toFixed(1)}M`,
			quantization_level: 'F32',
		},
		capabilities: ['completion', 'embedding'],
	};

	let context = null; // of the size requested last
	let embedder = null;
	let users = 0;
	let turn = Promise.resolve();

	// A context of this size, in the order of requests: another size waits until
	// the present context is not in use.  Needs release().
	function acquire(size) {
		const mine = turn.then(async () => {
			if (context?.wanted !== size) {
				while (users > 0)
					await sleep(2);
				await context?.dispose();
				context = null;
				context = await weights.createContext({
					threads: 1, // more threads are not faster
					sequences: slots, contextSize: size });
				context.wanted = size;
			}
			users++;
			return context;
		});
		turn = mine.catch(() => {});
		return mine;
	}

	function release() {
		users--;
	}

	function promptOf(messages, raw) {
		const text = raw ? messages.at(-1).content
			: messages.map((m) => `${m.role}: ${m.content}\n`).join('') +
				'assistant: ';
		return [...(weights.tokens.shouldPrependBosToken
			? [weights.tokens.bos] : []), ...weights.tokenize(text)];
	}

	async function grammarOf(format) {
		if (!format)
			return undefined;
		const grammar = format === 'json'
			? await library.getGrammarFor('json')
			: await library.createGrammarForJsonSchema(format);
		return new LlamaGrammarEvaluationState({ model: weights, grammar });
	}

	// The text of tokens when its characters are complete
	async function* pieces(tokens, count) {
		let waiting = [];
		for await (const token of tokens) {
			count.made++;
			waiting.push(token);
			const text = weights.detokenize(waiting);
			if (text.endsWith('\ufffd') && waiting.length < 4)
				continue;
			waiting = [];
			yield text;
		}
		if (waiting.length)
			yield weights.detokenize(waiting);
	}

	async function* limited(tokens, limit, reached) {
		let left = limit;
		for await (const token of tokens) {
			yield token;
			if (--left === 0) {
				reached();
				return;
			}
		}
	}

	return {
		models: [model],

		async load(_, size = ctx) {
			await acquire(Math.min(size, model.context));
			release();
		},

		unload() {
			turn = turn.then(async () => {
				if (users > 0)
					return;
				await context?.dispose();
				context = null;
			});
		},

		async *generate({ messages, raw, options: given, format, truncate,
			context: size }) {
			const options = { ...defaults, ...given };
			const stops = [...options.stop ?? [], ...format ? [grammarEnd] : []];
			let prompt = promptOf(messages, raw);
			if (prompt.length >= size) {
				if (truncate === false)
					throw new TooLong(prompt.length, size);
				prompt = prompt.slice(-Math.max(size >> 1, 1));
			}
			const grammarEvaluationState = await grammarOf(format);
			const room = size - prompt.length;
			const count = { made: 0 };
			let reason = 'stop';
			const sequence = (await acquire(size)).getSequence();
			try {
				const tokens = limited(sequence.evaluate(prompt, {
					temperature: options.temperature,
					topK: options.top_k, topP: options.top_p,
					...(options.seed >= 0 ? { seed: options.seed } : {}),
					grammarEvaluationState,
				}), options.num_predict > 0
					? Math.min(options.num_predict, room) : room,
				() => {
					reason = 'length';
				});
				let held = '';
				for await (const piece of pieces(tokens, count)) {
					held += piece;
					const ends = stops.map((s) => held.indexOf(s))
						.filter((at) => at >= 0);
					if (ends.length) {
						held = held.slice(0, Math.min(...ends));
						reason = 'stop';
						break;
					}
					const keep = heldBack(held, stops);
					const text = held.slice(0, held.length - keep);
					held = held.slice(held.length - keep);
					if (text)
						yield { text };
				}
				if (held)
					yield { text: held };
				yield { done: { reason, prompt: prompt.length,
					tokens: count.made } };
			} finally {
				sequence.dispose();
				release();
			}
		},

		async embed({ inputs, dimensions, truncate, context }) {
			embedder ??= weights.createEmbeddingContext(
				{ contextSize: model.context, threads: 1 });
			const at = await embedder;
			const vectors = [];
			let total = 0;
			for (const input of inputs) {
				let tokens = weights.tokenize(input);
				if (tokens.length >= context) {
					if (truncate === false)
						throw new TooLong(tokens.length, context);
					tokens = tokens.slice(0, context - 1);
				}
				total += at.calculateInputLength(tokens);
				const { vector } = await at.getEmbeddingFor(tokens);
				const some = dimensions > 0
					? vector.slice(0, dimensions) : [...vector];
				const length = Math.hypot(...some) || 1;
				vectors.push(some.map((x) => Math.fround(x / length)));
			}
			return { vectors, tokens: total };
		},
	};
}
