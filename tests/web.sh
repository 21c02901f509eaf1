# web.sh - web servers for tests: nginx, and one that misbehaves.
# shellcheck shell=bash disable=SC2034

command -v nginx >/dev/null || skip_all 'nginx is not installed'
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
unset CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR
web_pids=
at_exit+=(web_stop)

# Only processes that this test has started are killed.
web_stop() {
	local pid
	for pid in $web_pids; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	web_pids=
}

free_ports() {
	python3 -c 'import socket, sys
s = [socket.socket() for _ in range(int(sys.argv[1]))]
for x in s: x.bind(("127.0.0.1", 0))
print(*[x.getsockname()[1] for x in s])' "$1"
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# serves PID: does this nginx listen, or has it ended because its port was taken?
serves() {
	has_ended "$1" || { [ "$(cat web/pid)" = "$1" ] && listens "$port"; }
}

# web_start: start nginx on $port, as another host on $other, and with TLS on
# $tls if web/tls.pem exists; $web is its URL, web/log the log of requests
web_start() {
	local try nginx_pid ssl
	mkdir -p web/www web/tmp
	for try in 1 2 3 4 5; do
		read -r port other tls < <(free_ports 3)
		ssl=
		[ ! -f web/tls.pem ] || ssl="server {
			listen 127.0.0.1:$tls ssl http2; root $T/web/www;
			ssl_certificate $T/web/tls.pem;
			ssl_certificate_key $T/web/tls.key;
			location /down { return 302 http://127.0.0.1:$port/a; }
		}"
		cat >web/nginx.conf <<-END
			daemon off; master_process off;
			pid $T/web/pid; error_log $T/web/error;
			events { worker_connections 512; }
			http {
			client_body_temp_path $T/web/tmp; proxy_temp_path $T/web/tmp;
			fastcgi_temp_path $T/web/tmp; uwsgi_temp_path $T/web/tmp;
			scgi_temp_path $T/web/tmp; default_type text/plain;
			log_format asked '\$request_uri \$status \$server_port '
				'\$http_authorization \$http_accept \$connection';
			access_log $T/web/log asked; keepalive_requests 100000;
			server {
			listen 127.0.0.1:$port; root $T/web/www;
			location /ok { return 200 "ok\n"; }
			location /no-store { add_header Cache-Control
				"private, max-age=60, NO-STORE"; alias $T/web/www/a; }
			location /no-validator { etag off; add_header Last-Modified "";
				alias $T/web/www/a; }
			location /modified { etag off; alias $T/web/www/a; }
			location /etag { add_header Last-Modified "";
				alias $T/web/www/a; }
			location /gzip { gzip on; gzip_types text/plain;
				gzip_min_length 1; alias $T/web/www/big; }
			location /loop { return 302 /loop; }
			location /to-a { return 301 /a; }
			location /to-file { return 302 file:///etc/passwd; }
			location /away { return 307 http://localhost:$other/b; }
			location /near { return 307 /auth; }
			location /auth { if (\$http_authorization != "Bearer hunter2")
				{ return 401; } alias $T/web/www/b; }
			location /empty { return 200 ""; }
			location /503 { return 503; }
			location /410 { return 410; }
			location /429 { add_header Retry-After 3600 always;
				return 429 "slow down"; }
			location /accept { return 200 "\$http_accept\n"; }
			location /agent { return 200 "\$http_user_agent\n"; }
			location /slow/ { limit_rate 3k; alias $T/web/www/; }
			}
			server { listen 127.0.0.1:$other; root $T/web/www; }
			$ssl
			}
		END
		: >web/log
		nginx -c "$T/web/nginx.conf" -e "$T/web/error" 2>web/start &
		nginx_pid=$!
		await serves "$nginx_pid"
		if ! has_ended "$nginx_pid"; then
			web_pids="$web_pids $nginx_pid"
			web=http://127.0.0.1:$port
			: >web/log
			return
		fi
		kill "$nginx_pid" 2>/dev/null
		wait "$nginx_pid" 2>/dev/null
	done
	sed 's/^/# /' web/start web/error
	echo 'Bail out! nginx does not start'
	exit 1
}

# raw_start: start the server that misbehaves; $raw is its URL
raw_start() {
	python3 "$TESTS/server/raw.py" "$T/raw-port" &
	web_pids="$web_pids $!"
	await test -s "$T/raw-port"
	raw=http://127.0.0.1:$(cat "$T/raw-port")
}

# asked PATH: how many requests nginx got for it
asked() { grep -c "^$1 " web/log; }
