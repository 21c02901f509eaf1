// control.mjs - how a test controls the server: it sets faults, and reads the log
// of requests.  Paths below /control/ need no key and are not logged.

function json(res, value, status = 200) {
	res.writeHead(status, { 'content-type': 'application/json' })
		.end(`${JSON.stringify(value)}\n`);
}

function parsed(body) {
	try {
		return JSON.parse(body);
	} catch {
		return body.toString();
	}
}

export class Control {
	constructor(world) {
		this.world = world;
		this.connections = 0;
		this.reset();
	}

	reset() {
		this.log = [];
		this.running = 0;
		this.most = 0;
		this.round = Symbol('since the last reset');
	}

	connection(socket) {
		socket.number = ++this.connections;
	}

	// Logs a request until its answer has ended or was aborted.
	begin({ req, res, path, body }) {
		const { round } = this;
		const note = {
			method: req.method, path, url: req.url, headers: req.headers,
			body: parsed(body), started: Date.now(), ended: null,
			status: null, complete: false,
			connection: req.socket.number, running: ++this.running,
		};
		this.most = Math.max(this.most, this.running);
		this.log.push(note);
		res.on('close', () => {
			note.ended = Date.now();
			note.status = res.headersSent ? res.statusCode : null;
			note.complete = res.writableFinished;
			if (round === this.round)
				this.running--;
		});
		return note;
	}

	serve(req, res, path, body) {
		const { faults, models, engine } = this.world;
		const query = new URL(req.url, 'http://any').searchParams;
		switch (`${req.method} ${path}`) {
		case 'POST /control/fault':
			for (const fault of [parsed(body)].flat()) {
				const wrong = faults.add(fault);
				if (wrong)
					return json(res, { error: wrong }, 400);
			}
			return json(res, { waiting: faults.queue.length });
		case 'POST /control/digest': {
			const { model, digest } = parsed(body);
			const found = models.find(model);
			if (!found)
				return json(res, { error: `no model '${model}'` }, 400);
			found.digest = digest ?? models.newDigest(found);
			return json(res, { model: found.name, digest: found.digest });
		}
		case 'POST /control/release':
			faults.release();
			return json(res, {});
		case 'POST /control/reset':
			faults.clear();
			models.reset();
			engine.reset?.();
			this.reset();
			return json(res, {});
		case 'GET /control/log':
			return json(res, this.log);
		case 'GET /control/count': {
			const of = (p) =>
				this.log.filter((note) => note.path === p).length;
			if (query.has('path'))
				return json(res, of(query.get('path')));
			const paths = new Set(this.log.map((note) => note.path));
			return json(res, {
				total: this.log.length,
				paths: Object.fromEntries([...paths].map(
					(p) => [p, of(p)])),
				most: this.most,
				connections: new Set(this.log.map(
					(note) => note.connection)).size,
			});
		}
		}
		return json(res, { error: 'no such control' }, 404);
	}
}
