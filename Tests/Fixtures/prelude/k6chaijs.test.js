(function (assert, api) {
  'use strict';

  const checks = [];
  const groups = [];
  const client = {
    api: {
      check(value, set) {
        const results = Object.entries(set).map(([name, fn]) => {
          const passed = Boolean(fn(value));
          checks.push([name, passed]);
          return passed;
        });
        return results.every(Boolean);
      },
      group(name, body) {
        groups.push(name);
        return body();
      },
    },
  };
  const { describe, expect, default: chai } = api.require('jslib/k6chaijs', client);
  const isMet = (body) => {
    try {
      body();
      return true;
    } catch (error) {
      if (error.name !== 'AssertionError') throw error;
      return false;
    }
  };

  // Each expectation holds, and its opposite does not.
  const holding = {
    equal: (e) => e(200).equal(200),
    'deep equal': (e) => e({ a: [1] }).deep.equal({ a: [1] }),
    eql: (e) => e({ a: [1, { b: NaN }] }).eql({ a: [1, { b: NaN }] }),
    'eql of maps': (e) => e(new Map([[1, { a: 1 }]])).eql(new Map([[1, { a: 1 }]])),
    'eql of dates': (e) => e(new Date(5)).eql(new Date(5)),
    a: (e) => e('x').be.a('string'),
    an: (e) => e([]).be.an('array'),
    'a of null': (e) => e(null).be.a('null'),
    above: (e) => e(5).be.above(4),
    least: (e) => e(5).be.at.least(5),
    below: (e) => e(5).be.below(6),
    most: (e) => e(5).be.at.most(5),
    within: (e) => e(5).be.within(5, 6),
    closeTo: (e) => e(1.5).be.closeTo(1, 0.5),
    'include text': (e) => e('hello').include('ell'),
    'include item': (e) => e([1, 2]).include(2),
    'include members of an object': (e) => e({ a: 1, b: 2 }).include({ a: 1 }),
    'deep include': (e) => e([{ a: 1 }]).deep.include({ a: 1 }),
    property: (e) => e({ a: 1 }).have.property('a'),
    'property with value': (e) => e({ a: 1 }).have.property('a', 1),
    'nested property': (e) => e({ a: { b: [7] } }).have.nested.property('a.b[0]', 7),
    lengthOf: (e) => e([1, 2]).have.lengthOf(2),
    'length of a map': (e) => e(new Map([[1, 2]])).have.lengthOf(1),
    'length above': (e) => e('abc').have.length.above(2),
    match: (e) => e('abc').match(/^a/),
    string: (e) => e('abc').have.string('bc'),
    true: (e) => e(true).be.true,
    false: (e) => e(false).be.false,
    null: (e) => e(null).be.null,
    undefined: (e) => e(undefined).be.undefined,
    NaN: (e) => e(NaN).be.NaN,
    ok: (e) => e(1).be.ok,
    exist: (e) => e(0).exist,
    empty: (e) => e({}).be.empty,
    keys: (e) => e({ a: 1, b: 2 }).have.all.keys('b', 'a'),
    'any keys': (e) => e({ a: 1 }).have.any.keys('z', 'a'),
    'contain keys': (e) => e({ a: 1, b: 2 }).contain.keys('a'),
    members: (e) => e([1, 2, 3]).have.members([3, 2, 1]),
    'include members': (e) => e([1, 2, 3]).include.members([3]),
    oneOf: (e) => e(2).be.oneOf([1, 2]),
    instanceof: (e) => e([]).be.an.instanceof(Array),
    satisfy: (e) => e(4).satisfy((n) => n % 2 === 0),
    throw: (e) => e(() => { throw new RangeError('too far'); }).throw(RangeError, /far/),
    validJsonBody: (e) => e({ body: '{"a":1}' }).have.validJsonBody(),
  };
  for (const [name, body] of Object.entries(holding)) {
    assert(isMet(() => body((value) => expect(value).to)), name);
    assert(!isMet(() => body((value) => expect(value).to.not)), `not ${name}`);
  }
  const failing = {
    'equal is strict': () => expect(1).to.equal('1'),
    'eql of other keys': () => expect({ a: 1, b: undefined }).to.eql({ a: 1, c: undefined }),
    'eql of zeros': () => expect(0).to.eql(-0),
    'keys must be all': () => expect({ a: 1, b: 2 }).to.have.keys('a'),
    'above no number': () => expect('5').to.be.above(4),
    'property of undefined': () => expect(undefined).to.have.property('a'),
    'own property': () => expect({}).to.have.own.property('toString'),
    'other error': () => expect(() => { throw new Error('x'); }).to.throw(RangeError),
  };
  for (const [name, body] of Object.entries(failing)) assert(!isMet(body), name);
  assert(isMet(() => expect({ a: [1] }).to.have.property('a').that.is.an('array').with.lengthOf(1)),
    'a chain through a property');
  assert(isMet(() => expect({}).to.not.have.property('a')), 'no property');
  const self = { name: 'self' };
  self.self = self;
  const other = { name: 'self' };
  other.self = other;
  assert(isMet(() => expect(self).to.eql(other)), 'cycles');

  // The names of the checks.
  checks.length = 0;
  let message = '';
  try {
    expect(500, 'response status').to.equal(200);
  } catch (error) {
    message = error.message;
  }
  assert.equal(message, 'expected response status to equal 200, got 500', 'message');
  isMet(() => expect({ a: 'x' }).to.not.have.property('a'));
  isMet(() => expect({ body: 'no' }, 'response').to.have.validJsonBody());
  assert.equal(JSON.stringify(checks), JSON.stringify([
    ['expected response status to equal 200', false],
    ["expected { a: 'x' } to not have property 'a'", false],
    ['expected response to have valid json body', false],
  ]), 'names of checks');
  checks.length = 0;
  expect('y'.repeat(500)).to.be.a('string');
  assert(checks[0][0].length < 150, 'long values are cut');

  // describe.
  checks.length = 0;
  let reached = false;
  assert.equal(describe('good', () => expect(1).to.equal(1)), true, 'describe answers true');
  const bad = describe('bad', () => {
    expect(1, 'one').to.equal(2);
    reached = true;
  });
  assert.equal(bad, false, 'describe answers false');
  assert(!reached, 'a failed expectation ends its describe');
  assert.equal(describe('broken', () => null.x), false, 'an exception fails it');
  assert.equal(groups.join(), 'good,bad,broken', 'each describe is a group');
  assert(checks.at(-1)[0].startsWith('Exception raised "TypeError'), 'the exception is a check');
  chai.config.exitOnError = true;
  assert(!isMet(() => describe('exit', () => expect(1).to.equal(2))), 'exitOnError');
  chai.config.exitOnError = false;

  const later = describe('later', async () => {
    await null;
    expect(1).to.equal(1);
  });
  const laterBad = describe('later and bad', async () => {
    await null;
    expect(1).to.equal(2);
  });
  return Promise.all([later, laterBad]).then((results) => {
    assert.equal(JSON.stringify(results), '[true,false]', 'asynchronous describe');
  });
})
