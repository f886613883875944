// The end of the test is told by the script itself.
import http from 'k6/http';
import { check } from 'k6';
import { Counter } from 'k6/metrics';

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: { http_reqs: ['count==4'] },
  summaryTrendStats: ['avg', 'p(99)'],
};

const bytes = new Counter('bytes_seen');

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/bytes/100`, { responseType: 'binary' });
  check(res, { 'has 100 bytes': (r) => r.body.byteLength === 100 });
  bytes.add(res.body.byteLength);
}

export function handleSummary(data) {
  const { metrics } = data;
  const report = {
    requests: metrics.http_reqs.values.count,
    iterations: metrics.iterations.values.count,
    passes: metrics.checks.values.passes,
    fails: metrics.checks.values.fails,
    bytes: metrics.bytes_seen.values.count,
    threshold: metrics.http_reqs.thresholds['count==4'].ok,
    statistics: Object.keys(metrics.http_req_duration.values).sort(),
    checks: data.root_group.checks.map((one) => one.name),
  };
  return { stdout: `REPORT ${JSON.stringify(report)}\n` };
}
