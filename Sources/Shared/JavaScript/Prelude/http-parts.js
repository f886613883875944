// What a request is made of: URL, headers, body, cookies, settings, in the host's form.
(function (define, globals, host, realm) {
  'use strict';
  const http = realm.http;
  // k6 writes times as numbers of milliseconds or as `1m30s`.
  const units = { h: 3600000, m: 60000, s: 1000, ms: 1, us: 0.001, 'µs': 0.001, ns: 0.000001 };
  realm.milliseconds = (value, what) => {
    if (typeof value === 'number' && value >= 0) return value;
    const text = String(value);
    let total = 0;
    let rest = text;
    while (rest !== '') {
      const match = /^(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/.exec(rest);
      if (match === null) {
        if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
        throw new TypeError(`${what}: '${text}' is not a duration such as '30s' or 500`);
      }
      total += Number(match[1]) * units[match[2]];
      rest = rest.slice(match[0].length);
    }
    return total;
  };

  // k6's names for what responses say of TLS.
  for (const version of ['1.0', '1.1', '1.2', '1.3']) {
    http[`TLS_${version.replace('.', '_')}`] = `tls${version}`;
  }
  for (const status of ['good', 'revoked', 'server_failed', 'unknown']) {
    http[`OCSP_STATUS_${status.toUpperCase()}`] = status;
  }
  for (const reason of ['unspecified', 'key_compromise', 'ca_compromise', 'affiliation_changed',
    'superseded', 'cessation_of_operation', 'certificate_hold', 'remove_from_crl',
    'privilege_withdrawn', 'aa_compromise']) {
    http[`OCSP_REASON_${reason.toUpperCase()}`] = reason;
  }

  // Why a request cannot be made from what the script gives.
  class Unsendable extends TypeError {}
  realm.Unsendable = Unsendable;

  const isBuffer = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
  const escapeForm = (text) => encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  // As in k6: what is nothing is an empty text, and so is what a flat form cannot hold.
  const formText = (value) => {
    if (value === null || value === undefined) return '';
    if (typeof value !== 'object') return String(value);
    host.log(realm.current.index, 'Warning', 'a form cannot hold a nested value: it is sent as an '
      + 'empty one; use JSON.stringify() to send structured data');
    return '';
  };

  class FileData {
    constructor(data, filename, contentType) {
      this.data = data;
      this.filename = filename ?? String(Date.now());
      this.content_type = contentType ?? 'application/octet-stream';
    }
  }
  http.file = (data, filename, contentType) => new FileData(data, filename, contentType);

  const bytesOf = (data) => {
    if (typeof data === 'string') return new globals.TextEncoder().encode(data);
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    if (ArrayBuffer.isView(data)) {
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    }
    return new globals.TextEncoder().encode(String(data));
  };

  const multipart = (fields) => {
    const boundary = `----throng${Math.random().toString(36).slice(2)}${Date.now().toString(36)}`;
    const pieces = [];
    const quote = (text) => String(text).replace(/["\r\n]/g, (c) => encodeURIComponent(c));
    for (const name in fields) {
      for (const value of [].concat(fields[name])) {
        let head = `--${boundary}\r\nContent-Disposition: form-data; name="${quote(name)}"`;
        if (value instanceof FileData) {
          head += `; filename="${quote(value.filename)}"\r\nContent-Type: ${value.content_type}`;
        }
        pieces.push(bytesOf(`${head}\r\n\r\n`),
          bytesOf(value instanceof FileData ? value.data : formText(value)), bytesOf('\r\n'));
      }
    }
    pieces.push(bytesOf(`--${boundary}--\r\n`));
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let place = 0;
    for (const piece of pieces) {
      whole.set(piece, place);
      place += piece.length;
    }
    return { body: whole.buffer, type: `multipart/form-data; boundary=${boundary}` };
  };

  // What k6, which is written in Go, calls a value that it takes for no body.
  const goTypeOf = (value) => {
    switch (typeof value) {
      case 'number': return Number.isSafeInteger(value) ? 'int64' : 'float64';
      case 'boolean': return 'bool';
      case 'bigint': return '*big.Int';
      case 'symbol': return '*sobek.Symbol';
      case 'function': return 'func(sobek.FunctionCall) sobek.Value';
      default: break;
    }
    if (Array.isArray(value)) return '[]interface {}';
    return value instanceof Date ? 'time.Time' : undefined;
  };

  // The bytes of a body and the content type that goes with its form.
  const encodeBody = (body) => {
    if (body === null || body === undefined) return { body: null, type: null };
    if (typeof body === 'string') return { body, type: null };
    if (isBuffer(body)) return { body: bytesOf(body).slice().buffer, type: null };
    if (body instanceof globals.URLSearchParams) {
      return { body: body.toString(), type: 'application/x-www-form-urlencoded' };
    }
    const kind = goTypeOf(body);
    if (kind !== undefined) throw new Unsendable(`unknown request body type ${kind}`);
    if (Object.values(body).some((value) => [].concat(value).some((v) => v instanceof FileData))) {
      return multipart(body);
    }
    const pairs = [];
    for (const name of Object.keys(body).sort()) {
      for (const value of [].concat(body[name])) {
        pairs.push(`${escapeForm(name)}=${escapeForm(formText(value))}`);
      }
    }
    return { body: pairs.join('&'), type: 'application/x-www-form-urlencoded' };
  };

  // http.url`…${id}`: the name keeps the holes, so that all ids are one resource.
  http.url = (strings, ...values) => ({
    isTemplate: true,
    url: String.raw({ raw: strings }, ...values),
    name: strings.join('${}'),
  });

  // The bytes of a text of a URL as the letters of `btoa`: UTF-8, escapes undone.
  const urlBytes = (text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/%25([0-9a-f]{2})/gi, '%$1')
    .replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(parseInt(digits, 16)));

  const basic = (url, sent) => {
    const match = /^(https?:\/\/)([^/?#]*)@/i.exec(url);
    if (match === null) return url;
    sent.lines.push('Authorization', `Basic ${globals.btoa(urlBytes(match[2]))}`);
    return url.replace(match[0], () => match[1]);
  };

  const forms = { text: 0, binary: 1, none: 2 };
  // Cookies of one request in the host's form: name, value, whether it replaces those of the jar.
  const cookiesOf = (cookies) => Object.keys(cookies).flatMap((name) => {
    const cookie = cookies[name];
    if (cookie === null || cookie === undefined) return [];
    if (typeof cookie !== 'object') return [name, String(cookie), ''];
    const member = (key) => cookie[Object.keys(cookie).find((one) => one.toLowerCase() === key)];
    return [name, String(member('value') ?? ''), member('replace') ? '1' : ''];
  });

  // Statuses that count as success: pairs of least and greatest, flat.
  http.expectedStatuses = (...wanted) => ({
    ranges: wanted.flatMap((one) => (typeof one === 'number' ? [one, one] : [one.min, one.max])),
  });
  const acceptsOf = (callback) => {
    if (callback === undefined) return undefined;
    // In k6 null judges no response at all: every status is fine.
    if (callback === null) return [0, 999];
    if (Array.isArray(callback.ranges)) return callback.ranges;
    throw new Unsendable('unsupported responseCallback: http.expectedStatuses makes one');
  };
  http.setResponseCallback = (callback) => { realm.current.accepts = acceptsOf(callback); };

  const timeoutOf = (value) => {
    try {
      return Math.max(1, Math.round(realm.milliseconds(value, 'timeout')));
    } catch (error) {
      throw new Unsendable(`invalid timeout value: ${error.message}`);
    }
  };

  const codings = ['gzip', 'deflate', 'zstd', 'br'];
  const codingsOf = (value) => {
    const text = String(value).trim();
    if (text === '') return null;
    return text.split(',').map((part) => {
      const name = part.trim();
      if (codings.includes(name)) return name;
      throw new Unsendable(`unknown compression algorithm ${name}, `
        + `supported algorithms are [${codings.join(' ')}]`);
    });
  };

  // The place of a header's name among names and values; −1 without one.
  const placeOf = (lines, name) => lines.findIndex((text, index) =>
    index % 2 === 0 && text.toLowerCase() === name);

  // Codes the body in the order of the names, as the header says it.
  const compress = (sent, names) => {
    sent.body = host.compress(sent.body, names.join(','));
    const coding = names.join(', ');
    const place = placeOf(sent.lines, 'content-encoding');
    if (place < 0) sent.lines.push('Content-Encoding', coding);
    else if (sent.lines[place + 1] !== coding) {
      host.log(realm.current.index, 'Warning', `compression is '${coding}', but the request for `
        + `${sent.url} has Content-Encoding '${sent.lines[place + 1]}', which is sent`);
    }
  };

  const settings = (sent, params) => {
    for (const name in params.headers ?? {}) {
      const value = params.headers[name];
      if (value === undefined || value === null) continue;
      sent.lines.push(name, String(value));
    }
    if (params.timeout !== undefined) sent.timeoutMs = timeoutOf(params.timeout);
    if (params.redirects !== undefined) sent.redirects = Number(params.redirects);
    if (params.responseType !== undefined) {
      sent.form = forms[params.responseType];
      if (sent.form === undefined) {
        throw new Unsendable(
          `responseType: '${params.responseType}' is not text, binary or none`);
      }
    }
    if (params.tags) sent.tags = { ...sent.tags, ...params.tags };
    if (params.name !== undefined) sent.name = String(params.name);
    if (params.throw !== undefined) sent.throws = Boolean(params.throw);
    if (params.cookies) sent.ownCookies = cookiesOf(params.cookies);
    if (params.jar) sent.jar = realm.jarOf(params.jar);
    if (params.responseCallback !== undefined) sent.accepts = acceptsOf(params.responseCallback);
  };

  const schemes = { digest: 1, ntlm: 2 };
  const unescaped = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  // Other names mean nothing, as in k6.
  const authenticate = (sent, auth) => {
    if (auth === 'basic') sent.url = basic(sent.url, sent);
    else if (Object.hasOwn(schemes, auth)) {
      const match = /^(https?:\/\/)([^/?#:]*):?([^/?#]*)@/i.exec(sent.url);
      sent.auth = schemes[auth];
      sent.user = match === null ? '' : unescaped(match[2]);
      sent.password = match === null ? '' : unescaped(match[3]);
      if (match !== null) sent.url = match[1] + sent.url.slice(match[0].length);
    }
  };

  realm.prepare = (client, method, address, body, params) => {
    const isObject = address !== null && typeof address === 'object';
    const isTemplate = isObject && address.isTemplate;
    const encoded = encodeBody(body);
    const sent = {
      method, url: String(isTemplate ? address.url : address), name: undefined, lines: [],
      isURL: isObject || typeof address === 'string', body: encoded.body, tags: client.tags,
      timeoutMs: -1, redirects: -1, form: realm.discardsBodies ? 2 : 0, throws: realm.throws,
      accepts: client.accepts, ownCookies: undefined, jar: undefined, auth: 0, user: '',
      password: '', shown: undefined,
    };
    const hasParams = params !== undefined && params !== null;
    if (isTemplate) sent.name = address.name;
    if (hasParams) settings(sent, params);
    if (sent.tags !== null && sent.tags?.name !== undefined) sent.name = String(sent.tags.name);
    if (encoded.type !== null && placeOf(sent.lines, 'content-type') < 0) {
      sent.lines.push('Content-Type', encoded.type);
    }
    const names = hasParams && params.compression ? codingsOf(params.compression) : null;
    if (names !== null && sent.body !== null) compress(sent, names);
    sent.shown = realm.requestShown(method, sent.url, sent.lines, encoded.body);
    if (hasParams && params.auth) authenticate(sent, params.auth);
    return sent;
  };
})
