#!/usr/bin/env node
// infer.mjs - an inference server for tests: the Ollama API and the OpenAI API on
// loopback, with faults on demand.
//
// infer.mjs [--engine scripted | --engine llama --llama DIR --model GGUF]
//   [--api ollama|openai|both] [--host ADDRESS] [--port N] [--key KEY]
//   [--tls CERT KEY] [--slots N] [--queue N] [--ctx N]
//   [--delay MS] [--token-delay MS]
//
// It prints its URL when it listens, and ends when its parent ends.

import http from 'node:http';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Control } from './control.mjs';
import { Faults } from './faults.mjs';
import { Models } from './models.mjs';
import { Slots } from './slots.mjs';
import { handler } from './handler.mjs';

const defaults = {
	engine: 'scripted', model: '', llama: '', api: 'both',
	host: '127.0.0.1', port: '0', key: '', tls: '',
	slots: '4', queue: '512', ctx: '4096', delay: '0', 'token-delay': '0',
};

function usage(message) {
	process.stderr.write(`infer.mjs: ${message}\n`);
	process.exit(2);
}

function settings() {
	let parsed;
	try {
		parsed = parseArgs({
			allowPositionals: true,
			options: Object.fromEntries(Object.entries(defaults).map(
				([name, value]) => [name,
					{ type: 'string', default: value }])),
		});
	} catch (error) {
		usage(error.message);
	}
	const { values, positionals } = parsed;
	for (const name of ['port', 'slots', 'queue', 'ctx', 'delay',
		'token-delay']) {
		values[name] = Number(values[name]);
		if (!Number.isInteger(values[name]) || values[name] < 0)
			usage(`--${name} takes a number`);
	}
	if (!['ollama', 'openai', 'both'].includes(values.api))
		usage('--api is ollama, openai or both');
	// --tls takes two values: the second is the only positional argument
	if (positionals.length !== (values.tls ? 1 : 0))
		usage('only --tls CERT KEY takes a second argument');
	values.tlsKey = positionals[0];
	return values;
}

async function engineOf(values) {
	switch (values.engine) {
	case 'scripted':
		return (await import('./scripted.mjs')).scripted();
	case 'llama':
		if (!values.llama || !values.model)
			usage('--engine llama needs --llama DIR and --model FILE');
		return (await import('./llama.mjs')).llama(values);
	default:
		return usage('--engine is scripted or llama');
	}
}

// A killed test runs no cleanup, so the server ends when it loses its parent.
function endWithParent() {
	const parent = process.ppid;
	setInterval(() => {
		if (process.ppid !== parent)
			process.exit(0);
	}, 200).unref();
}

endWithParent();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
	process.on(signal, () => process.exit(0));

const values = settings();
const engine = await engineOf(values);
const world = {
	settings: values,
	engine,
	models: new Models(engine),
	faults: new Faults(),
	slots: new Slots(values.slots, values.queue),
};
world.control = new Control(world);

const server = values.tls
	? https.createServer({
		cert: readFileSync(values.tls), key: readFileSync(values.tlsKey),
	}, handler(world))
	: http.createServer(handler(world));
server.keepAliveTimeout = 0; // as in Go: idle connections stay open
server.requestTimeout = 0;
server.headersTimeout = 0;
server.on(values.tls ? 'secureConnection' : 'connection', (socket) => {
	socket.setNoDelay(true);
	world.control.connection(socket);
});
server.on('error', (error) => usage(error.message));
server.listen(values.port, values.host, () => {
	const { address, port, family } = server.address();
	const host = family === 'IPv6' ? `[${address}]` : address;
	console.log(`${values.tls ? 'https' : 'http'}://${host}:${port}`);
});
