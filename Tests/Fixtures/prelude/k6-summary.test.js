(function (assert, api) {
  'use strict';
  const summary = api.require('jslib/k6-summary');
  const { humanizeValue } = summary;

  const time = { type: 'trend', contains: 'time' };
  const durations = [
    [0, '0s'], [0.0005, '500ns'], [0.18345, '183.45µs'], [1, '1ms'], [117.556, '117.55ms'],
    [1234.5, '1.23s'], [61000, '1m1s'], [3725000, '1h2m5s'],
  ];
  for (const [value, text] of durations) assert.equal(humanizeValue(value, time), text, text);
  assert.equal(humanizeValue(1234.5, time, 's'), '1.23s', 'fixed seconds');
  assert.equal(humanizeValue(1.2, time, 'us'), '1200.00µs', 'fixed microseconds');
  const data = { type: 'counter', contains: 'data' };
  const sizes = [[0, '0 B'], [999, '999 B'], [1500, '1.5 kB'], [23456, '24 kB'], [5.6e9, '5.6 GB'],
    [999960, '1.0 MB']];
  for (const [value, text] of sizes) assert.equal(humanizeValue(value, data), text, text);
  assert.equal(humanizeValue(0.99999, { type: 'rate' }), '99.99%', 'a rate is never rounded up');
  assert.equal(humanizeValue(1 / 3, { type: 'gauge' }), '0.333333', 'plain numbers');

  const trend = { avg: 12.5, min: 1, med: 10, max: 250.126, 'p(90)': 20, 'p(95)': 40.5 };
  const check = (name, passes, fails) => ({ name, passes, fails });
  const input = {
    options: { summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'] },
    state: { testRunDurationMs: 2000 },
    root_group: {
      name: '', checks: [check('status is 200', 9, 1)],
      groups: [{ name: 'login', groups: [], checks: [check('has token', 2, 0)] }],
    },
    metrics: {
      http_reqs: { type: 'counter', contains: 'default', values: { count: 12, rate: 6 } },
      http_req_duration: {
        type: 'trend', contains: 'time', values: trend,
        thresholds: { 'p(95)<500': { ok: true }, 'max<200': { ok: false } },
      },
      'http_req_duration{expected_response:true}': {
        type: 'trend', contains: 'time', values: trend, thresholds: { 'p(90)<30': { ok: true } },
      },
      http_req_failed: {
        type: 'rate', contains: 'default', values: { rate: 0, passes: 0, fails: 12 },
      },
      checks: {
        type: 'rate', contains: 'default', values: { rate: 11 / 12, passes: 11, fails: 1 },
      },
      data_sent: { type: 'counter', contains: 'data', values: { count: 1500, rate: 750 } },
      vus: { type: 'gauge', contains: 'default', values: { value: 1, min: 1, max: 3 } },
      orders: { type: 'counter', contains: 'default', values: { count: 4, rate: 2 } },
    },
  };
  const expected = [
    '  █ THRESHOLDS',
    '',
    '    http_req_duration',
    "    ✓ 'p(95)<500' p(95)=40.5ms",
    "    ✗ 'max<200' max=250.12ms",
    '',
    '      {expected_response:true}',
    "      ✓ 'p(90)<30' p(90)=20ms",
    '',
    '',
    '  █ TOTAL RESULTS',
    '',
    '    checks_total.......: 12     6/s',
    '    checks_succeeded...: 91.66% 11 out of 12',
    '    checks_failed......: 8.33%  1 out of 12',
    '',
    '    ✗ status is 200',
    '      ↳  90% — ✓ 9 / ✗ 1',
    '',
    '    █ login',
    '',
    '      ✓ has token',
    '',
    '    CUSTOM',
    '    orders.........................: 4      2/s',
    '',
    '    HTTP',
    '    http_req_duration..............: avg=12.5ms min=1ms med=10ms max=250.12ms p(90)=20ms ' +
      'p(95)=40.5ms',
    '      { expected_response:true }...: avg=12.5ms min=1ms med=10ms max=250.12ms p(90)=20ms ' +
      'p(95)=40.5ms',
    '    http_req_failed................: 0.00%  0 out of 12',
    '    http_reqs......................: 12     6/s',
    '',
    '    EXECUTION',
    '    vus............................: 1      min=1 max=3',
    '',
    '    NETWORK',
    '    data_sent......................: 1.5 kB 750 B/s',
    '',
  ];
  const text = summary.textSummary(input, { indent: ' ', enableColors: false });
  const lines = text.split('\n');
  expected.forEach((line, i) => assert.equal(lines[i], line, `line ${i + 1}`));
  assert.equal(lines.length, expected.length, 'number of lines');
  const colored = summary.textSummary(input, { enableColors: true });
  for (const mark of ['\x1b[32m✓\x1b[0m', '\x1b[31m✗\x1b[0m']) {
    assert(colored.includes(mark), 'colors');
  }
  assert.equal(colored.replace(/\x1b\[\d+m/g, ''), text, 'colors change nothing else');
  const noColor = { ...input, options: { noColor: true } };
  assert(!summary.textSummary(noColor).includes('\x1b'), 'noColor');
  assert(summary.textSummary(input, { indent: '>>' }).startsWith('>> '), 'indent');
  assert(summary.textSummary({ metrics: {} }).includes('TOTAL RESULTS'), 'nothing was measured');

  const xml = summary.jUnit(input, { name: 'a<b' });
  assert(xml.includes('<testsuite name="a&lt;b" tests="3" failures="1">'), 'suite');
  assert(xml.includes('<testcase name="http_req_duration - p(95)&lt;500"'), 'case');
  assert.equal(xml.match(/<failure /g).length, 1, 'failures');
})
