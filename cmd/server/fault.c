/* fault.c - the faults of a model server, as messages.
 *
 * The remedy is added by the program, as each has its own options for it. */
#include "servers.h"

#include "error_body.h"

#include <string.h>

void
server_fault_http(struct server_fault *f, const char *server,
    const struct http_end *e)
{
	f->later = 1;
	switch (e->fault) {
	case HTTP_FAULT_CONNECT:
	case HTTP_FAULT_NAME:
		f->kind = FAULT_CONNECT;
		break;
	case HTTP_FAULT_TIMEOUT:
		f->kind = FAULT_TIMEOUT;
		break;
	case HTTP_FAULT_TLS:
		f->kind = FAULT_TLS;
		f->later = 0;
		break;
	case HTTP_FAULT_URL:
	case HTTP_FAULT_SIZE:
	case HTTP_FAULT_PROTOCOL:
	case HTTP_FAULT_REDIRECT:
	case HTTP_FAULT_START:
		f->kind = FAULT_BROKEN;
		f->later = 0;
		break;
	default:
		f->kind = FAULT_BROKEN;
	}
	pc_error_set(&f->error, "the server at %s: %s", server,
	    e->text && *e->text ? e->text : "no answer");
}

static enum server_fault_kind
kind_of(const struct server_refusal *r, const struct error_body *e)
{
	if (r->status == 404 && r->api == API_OLLAMA)
		return FAULT_NO_MODEL;
	if (e->signin)
		return FAULT_SIGNIN;
	if (r->status == 401 || r->status == 403)
		return FAULT_KEY;
	if (error_body_too_long(e, r->status))
		return FAULT_TOO_LONG;
	/* Both APIs answer 500, which otherwise means that trying later can
	 * help. */
	if (strstr(e->text, "image input"))
		return FAULT_NO_IMAGES;
	return r->status / 100 == 3 ? FAULT_MOVED : FAULT_REFUSED;
}

void
server_fault_refusal(struct server_fault *f, const struct servers *s,
    const struct server_refusal *r)
{
	struct error_body e;

	error_body_parse(&e, r->body, r->len);
	f->kind = kind_of(r, &e);
	f->later = 0;
	switch (f->kind) {
	case FAULT_NO_MODEL:
		pc_error_set(&f->error,
		    "the server at %s has no model '%s' (%s)", r->server,
		    r->model, e.text);
		break;
	case FAULT_KEY:
		pc_error_set(&f->error,
		    "the server at %s requires a%s API key: %s", r->server,
		    servers_secrets(s, r->server) ? "nother" : "n", e.text);
		break;
	case FAULT_SIGNIN:
		pc_error_set(&f->error,
		    "the Ollama at %s is not signed in at ollama.com, where '%s' runs",
		    r->server, r->model);
		break;
	case FAULT_TOO_LONG:
		error_body_say_too_long(&e, &f->error);
		break;
	case FAULT_NO_IMAGES:
		pc_error_set(&f->error,
		    "model '%s' does not support images: %s", r->model, e.text);
		break;
	case FAULT_MOVED:
		pc_error_set(&f->error,
		    "the server at %s answers %d, a redirect", r->server,
		    r->status);
		break;
	default:
		f->later = error_body_passes(&e, r->status);
		pc_error_set(&f->error, "the server at %s answers %d: %s",
		    r->server, r->status, e.text);
	}
}
