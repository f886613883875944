// Metrics of a part of the values: what thresholds such as `http_req_duration{type:API}` ask for.
(function (define, globals, host, realm) {
  'use strict';
  const requestMetrics = {
    http_req_duration: (response) => response.timings.duration,
    http_req_waiting: (response) => response.timings.waiting,
    http_req_connecting: (response) => response.timings.connecting,
    http_req_tls_handshaking: (response) => response.timings.tls_handshaking,
    http_req_blocked: (response) => response.timings.blocked,
    http_req_sending: (response) => response.timings.sending,
    http_req_receiving: (response) => response.timings.receiving,
  };
  const numbers = new Map();
  const numberOf = (part, type, units) => {
    let number = numbers.get(part.name);
    if (number === undefined) {
      number = host.metricName(type, 'User', part.name, units, '');
      numbers.set(part.name, number);
    }
    return number;
  };
  const holds = (wanted, tags) => {
    for (const key of Object.keys(wanted)) {
      if (String(tags[key] ?? '') !== wanted[key]) return false;
    }
    return true;
  };

  const tagsOf = (client, own) => ({
    group: client.groups, scenario: realm.run.scenario, ...realm.run.tags, ...client.tags, ...own,
  });

  const isExpected = (sent, response) => {
    const accepted = sent.accepts ?? [200, 399];
    for (let index = 0; index + 1 < accepted.length; index += 2) {
      if (response.status >= accepted[index] && response.status <= accepted[index + 1]) {
        return true;
      }
    }
    return false;
  };

  // Called once the run is known, if there are such metrics at all.
  realm.observeParts = (parts) => {
    const ofRequests = parts.filter((part) => part.metric in requestMetrics
      || part.metric === 'http_req_failed' || part.metric === 'http_reqs');
    if (ofRequests.length > 0) {
      realm.observe = (sent, response) => {
        const index = realm.current.index;
        const expected = isExpected(sent, response);
        const tags = tagsOf(realm.current, {
          name: sent.name ?? sent.url, url: sent.url, method: sent.method,
          status: response.status, proto: response.proto, expected_response: expected,
          error_code: response.error_code || '', ...sent.tags,
        });
        for (const part of ofRequests) {
          if (!holds(part.tags, tags)) continue;
          if (part.metric === 'http_reqs') host.metric(index, numberOf(part, 'Counter', ''), 1);
          else if (part.metric === 'http_req_failed') {
            host.metric(index, numberOf(part, 'Histogram', ''), expected ? 'false' : 'true');
          } else {
            const value = requestMetrics[part.metric](response);
            host.metric(index, numberOf(part, 'Timing', 'ms'), value);
          }
        }
      };
    }
    const others = parts.filter((part) => !ofRequests.includes(part));
    if (others.length === 0) return;
    realm.observeMetric = (type, name, units, value, own) => {
      for (const part of others) {
        if (part.metric !== name || !holds(part.tags, tagsOf(realm.current, own))) continue;
        host.metric(realm.current.index, numberOf(part, type, units), value);
      }
    };
  };
})
