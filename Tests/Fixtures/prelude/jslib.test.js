(function (assert, api) {
  'use strict';

  const utils = api.require('jslib/k6-utils');
  const drawn = Array.from({ length: 2000 }, () => utils.randomIntBetween(3, 5));
  assert.equal([...new Set(drawn)].sort().join(), '3,4,5', 'randomIntBetween takes both ends');
  const items = Array.from({ length: 500 }, () => utils.randomItem(['a', 'b']));
  assert.equal([...new Set(items)].sort().join(), 'a,b', 'randomItem');
  assert(/^[a-z]{12}$/.test(utils.randomString(12)), 'randomString');
  assert(/^[xy]{50}$/.test(utils.randomString(50, 'xy')), 'randomString of a set');
  assert(/^[0-9a-f-]{36}$/.test(utils.uuidv4()), 'uuidv4');
  assert.equal(utils.findBetween('<b>1</b><b>2</b>', '<b>', '</b>'), '1', 'findBetween');
  assert.equal(utils.findBetween('<b>1</b><b>2</b>', '<b>', '</b>', true).join(), '1,2', 'all');
  assert.equal(utils.findBetween('none', '<', '>'), null, 'nothing between');
  const stages = utils.normalDistributionStages(100, 60, 4);
  assert.equal(JSON.stringify(stages.map((stage) => stage.target)), '[14,61,100,61,14,0]', 'bell');
  assert.equal(stages.map((stage) => stage.duration).join(), '10s,10s,10s,10s,10s,10s', 'times');
  const durations = { '1m30s': 90000, '500ms': 500, '1.5h': 5400000, '1d2h': 93600000, 7: 7 };
  for (const [text, milliseconds] of Object.entries(durations)) {
    assert.equal(utils.parseDuration(text), milliseconds, text);
  }
  for (const bad of ['', 'soon', '1m x', '5 parsecs']) {
    let message = 'nothing';
    try {
      utils.parseDuration(bad);
    } catch (error) {
      message = error.message;
    }
    assert(message.includes('is not a duration'), `'${bad}' is refused`);
  }
  const execution = {
    scenario: { name: 'main', startTime: Date.now() - 15000 }, vu: { metrics: { tags: {} } },
    test: { options: { scenarios: { main: { stages: [
      { duration: '10s', target: 5 }, { duration: '1m', target: 2 }, { duration: '1m', target: 2 },
    ] } } } },
  };
  api.realm.require = () => execution;
  const staged = api.require('jslib/k6-utils');
  assert.equal(staged.getCurrentStageIndex(), 1, 'stage by time');
  staged.tagWithCurrentStageIndex();
  staged.tagWithCurrentStageProfile();
  assert.equal(JSON.stringify(execution.vu.metrics.tags),
    '{"stage":"1","stage_profile":"ramp-down"}', 'stage tags');
  execution.scenario.startTime -= 1000000;
  assert.equal(staged.getCurrentStageIndex(), 2, 'after the end it is the last stage');
  staged.tagWithCurrentStageProfile();
  assert.equal(execution.vu.metrics.tags.stage_profile, 'steady', 'steady');

  assert(api.require('jslib/url').URL === api.globals.URL, 'the same URL');

  const { FormData } = api.require('jslib/formdata');
  const form = new FormData();
  form.append('text', 'grüße');
  form.append('fi"le', { data: Uint8Array.of(1, 2, 3).buffer, filename: 'a.bin' });
  form.append('doc', { data: '{}', filename: 'd.json', content_type: 'application/json' });
  const body = new Uint8Array(form.body());
  const b = form.boundary;
  assert.equal(new api.globals.TextDecoder().decode(body),
    `--${b}\r\nContent-Disposition: form-data; name="text"\r\n\r\ngrüße\r\n` +
    `--${b}\r\nContent-Disposition: form-data; name="fi%22le"; filename="a.bin"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n\x01\x02\x03\r\n' +
    `--${b}\r\nContent-Disposition: form-data; name="doc"; filename="d.json"\r\n` +
    `Content-Type: application/json\r\n\r\n{}\r\n--${b}--\r\n`, 'multipart body');
  assert.equal(form.contentType, `multipart/form-data; boundary=${b}`, 'contentType');
  assert(new FormData().boundary !== b, 'each form has its own boundary');
})
