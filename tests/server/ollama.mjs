// ollama.mjs - the Ollama API, with its statuses and error messages.

import { setTimeout as sleep } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { fromBase64, imageOf } from './image.mjs';
import { Refusal } from './refusal.mjs';
import { durationOf, optionsOf, short, typed } from './ollama-types.mjs';

const version = '0.12.6';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

// As Go's omitempty does
function omitZero(values) {
	return Object.fromEntries(Object.entries(values)
		.filter(([, value]) => value !== 0 && value !== undefined));
}

export function ollama(world) {
	const { engine, models, settings } = world;

	function bodyOf(call) {
		if (call.body.length === 0)
			throw new Refusal(400, 'missing request body');
		let body;
		try {
			body = JSON.parse(call.body);
		} catch (error) {
			throw new Refusal(400, `invalid character: ${error.message}`);
		}
		return typed(body);
	}

	function known(name, message = `model '${name}' not found`) {
		const model = models.find(name);
		if (!model)
			throw new Refusal(404, message);
		return model;
	}

	function imagesOf(list, model) {
		const images = (list ?? []).map((text) => {
			const data = fromBase64(text);
			if (!data)
				throw new Refusal(400, 'illegal base64 data at input byte ' +
					Math.max(String(text).search(/[^A-Za-z0-9+/]/), 0));
			return data;
		});
		if (images.length && !model.capabilities.includes('vision'))
			throw new Refusal(500, 'Failed to create new sequence: failed ' +
				'to process inputs: this model is missing data required ' +
				'for image input');
		return images.map((data) => {
			const image = imageOf(data);
			if (!image)
				throw new Refusal(500, 'Failed to create new sequence: ' +
					'failed to process inputs: image: unknown format');
			return image;
		});
	}

	function formatOf(format) {
		if (format === undefined || format === null || format === '')
			return null;
		if (format === 'json' ||
		    (typeof format === 'object' && !Array.isArray(format)))
			return format;
		throw new Refusal(500, `invalid format: ${JSON.stringify(format)}; ` +
			'expected "json" or a valid JSON Schema object');
	}

	function thinkOf(think, model, name) {
		const can = model.capabilities.includes('thinking');
		if (think === undefined || think === null)
			return can;
		if (!(typeof think === 'boolean' ||
		    ['high', 'medium', 'low'].includes(think)))
			throw new Refusal(400, `invalid think value: ${
				JSON.stringify(think)} (must be "high", "medium", "low", ` +
				'true, or false)');
		if (think && !can)
			throw new Refusal(400, `"${name}" does not support thinking`);
		return Boolean(think);
	}

	function contextOf(model, options) {
		return Math.min(options.num_ctx ?? settings.ctx, model.context);
	}

	// The common part of generate and chat, which have made messages.
	// shape(part) is the event's own fields for { text } or { thinking }.
	async function complete(call, body, model, messages, shape) {
		const { reply, signal, note } = call;
		const begun = process.hrtime.bigint();
		const keep = durationOf(body.keep_alive);
		const options = optionsOf(body.options);
		const request = {
			model, messages, options, signal,
			raw: body.raw === true,
			format: formatOf(body.format),
			think: thinkOf(body.think, model, body.model),
			truncate: body.truncate,
			context: contextOf(model, options),
		};
		if (reply.has('silent-truncation')) {
			request.truncate = true;
			request.context = Math.min(8, request.context);
		}
		const loading = await models.load(model, options);
		note.loaded = loading > 0;
		const head = () => ({ model: body.model,
			created_at: new Date().toISOString() });
		const stream = body.stream !== false;
		const whole = { text: '', thinking: '' };
		let done;
		for await (const part of engine.generate(request)) {
			if (reply.over || signal.aborted)
				return undefined;
			if (part.done) {
				done = part.done;
				break;
			}
			if (reply.has('empty'))
				continue;
			whole.text += part.text ?? '';
			whole.thinking += part.thinking ?? '';
			if (stream) {
				await reply.event({ ...head(), ...shape(part),
					done: false });
				if (settings['token-delay'])
					await sleep(settings['token-delay'], null, { signal });
			}
		}
		models.keep(model, keep);
		const total = Number(process.hrtime.bigint() - begun);
		const half = Math.ceil((total - loading) / 2);
		const last = {
			...head(),
			...shape(stream ? { text: '' } : whole),
			done: true,
			done_reason: done.reason,
			...(call.path === '/api/generate' ? { context: [1, 2, 3] } : {}),
			...omitZero({
				total_duration: total,
				load_duration: loading || 1000,
				prompt_eval_count: done.prompt,
				prompt_eval_duration: half,
				eval_count: reply.has('empty') ? 1 : done.tokens,
				eval_duration: half,
			}),
		};
		if (stream)
			return reply.finish(last);
		if (reply.has('clean-end-without-done')) {
			last.done = false;
			delete last.done_reason;
		}
		return reply.json(last);
	}

	// An empty prompt loads the model, or unloads it.
	async function onlyLoad(call, body, model, shape) {
		const keep = durationOf(body.keep_alive);
		if (keep !== 0)
			await models.load(model, optionsOf(body.options));
		models.keep(model, keep);
		await call.reply.json({
			model: body.model, created_at: new Date().toISOString(),
			...shape({ text: '' }), done: true,
			done_reason: keep === 0 ? 'unload' : 'load',
		});
	}

	// The weights of the model change just before this request.
	function meet(call, model) {
		if (call.reply.has('digest-change'))
			model.digest = models.newDigest(model);
		return model;
	}

	async function generate(call) {
		const body = bodyOf(call);
		const model = meet(call, known(body.model));
		const shape = ({ text, thinking }) => ({ response: text ?? '',
			...(thinking ? { thinking } : {}) });
		const images = imagesOf(body.images, model);
		if (!body.prompt && images.length === 0)
			return onlyLoad(call, body, model, shape);
		const messages = [
			...(body.system ? [{ role: 'system', content: body.system }] : []),
			{ role: 'user', content: body.prompt ?? '', images },
		];
		return complete(call, body, model, messages, shape);
	}

	async function chat(call) {
		const body = bodyOf(call);
		if (!body.model)
			throw new Refusal(400, 'model is required');
		const model = meet(call, known(body.model));
		const shape = ({ text, thinking }) => ({ message: {
			role: 'assistant', content: text ?? '',
			...(thinking ? { thinking } : {}) } });
		const messages = (body.messages ?? []).map((message) => {
			if (!['system', 'user', 'assistant', 'tool']
				.includes(message?.role))
				throw new Refusal(400, 'json: invalid role: ' +
					JSON.stringify(message?.role ?? ''));
			return { role: message.role,
				content: String(message.content ?? ''),
				images: imagesOf(message.images, model) };
		});
		if (messages.length === 0)
			return onlyLoad(call, body, model, shape);
		return complete(call, body, model, messages, shape);
	}

	async function vectorsOf(call, body, inputs) {
		const model = meet(call, known(body.model,
			`model "${body.model}" not found, try pulling it first`));
		const keep = durationOf(body.keep_alive);
		const options = optionsOf(body.options);
		if (inputs.length === 0)
			return { vectors: [], tokens: 0, loading: 0 };
		const loading = await models.load(model, options);
		call.note.loaded = loading > 0;
		const { vectors, tokens } = await engine.embed({
			model, inputs, options, dimensions: body.dimensions ?? 0,
			truncate: body.truncate, context: contextOf(model, options),
			signal: call.signal,
		});
		models.keep(model, keep);
		if (call.reply.has('fewer-embeddings'))
			vectors.pop();
		const extra = call.reply.has('wrong-dimension') ? [0] : [];
		return { vectors: vectors.map((v) => [...v.map(short), ...extra]),
			tokens, loading };
	}

	async function embed(call) {
		const begun = process.hrtime.bigint();
		const body = bodyOf(call);
		const inputs = [body.input ?? ''].flat();
		if (inputs.some((input) => typeof input !== 'string'))
			throw new Refusal(400, 'invalid input type');
		const asked = Array.isArray(body.input) || body.input ? inputs : [];
		const { vectors, tokens, loading } =
			await vectorsOf(call, body, asked);
		await call.reply.json({
			model: body.model,
			embeddings: call.reply.has('empty') ? [] : vectors,
			...omitZero({
				total_duration: Number(process.hrtime.bigint() - begun),
				load_duration: loading, prompt_eval_count: tokens }),
		});
	}

	async function embeddings(call) {
		const body = bodyOf(call);
		const { vectors } = await vectorsOf(call, body,
			body.prompt ? [body.prompt] : []);
		await call.reply.json({ embedding: vectors[0] ?? [] });
	}

	function tags({ reply }) {
		return reply.json({ models: models.all.map((m) => ({
			name: m.name, model: m.name,
			modified_at: '2025-03-04T05:06:07.89Z',
			size: m.size, digest: m.digest, details: m.details,
		})) });
	}

	function ps({ reply }) {
		return reply.json({ models: [...models.loaded.values()].map(
			({ model, expires, context }) => ({
				name: model.name, model: model.name, size: model.size,
				digest: model.digest, details: model.details,
				expires_at: expires.toISOString(), size_vram: 0,
				context_length: Math.min(context ?? settings.ctx,
					model.context),
			})) });
	}

	function show(call) {
		const body = bodyOf(call);
		const name = body.model ?? body.name;
		const model = known(name);
		const arch = model.details.family;
		return call.reply.json({
			modelfile: `FROM ${model.name}\n`,
			parameters: 'temperature                    0.8\n' +
				'stop                           "<|end|>"',
			template: '{{ .Prompt }}',
			details: model.details,
			model_info: {
				'general.architecture': arch,
				'general.parameter_count': model.size,
				[`${arch}.context_length`]: model.context,
				[`${arch}.embedding_length`]: model.width,
			},
			capabilities: model.capabilities,
			modified_at: '2025-03-04T05:06:07.89Z',
		});
	}

	async function pull(call) {
		const { reply } = call;
		const body = bodyOf(call);
		const name = body.model ?? body.name;
		if (!name)
			throw new Refusal(400, 'invalid model name');
		const stream = body.stream !== false;
		if (stream)
			await reply.event({ status: 'pulling manifest' });
		const model = models.pull(name);
		if (!model)
			throw new Refusal(500,
				'pull model manifest: file does not exist');
		const digest = `sha256:${sha256(`layer of ${model.name}`)}`;
		const progress = [0, 0.25, 0.5, 0.75, 1].map((part) => ({
			status: `pulling ${digest.slice(7, 19)}`, digest,
			total: model.size,
			...omitZero({ completed: Math.round(model.size * part) }),
		}));
		if (!stream)
			return reply.json({ status: 'success' });
		for (const event of [...progress,
			{ status: 'verifying sha256 digest' },
			{ status: 'writing manifest' }]) {
			await reply.event(event);
			if (settings['token-delay'])
				await reply.wait(settings['token-delay']);
			if (reply.over)
				return undefined;
		}
		return reply.finish({ status: 'success' });
	}

	function remove(call) {
		const body = bodyOf(call);
		models.remove(known(body.model ?? body.name));
		call.res.writeHead(200).end();
	}

	const plain = ({ res }, status, text) => res.writeHead(status,
		{ 'content-type': 'text/plain; charset=utf-8' }).end(text);
	const root = { run: (call) => plain(call, 200, 'Ollama is running') };
	const tell = { run: ({ reply }) => reply.json({ version }) };

	return {
		name: 'ollama',
		stream: 'application/x-ndjson',
		end: '',
		encode: (event) => `${JSON.stringify(event)}\n`,
		errorOf: ({ message, more }) => ({ error: message,
			...(more.type === 'insufficient_quota'
				? { type: more.type } : {}) }),
		owns: (path) => path === '/' || path.startsWith('/api/'),
		unauthorized: ({ reply }) => reply.json({ error: 'unauthorized' }, 401),
		notFound: (call) => plain(call, 404, '404 page not found'),
		routes: {
			'GET /': root,
			'HEAD /': root,
			'GET /api/version': tell,
			'HEAD /api/version': tell,
			'GET /api/tags': { run: tags },
			'HEAD /api/tags': { run: tags },
			'GET /api/ps': { run: ps },
			'POST /api/show': { run: show },
			'POST /api/generate': { run: generate, heavy: true },
			'POST /api/chat': { run: chat, heavy: true },
			'POST /api/embed': { run: embed, heavy: true },
			'POST /api/embeddings': { run: embeddings, heavy: true },
			'POST /api/pull': { run: pull },
			'DELETE /api/delete': { run: remove },
		},
	};
}
