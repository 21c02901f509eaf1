// models.mjs - the available models, by name, and the loaded ones.

import { createHash } from 'node:crypto';

const forever = 292 * 365 * 86400; // seconds: the longest Go duration
const unloading = 50; // ms that unloading takes

// If one of these options changes, the model is loaded again.
const loadTime = ['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'use_mmap',
	'num_thread'];

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

export class Models {
	constructor(engine) {
		this.engine = engine;
		this.loaded = new Map();
		this.reset();
	}

	reset() {
		for (const { timer } of this.loaded.values())
			clearTimeout(timer);
		this.loaded.clear();
		this.changes = 0;
		this.all = this.engine.models.map((model) => ({
			...model, digest: model.digest ?? sha256(model.name),
		}));
	}

	// As in Ollama, no tag means :latest, and case does not matter.
	find(name) {
		let full = String(name ?? '').toLowerCase();
		if (!/:[^/]*$/.test(full))
			full += ':latest';
		return this.all.find((model) => model.name === full);
	}

	newDigest(model) {
		return sha256(`${model.name} ${++this.changes}`);
	}

	remove(model) {
		this.#forget(model);
		this.all.splice(this.all.indexOf(model), 1);
	}

	// The models that can be pulled: those present at the start, and one more
	pull(name) {
		const there = this.find(name);
		if (there)
			return there;
		const full = /:[^/]*$/.test(name) ? name : `${name}:latest`;
		const known = this.engine.models.find((m) => m.name === full) ??
			(full === 'extra:latest'
				? { ...this.engine.models[0], name: full } : null);
		if (!known)
			return null;
		const model = { ...known, digest: sha256(known.name) };
		this.all.push(model);
		return model;
	}

	// Loads model with these options, and resolves to the nanoseconds that took;
	// 0 if it was already loaded with them.
	async load(model, options) {
		const wish = JSON.stringify(loadTime.map((o) => options[o] ?? null));
		const there = this.loaded.get(model.name);
		if (there?.wish === wish) {
			clearTimeout(there.timer);
			return 0;
		}
		const begun = process.hrtime.bigint();
		this.#forget(model);
		this.loaded.set(model.name,
			{ model, wish, context: options.num_ctx, expires: new Date() });
		await this.engine.load?.(model, options.num_ctx);
		return Number(process.hrtime.bigint() - begun);
	}

	// Keeps model for this number of seconds from now (default 5 minutes).
	keep(model, seconds = 300) {
		const entry = this.loaded.get(model.name);
		if (!entry)
			return;
		clearTimeout(entry.timer);
		const long = seconds < 0 ? forever : Math.min(seconds, forever);
		entry.expires = new Date(Date.now() + long * 1000);
		const ms = Math.max(long * 1000, unloading);
		if (ms < 2 ** 31)
			entry.timer = setTimeout(() => this.#forget(model), ms).unref();
	}

	#forget(model) {
		const entry = this.loaded.get(model.name);
		if (!entry)
			return;
		clearTimeout(entry.timer);
		this.loaded.delete(model.name);
		this.engine.unload?.(model);
	}
}
