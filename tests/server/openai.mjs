// openai.mjs - the OpenAI API; where llama.cpp's server differs, it follows
// llama.cpp.

import { setTimeout as sleep } from 'node:timers/promises';
import { fromBase64, imageOf } from './image.mjs';
import { short } from './ollama-types.mjs';
import { Refusal, TooLong } from './refusal.mjs';

function invalid(message, param = null, code = null) {
	return new Refusal(400, message,
		{ type: 'invalid_request_error', param, code });
}

// OpenAI's message contains parts of the wrong key.
function masked(key) {
	return key.length < 12 ? '*'.repeat(key.length)
		: key.slice(0, 3) + '*'.repeat(key.length - 7) + key.slice(-4);
}

export function openai(world) {
	const { engine, models, settings } = world;
	let answers = 0;

	function bodyOf(call) {
		let body;
		try {
			body = JSON.parse(call.body);
		} catch (error) {
			throw new Refusal(500, '[json.exception.parse_error.101] parse ' +
				`error: ${error.message}`, { type: 'server_error', code: 500 });
		}
		if (typeof body !== 'object' || body === null || Array.isArray(body))
			throw invalid('the body must be an object');
		return body;
	}

	function known(name) {
		if (typeof name !== 'string' || name === '')
			throw invalid('you must provide a model parameter');
		const model = models.find(name);
		if (!model)
			throw new Refusal(404, `The model \`${name}\` does not exist or ` +
				'you do not have access to it.', {
				type: 'invalid_request_error', param: null,
				code: 'model_not_found' });
		return model;
	}

	function imageAt(url, model) {
		if (typeof url !== 'string')
			throw invalid('image_url must have a url', 'messages');
		if (!model.capabilities.includes('vision'))
			throw new Refusal(500, 'image input is not supported - hint: ' +
				'if this is unexpected, you may need to provide the mmproj',
			{ type: 'server_error', code: 500 });
		const match = /^data:image\/(?:png|jpeg);base64,(.*)$/s.exec(url);
		const data = match && fromBase64(match[1]);
		const image = data && imageOf(data);
		if (!image)
			throw invalid('Failed to load image or audio file', 'messages');
		return image;
	}

	function messagesOf(body, model) {
		if (!Array.isArray(body.messages))
			throw invalid("Expected 'messages' to be an array", 'messages',
				400);
		if (body.messages.length === 0)
			throw invalid("'messages' must not be empty", 'messages', 400);
		return body.messages.map((message) => {
			const { role, content } = message ?? {};
			if (!['system', 'developer', 'user', 'assistant', 'tool']
				.includes(role))
				throw invalid(`unknown role '${role}'`, 'messages');
			const parts = typeof content === 'string'
				? [{ type: 'text', text: content }] : content ?? [];
			if (!Array.isArray(parts))
				throw invalid("Expected 'content' to be a string or an array",
					'messages');
			const texts = parts.filter((part) => part.type === 'text');
			const images = parts.filter((part) => part.type === 'image_url');
			if (texts.length + images.length !== parts.length)
				throw invalid('unsupported content[].type', 'messages');
			return {
				role: role === 'developer' ? 'system' : role,
				content: texts.map((part) => part.text).join('\n'),
				images: images.map(
					(part) => imageAt(part.image_url?.url, model)),
			};
		});
	}

	function formatOf(format) {
		switch (format?.type ?? 'text') {
		case 'text':
			return null;
		case 'json_object':
			return format.schema ?? 'json';
		case 'json_schema':
			if (typeof format.json_schema?.schema !== 'object')
				throw invalid("Missing required parameter: 'response_format" +
					".json_schema'", 'response_format.json_schema');
			return format.json_schema.schema;
		default:
			throw invalid('response_format type must be one of "text" ' +
				`or "json_object", but got: ${format.type}`,
			'response_format');
		}
	}

	function optionsOf(body) {
		const options = {};
		for (const [name, option] of Object.entries({
			temperature: 'temperature', top_p: 'top_p', top_k: 'top_k',
			seed: 'seed', max_tokens: 'num_predict',
			max_completion_tokens: 'num_predict',
			frequency_penalty: 'frequency_penalty',
			presence_penalty: 'presence_penalty' })) {
			const value = body[name];
			if (value === undefined || value === null)
				continue;
			if (typeof value !== 'number')
				throw invalid(`Invalid type for '${name}': expected a number`,
					name, 'invalid_type');
			options[option] = value;
		}
		if (body.stop)
			options.stop = [body.stop].flat().map(String);
		return options;
	}

	function tooLong({ tokens, context }) {
		return new Refusal(400, 'the request exceeds the available context ' +
			'size, try increasing it', {
			type: 'exceed_context_size_error', code: 400,
			n_prompt_tokens: tokens, n_ctx: context });
	}

	async function chat(call) {
		const { reply, signal } = call;
		const body = bodyOf(call);
		const model = known(body.model);
		if (reply.has('digest-change'))
			model.digest = models.newDigest(model);
		const options = optionsOf(body);
		const request = {
			model, options, signal,
			messages: messagesOf(body, model),
			format: formatOf(body.response_format),
			think: model.capabilities.includes('thinking') &&
				body.reasoning_effort !== 'none' &&
				body.chat_template_kwargs?.enable_thinking !== false,
			truncate: false,
			context: Math.min(settings.ctx, model.context),
		};
		if (reply.has('silent-truncation')) {
			request.truncate = true;
			request.context = Math.min(8, request.context);
		}
		call.note.loaded = await models.load(model, options) > 0;
		models.keep(model, -1);
		const head = {
			id: `chatcmpl-${++answers}`,
			object: 'chat.completion.chunk',
			created: Math.floor(Date.now() / 1000),
			model: body.model,
			system_fingerprint: 'b6692-0000',
		};
		const wantsUsage = body.stream_options?.include_usage === true;
		const chunk = (delta, finish_reason = null) => ({
			...head, choices: [{ index: 0, delta, finish_reason }],
			...(wantsUsage ? { usage: null } : {}),
		});
		const whole = { text: '', thinking: '' };
		let done;
		let begun = false;
		for await (const part of engine.generate(request)) {
			if (reply.over || signal.aborted)
				return;
			if (body.stream === true && !begun) {
				begun = true;
				await reply.comment(': here it comes\n\n');
				await reply.event(chunk({ role: 'assistant',
					content: '' }));
			}
			if (part.done) {
				done = part.done;
				break;
			}
			if (reply.has('empty'))
				continue;
			whole.text += part.text ?? '';
			whole.thinking += part.thinking ?? '';
			if (body.stream === true) {
				await reply.event(chunk(part.thinking
					? { reasoning_content: part.thinking }
					: { content: part.text }));
				if (settings['token-delay'])
					await sleep(settings['token-delay'], null, { signal });
			}
		}
		const usage = {
			prompt_tokens: done.prompt,
			completion_tokens: done.tokens,
			total_tokens: done.prompt + done.tokens,
		};
		if (body.stream === true) {
			await reply.finish(chunk({}, done.reason), ...(wantsUsage
				? [{ ...head, choices: [], usage }] : []));
			return;
		}
		await reply.json({
			...head, object: 'chat.completion',
			choices: [{ index: 0, message: {
				role: 'assistant', content: whole.text,
				...(whole.thinking
					? { reasoning_content: whole.thinking } : {}),
			}, finish_reason: reply.has('clean-end-without-done')
				? null : done.reason }],
			usage,
		});
	}

	function encoded(vector, format) {
		return format === 'base64'
			? Buffer.from(Float32Array.from(vector).buffer)
				.toString('base64')
			: vector.map(short);
	}

	async function embeddings(call) {
		const { reply } = call;
		const body = bodyOf(call);
		const model = known(body.model);
		if (reply.has('digest-change'))
			model.digest = models.newDigest(model);
		const inputs = [body.input].flat();
		if (inputs.length === 0 ||
		    inputs.some((input) => typeof input !== 'string'))
			throw invalid('"input" must be a string or an array of strings',
				'input');
		if (inputs.includes(''))
			throw invalid('Input content cannot be empty', 'input');
		const format = body.encoding_format ?? 'float';
		if (!['float', 'base64'].includes(format))
			throw invalid('The format to return the embeddings in. Can be ' +
				'either float or base64', 'encoding_format');
		call.note.loaded = await models.load(model, {}) > 0;
		models.keep(model, -1);
		const { vectors, tokens } = await engine.embed({
			model, inputs, options: {}, truncate: false,
			dimensions: body.dimensions ?? 0, signal: call.signal,
			context: Math.min(settings.ctx, model.context),
		});
		const extra = reply.has('wrong-dimension') ? [0] : [];
		let data = vectors.map((vector, index) => ({ object: 'embedding',
			index, embedding: encoded([...vector, ...extra], format) }));
		if (reply.has('fewer-embeddings'))
			data.pop();
		if (reply.has('out-of-order'))
			data.reverse();
		if (reply.has('empty'))
			data = [];
		await reply.json({ object: 'list', data, model: body.model,
			usage: { prompt_tokens: tokens, total_tokens: tokens } });
	}

	// A prompt that does not fit has an error of this protocol.
	const fitting = (run) => async (call) => {
		try {
			await run(call);
		} catch (error) {
			throw error instanceof TooLong ? tooLong(error) : error;
		}
	};

	function list({ reply }) {
		return reply.json({ object: 'list', data: models.all.map((m) => ({
			id: m.name.replace(/:latest$/, ''), object: 'model',
			created: 1741064767, owned_by: 'library',
			meta: { n_ctx_train: m.context, n_embd: m.width, size: m.size },
		})) });
	}

	function one(status, type, message, code) {
		return ({ reply }) => reply.json({ error:
			{ message, type, param: null, code } }, status);
	}

	return {
		name: 'openai',
		stream: 'text/event-stream',
		end: 'data: [DONE]\n\n',
		encode: (event) => `data: ${JSON.stringify(event)}\n\n`,
		errorOf: ({ status, message, more: { headers, ...more } }) => ({
			error: { message, type: status < 500
				? 'invalid_request_error' : 'server_error',
			param: null, code: null, ...more } }),
		owns: (path) => path === '/v1' || path.startsWith('/v1/'),
		unauthorized: (call) => one(401, 'invalid_request_error',
			'Incorrect API key provided: ' + masked(
				(call.req.headers.authorization ?? '').replace(
					/^Bearer /, '')), 'invalid_api_key')(call),
		notFound: one(404, 'not_found_error', 'File Not Found', 404),
		routes: {
			'GET /v1/models': { run: list },
			'GET /health': { run: ({ reply }) =>
				reply.json({ status: 'ok' }) },
			'POST /v1/chat/completions': { run: fitting(chat), heavy: true },
			'POST /v1/embeddings': { run: fitting(embeddings), heavy: true },
		},
	};
}
