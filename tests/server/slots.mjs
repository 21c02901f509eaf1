// slots.mjs - limits how many requests are served at the same time; others wait.

export class Slots {
	constructor(slots, queue) {
		this.free = slots;
		this.queue = queue;
		this.waiting = [];
	}

	// Resolves to true with a slot taken, to false if the queue is full or the
	// client has closed the connection.
	take(signal) {
		if (this.free > 0) {
			this.free--;
			return Promise.resolve(true);
		}
		if (this.waiting.length >= this.queue)
			return Promise.resolve(false);
		return new Promise((resolve) => {
			this.waiting.push(resolve);
			signal.addEventListener('abort', () => {
				const at = this.waiting.indexOf(resolve);
				if (at >= 0) {
					this.waiting.splice(at, 1);
					resolve(false);
				}
			});
		});
	}

	give() {
		const next = this.waiting.shift();
		if (next)
			next(true);
		else
			this.free++;
	}
}
