import Glibc

/// The configuration of the tests' nginx: everything in one directory, nothing of the system's.
enum NginxConfiguration {
  static func text(directory: String, port: UInt16, tlsPort: UInt16, h2cPort: UInt16) -> String {
    """
    daemon off;
    worker_processes 1;
    \(geteuid() == 0 ? "user root;" : "")
    pid nginx.pid;
    error_log stderr notice;
    worker_rlimit_nofile 65536;
    events { worker_connections 32768; }
    http {
      log_format oracle '\(AccessLogEntry.format)';
      access_log \(directory)/access.log oracle;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      default_type text/plain;
      absolute_redirect off;
      keepalive_requests 1000000000;
      keepalive_timeout 300s;
      http2_max_concurrent_streams 1024;
      gzip_types text/plain;
      root \(directory)/www;
      server {
        listen 127.0.0.1:\(port) backlog=8192;
        \(locations)
      }
      server {
        listen 127.0.0.1:\(tlsPort) ssl http2 backlog=8192;
        ssl_certificate \(directory)/server.pem;
        ssl_certificate_key \(directory)/server.key;
        \(locations)
      }
      server {
        listen 127.0.0.1:\(h2cPort) http2 backlog=8192;
        \(locations)
      }
    }

    """
  }

  private static let statuses = [
    200, 204, 400, 401, 403, 404, 409, 410, 418, 429, 500, 502, 503, 504,
  ]

  private static var locations: String {
    """
    location = / { return 200 "hello from nginx\\n"; }
    location = /json {
      default_type application/json;
      return 200 '{"symbol":"IBM","price":123.45,"items":[1,2,3]}';
    }
    location ~ ^/stocks/(?<symbol>[A-Za-z0-9.-]+)$ {
      default_type application/json;
      return 200 '{"symbol":"$symbol","price":100.5}';
    }
    location = /gzip { gzip on; gzip_min_length 1; try_files /text =404; }
    location = /redirect { return 302 /; }
    location = /redirect-307 { return 307 /json; }
    location = /redirect-loop { return 302 /redirect-loop; }
    location = /cookie { add_header Set-Cookie "session=abc123; Path=/"; return 200 "set\\n"; }
    location = /cookie-echo { return 200 "$http_cookie\\n"; }
    location = /slow { limit_rate 10000; try_files /slow =404; }
    location = /slower { limit_rate 10000; try_files /slower =404; }
    location = /large { try_files /large =404; }
    location /bytes/ { try_files $uri =404; }
    \(statuses.map { "location = /status/\($0) { return \($0); }" }.joined(separator: "\n"))
    """
  }
}
