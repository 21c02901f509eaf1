// providers.mjs PORT_FILE: model servers as providers run them, one below each path.
// Each says in its comment who answers like that.  GET /log lists what was sent.

import http from 'node:http';
import { writeFileSync } from 'node:fs';

const log = [];
let answers = 0;
const names = (...ids) => ({
	object: 'list',
	data: ids.map((id) => ({ id, object: 'model', created: 1, owned_by: 'x' })),
});
const chunk = (delta, reason) => `data: ${JSON.stringify({
	id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm',
	choices: [{ index: 0, delta, finish_reason: reason }],
})}\n\n`;
const says = (text) => ({
	type: 'text/event-stream',
	body: `${chunk({ content: text }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`,
});
const ollamaSays = (text) => ({
	type: 'application/x-ndjson',
	body: `${JSON.stringify({ message: { content: text }, done: false })}\n` +
		`${JSON.stringify({ message: {}, done: true, done_reason: 'stop',
			prompt_eval_count: 9, eval_count: 1 })}\n`,
});
const chat = (base, text) => ({ [`POST ${base}/chat/completions`]: () => says(text) });

const refuses = (message, more) => ({
	status: 400, body: JSON.stringify({ error: { message, ...more } }),
});

const servers = {
	// GPT-5: another name for the limit, no other temperature than 1, no stop
	gpt5: { 'GET /v1/models': () => names('gpt-5'), 'POST /v1/chat/completions': (b) =>
		'max_tokens' in b ? refuses("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", { param: 'max_tokens' })
		: 'temperature' in b ? refuses("Unsupported value: 'temperature' does not support this.", { param: 'temperature' })
		: 'chat_template_kwargs' in b ? refuses("Unknown parameter: 'chat_template_kwargs'.")
		: says(`limit ${b.max_completion_tokens}, effort ${b.reasoning_effort}`) },
	// OpenAI, of an organisation that may not stream
	whole: { 'GET /v1/models': () => names('m'), 'POST /v1/chat/completions': (b) =>
		b.stream ? refuses('Your organization must be verified to stream this model.', { param: 'stream' })
		: { body: JSON.stringify({ choices: [{ message: { content: 'at once' }, finish_reason: 'stop' }] }) } },
	// Mistral: the path of each member that it does not know
	mistral: { 'GET /v1/models': () => names('m'), 'POST /v1/chat/completions': (b) =>
		b.stream_options ? { status: 422, body: JSON.stringify({ detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'] }] }) }
		: says('bonjour') },
	// OpenAI: a strict schema needs more than a schema
	strict: { 'GET /v1/models': () => names('m'), 'POST /v1/chat/completions': (b) =>
		b.response_format.json_schema.strict ? refuses("Invalid schema for response_format 'answer': 'additionalProperties' is required to be false.")
		: says('{"n": 1}') },
	// DeepSeek: JSON, but no schema
	json: { 'GET /v1/models': () => names('m'), 'POST /v1/chat/completions': (b) =>
		b.response_format.type === 'json_schema' ? refuses('This response_format type is unavailable now')
		: says(/"minimum"/.test(b.messages[0].content) ? '{"n": 1}' : 'what schema?') },
	// llama-server since 2025: Ollama's list, too, without digests
	llama: {
		'GET /api/tags': () => ({ models: [{ name: 'tiny', digest: '' }] }),
		'GET /v1/models': () => names('tiny'),
		'POST /api/chat': () => ({ status: 404, body: '{}' }),
		...chat('/v1', 'a llama'),
	},
	// llama-server as a router: sizes only while a model is loaded
	router: {
		'GET /v1/models': () => ({ data: [{
			id: 'tiny', status: { value: answers ? 'loaded' : 'unloaded' },
			...(answers ? { meta: { n_params: 9, size: 9 } } : {}),
		}] }),
		'POST /v1/chat/completions': () => says(`routed ${++answers}`),
	},
	// Gemini: another base, and another spelling in the list
	gemini: {
		'GET /v1beta/openai/models': () => names('models/flash'),
		...chat('/v1beta/openai', 'a twin'),
	},
	// Zhipu
	zhipu: { 'GET /api/paas/v4/models': () => names('glm'), ...chat('/api/paas/v4', 'glm here') },
	// Perplexity: no list
	nolist: { ...chat('/v1', 'no list'), ...chat('', 'no base') },
	one: { 'GET /v1/models': () => names('m'), ...chat('/v1', 'the first') },
	two: { 'GET /v1/models': () => names('m'), ...chat('/v1', 'the second') },
	many: { 'GET /v1/models': () => names('m', 'n'), ...chat('/v1', 'many') },
	// LiteLLM: a key is needed for every path, but only one API exists
	proxy: {
		'GET /api/tags': () => ({ status: 401, body: '{"error":"no key"}' }),
		'GET /v1/models': () => names('m'),
		...chat('/v1', 'behind a proxy'),
	},
	// Ollama: names in any case, with registry and namespace
	ollama: {
		'GET /api/tags': () => ({ models: [{ name: 'phi3:latest', digest: 'a'.repeat(64) },
			{ name: 'big:cloud', digest: 'b'.repeat(64), remote_host: 'https://ollama.com:443' }] }),
		'POST /api/chat': (body) => body.model === 'big:cloud'
			? { status: 401, body: '{"error":"unauthorized","signin_url":"https://ollama.com/connect"}' }
			: ollamaSays('a whale'),
	},
	// Groq and Gemini: a prompt that is too long
	groq: { 'GET /v1/models': () => names('m'), 'POST /v1/chat/completions': () => ({
		status: 413, body: JSON.stringify({ error: { code: 'rate_limit_exceeded',
			message: 'Request too large: please reduce your message size and try again.' } }) }) },
	array: { 'GET /v1/models': () => names('m'), 'POST /v1/chat/completions': () => ({
		status: 400, body: JSON.stringify([{ error: { code: 400,
			message: 'The input token count (9) exceeds the maximum number of tokens allowed (8).' } }]) }) },
};

const server = http.createServer(async (request, response) => {
	const parts = [];
	for await (const part of request)
		parts.push(part);
	const [, name, ...rest] = request.url.split('?')[0].split('/');
	if (name === 'log')
		return response.end(JSON.stringify(log));
	const text = Buffer.concat(parts).toString();
	const call = `${request.method} /${rest.join('/')}`;
	const body = text ? JSON.parse(text) : {};
	log.push({ name, call, key: request.headers.authorization, body });
	const answer = servers[name]?.[call]?.(body) ?? { status: 404, body: '{"detail":"Not Found"}' };
	response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json' });
	response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () => writeFileSync(process.argv[2], String(server.address().port)));
