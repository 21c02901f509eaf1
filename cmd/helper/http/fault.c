/* fault.c - how a transfer ended. */
#include "transfer_in.h"

#include "http/http_protocol.h"

#include <stdio.h>

/* What libcurl returns for an endless header line: CURLE_TOO_LARGE since 8.6.0,
 * before that CURLE_OUT_OF_MEMORY. */
static const CURLcode too_large = (CURLcode)100;

static enum http_fault
fault_of(CURLcode code, int *transient)
{
	*transient = 0;
	switch (code) {
	case CURLE_OK:
		return HTTP_OK;
	case CURLE_URL_MALFORMAT:
		return HTTP_FAULT_URL;
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
		*transient = 1;
		return HTTP_FAULT_NAME;
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT: /* only connecting has a limit of curl's
					*/
	case CURLE_PROXY:
		*transient = 1;
		return HTTP_FAULT_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
		*transient = 1;
		return HTTP_FAULT_TLS;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CRL_BADFILE:
	case CURLE_SSL_INVALIDCERTSTATUS:
		return HTTP_FAULT_TLS;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		*transient = 1;
		return HTTP_FAULT_CUT;
	case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9, which could be anything */
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WRITE_ERROR: /* of its decoder; ours set stopped */
		return HTTP_FAULT_PROTOCOL;
	default:
		return HTTP_FAULT_OTHER;
	}
}

static int
memory_is_short(void)
{
	struct pc_buf b = {0};
	const int is_short = pc_buf_reserve(&b, 1024 * 1024) < 0;

	pc_buf_clear(&b);
	return is_short;
}

/* What libcurl's code does not tell, or tells in a misleading way. */
static int
explain(const struct transfer *t, CURLcode code, struct transfer_end *end)
{
	long headers = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HEADER_SIZE, &headers);
	if (t->refused[0]) {
		end->fault = HTTP_FAULT_REDIRECT;
		snprintf(end->text, sizeof end->text,
		    "redirected from a "
		    "public address to %s, which is not public; "
		    "networking.allow_private permits this",
		    t->refused);
	} else if (code == too_large ||
	    (code == CURLE_OUT_OF_MEMORY && !memory_is_short())) {
		end->fault = HTTP_FAULT_PROTOCOL;
		snprintf(end->text, sizeof end->text,
		    "a line of its headers is too long");
	} else if (t->raw == 0 && headers > HTTP_HEADERS_MAX) {
		end->fault = HTTP_FAULT_PROTOCOL;
		snprintf(end->text, sizeof end->text,
		    "its headers are too large");
	} else {
		return 0;
	}
	end->transient = 0;
	return 1;
}

void
transfer_judge(const struct transfer *t, CURLcode code,
    struct transfer_end *end)
{
	end->fault = fault_of(code, &end->transient);
	if (t->stopped) {
		end->fault = HTTP_FAULT_OTHER;
		end->transient = 0;
	}
	if (end->fault == HTTP_OK || t->stopped || !explain(t, code, end))
		snprintf(end->text, sizeof end->text, "%s",
		    t->error[0] ? t->error : curl_easy_strerror(code));
}
