// `http`: requests as promises, one by one and in batches.
(function (define, globals, host, realm) {
  'use strict';
  // GET requests of nothing but a URL are known to the host by number: the URL need not travel.
  const known = new Map();
  const knownMax = 4096;

  // The host has a response, or the reason why there is none.
  realm.responded = (index, id, status, code, error, body, head, url, dns, open, tls, first,
    close, peer, sentCookies, setsCookies) => {
    const client = realm.clients[index];
    realm.enter(client);
    const waiting = realm.cancel(client, id);
    if (waiting === undefined) return;
    const { sent } = waiting;
    const response = realm.response(client, sent, status, error, code, body, head, url, dns,
      open, tls, first, close, peer, sentCookies, setsCookies);
    // What was never sent is no request.
    if (realm.observe !== undefined && close >= 0) realm.observe(sent, response);
    // A body without end ends the iteration: nothing that follows could rely on it.
    const isFatal = code === 1602 || sent.throws;
    if (error === undefined || !isFatal) waiting.resolve(response);
    else waiting.reject(new Error(`${sent.method} ${sent.url}: ${error}`));
    realm.settle(client);
  };

  const refuse = (client, error) => {
    if (realm.throws) return Promise.reject(new Error(error.message));
    host.log(client.index, 'Warning', `Request Failed: ${error.message}`);
    return Promise.resolve(realm.refused(error.message));
  };

  // Sends a request whose parts `realm.prepare` has put into the host's form.
  const request = (method, url, body, params) => {
    const client = realm.current;
    if (realm.isInit) {
      throw new Error('requests are not possible in the init context, while the script is loaded');
    }
    if (method === 'GET' && typeof url === 'string' && params == null && body == null
      && client.tags === null && client.accepts === undefined && !realm.discardsBodies) {
      let plain = known.get(url);
      if (plain === undefined && known.size < knownMax) {
        plain = { number: host.know(url), sent: realm.plain(url) };
        known.set(url, plain);
      }
      if (plain !== undefined) {
        const { number, sent } = plain;
        return new Promise((resolve, reject) => {
          host.send(client.index, realm.begin(client, { sent, resolve, reject }), number);
        });
      }
    }
    let sent;
    try {
      sent = realm.prepare(client, method, url, body, params);
    } catch (error) {
      if (!(error instanceof realm.Unsendable)) throw error;
      return refuse(client, error);
    }
    return new Promise((resolve, reject) => {
      host.request(client.index, realm.begin(client, { sent, resolve, reject }), sent.method,
        sent.isURL ? sent.url : undefined, sent.name ?? '', sent.lines, sent.body ?? undefined,
        sent.timeoutMs, sent.redirects, sent.form, sent.accepts, sent.ownCookies, sent.jar,
        sent.auth, sent.user, sent.password);
    });
  };
  realm.request = request;

  const checked = (method, takesBody) => (takesBody
    ? (url, body, params) => request(method, url, body, params)
    : (url, params) => request(method, url, null, params));

  const batchEntry = (entry) => {
    if (typeof entry === 'string' || entry instanceof globals.URL || entry?.isTemplate) {
      return request('GET', entry, null, undefined);
    }
    if (Array.isArray(entry)) {
      if (entry.length === 1) return request('GET', entry[0], null, undefined);
      return request(String(entry[0]).toUpperCase(), entry[1], entry[2], entry[3]);
    }
    return request(
      String(entry.method ?? 'GET').toUpperCase(), entry.url, entry.body, entry.params);
  };

  const batchHost = (entry) => {
    let address = entry;
    if (Array.isArray(entry)) address = entry.length === 1 ? entry[0] : entry[1];
    else if (typeof entry === 'object' && !(entry instanceof globals.URL) && !entry?.isTemplate) {
      address = entry?.url;
    }
    const match = /^\w+:\/\/([^/?#]*)/.exec(String(address?.isTemplate ? address.url : address));
    return match === null ? '' : match[1].toLowerCase();
  };

  // Requests in their order, so many at once in all and so many of a host: one whose host is busy
  // lets those behind it go first.
  const batch = (requests) => new Promise((resolve, reject) => {
    const waiting = Object.keys(requests).map((key) => ({ key, host: batchHost(requests[key]) }));
    const responses = Array.isArray(requests) ? new Array(waiting.length) : {};
    const most = realm.run.batch ?? 20;
    const mostOfHost = realm.run.batchPerHost ?? 6;
    const busy = new Map();
    let underWay = 0;
    const more = () => {
      for (let index = 0; index < waiting.length && underWay < most;) {
        const { key, host: name } = waiting[index];
        const ofHost = busy.get(name) ?? 0;
        if (ofHost >= mostOfHost) {
          index += 1;
          continue;
        }
        waiting.splice(index, 1);
        busy.set(name, ofHost + 1);
        underWay += 1;
        batchEntry(requests[key]).then((response) => {
          responses[key] = response;
          busy.set(name, busy.get(name) - 1);
          underWay -= 1;
          more();
        }).catch((error) => {
          waiting.length = 0;
          reject(error);
        });
      }
      if (underWay === 0) resolve(responses);
    };
    more();
  });

  const http = {
    get: checked('GET', false), head: checked('HEAD', false), post: checked('POST', true),
    put: checked('PUT', true), patch: checked('PATCH', true), del: checked('DELETE', true),
    options: checked('OPTIONS', true), batch,
    request: (method, url, body, params) =>
      request(String(method).toUpperCase(), url, body, params),
  };
  http.delete = http.del;
  http.asyncRequest = http.request;
  http.Response = realm.Response;
  realm.http = http;
  globals.http = http;
})
