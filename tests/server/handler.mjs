// handler.mjs - handles a request of any protocol: logs it, applies a fault, checks
// the key, waits for a slot, and answers.

import net from 'node:net';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ollama } from './ollama.mjs';
import { openai } from './openai.mjs';
import { Refusal } from './refusal.mjs';
import { Reply } from './reply.mjs';

async function bodyOf(req) {
	const parts = [];
	for await (const part of req)
		parts.push(part);
	return Buffer.concat(parts);
}

// Ollama on loopback refuses names of hosts that a web page could have set up.
function foreignHost(req, settings) {
	if (!settings.host.startsWith('127.') && settings.host !== '::1')
		return false;
	const host = (req.headers.host ?? '').replace(/:\d+$/, '')
		.replace(/^\[|\]$/g, '').toLowerCase();
	return !(host === '' || net.isIP(host) || host === 'localhost' ||
		host === os.hostname().toLowerCase() ||
		/\.(localhost|local|internal)$/.test(host));
}

export function handler(world) {
	const { settings, control, faults, slots } = world;
	const protocols = [];
	if (settings.api !== 'openai')
		protocols.push(ollama(world));
	if (settings.api !== 'ollama')
		protocols.push(openai(world));

	// The protocol that has this path, else the first one
	const owner = (path) =>
		protocols.find((p) => p.owns(path)) ?? protocols[0];

	async function serve(call) {
		const { req, path, protocol, reply, signal } = call;
		const { fault } = reply;
		if (await faults.strike(fault, call))
			return;
		if (settings.key &&
		    req.headers.authorization !== `Bearer ${settings.key}`)
			return protocol.unauthorized(call);
		if (protocol.name === 'ollama' && foreignHost(req, settings)) {
			call.res.writeHead(403).end();
			return;
		}
		const route = protocol.routes[`${req.method} ${path}`];
		if (!route)
			return protocol.notFound(call);
		if (!route.heavy)
			return route.run(call);
		if (!await slots.take(signal)) {
			if (!signal.aborted)
				throw new Refusal(503, 'server busy, please try again.  ' +
					'maximum pending requests exceeded');
			return;
		}
		try {
			if (settings.delay)
				await sleep(settings.delay, null, { signal });
			await route.run(call);
		} finally {
			slots.give();
		}
	}

	return async (req, res) => {
		const path = new URL(req.url, 'http://any').pathname;
		const gone = new AbortController();
		res.on('close', () => {
			if (!res.writableFinished)
				gone.abort();
		});
		let body;
		try {
			body = await bodyOf(req);
		} catch {
			return; // the client closed the connection
		}
		if (path.startsWith('/control/'))
			return control.serve(req, res, path, body);
		const protocol = owner(path);
		const fault = faults.take(path, body);
		const reply = new Reply(res, protocol, fault, gone.signal);
		const call = { req, res, path, body, protocol, reply,
			signal: gone.signal };
		call.note = control.begin(call);
		try {
			await serve(call);
		} catch (error) {
			if (gone.signal.aborted)
				return;
			if (!(error instanceof Refusal))
				process.stderr.write(`infer.mjs: ${error.stack}\n`);
			await reply.error(error);
		}
	};
}
