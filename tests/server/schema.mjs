// schema.mjs - makes a value that a JSON schema allows, with text as its strings.

function resolve(schema, root) {
	for (let i = 0; schema?.$ref && i < 32; i++)
		schema = schema.$ref.replace(/^#\/?/, '').split('/')
			.filter(Boolean).reduce((at, name) => at?.[name], root);
	return schema === true || !schema ? {} : schema;
}

function stringFor(schema, text) {
	const dates = {
		date: '2024-05-06', time: '07:08:09Z',
		'date-time': '2024-05-06T07:08:09Z',
		email: 'a@example.org', uri: 'https://example.org/',
	};
	let value = dates[schema.format] ?? text;
	value = value.padEnd(schema.minLength ?? 0, '.');
	return [...value].slice(0, schema.maxLength ?? Infinity).join('');
}

function numberFor(schema, text) {
	const low = schema.minimum ?? (schema.exclusiveMinimum ?? -1) + 1;
	const high = schema.maximum ?? (schema.exclusiveMaximum ?? 1e9) - 1;
	return Math.max(Math.min(text.length, high), low);
}

export function satisfy(given, text, root = given, depth = 0) {
	const schema = resolve(given, root);
	const next = (inner) => satisfy(inner, text, root, depth + 1);
	if (depth > 32)
		return null;
	if ('const' in schema)
		return schema.const;
	if (schema.enum)
		return schema.enum[text.length % schema.enum.length];
	if (schema.anyOf ?? schema.oneOf)
		return next((schema.anyOf ?? schema.oneOf)[0]);
	if (schema.allOf)
		return Object.assign({}, ...schema.allOf.map(next));
	const type = [schema.type].flat()[0] ??
		(schema.properties ? 'object' : schema.items ? 'array' : 'string');
	switch (type) {
	case 'object':
		return Object.fromEntries(Object.entries(schema.properties ?? {})
			.filter(([name]) => depth < 8 ||
				schema.required?.includes(name))
			.map(([name, inner]) => [name, next(inner)]));
	case 'array':
		return Array.from({ length: Math.min(
			Math.max(schema.minItems ?? 1, 0), schema.maxItems ?? 1e3) },
		() => next(schema.items));
	case 'integer':
		return Math.ceil(numberFor(schema, text));
	case 'number':
		return numberFor(schema, text);
	case 'boolean':
		return text.length % 2 === 0;
	case 'null':
		return null;
	default:
		return stringFor(schema, text);
	}
}
