(function (assert, api) {
  'use strict';
  const { default: papa } = api.require('jslib/papaparse');
  const rows = (text, config) => JSON.stringify(papa.parse(text, config).data);
  const codes = (text, config) => papa.parse(text, config).errors.map((e) => e.code).join();

  // [label, text, settings, rows]
  const parsing = [
    ['plain', 'a,b\n1,2', {}, '[["a","b"],["1","2"]]'],
    ['carriage returns', 'a,b\r\n1,2\r\n', {}, '[["a","b"],["1","2"],[""]]'],
    ['only carriage returns', 'a,b\r1,2', {}, '[["a","b"],["1","2"]]'],
    ['quotes', '"a,1","b ""q""","c\nd"\nx,y,z', {}, '[["a,1","b \\"q\\"","c\\nd"],["x","y","z"]]'],
    ['quote inside', 'a"b,c\n1,2', {}, '[["a\\"b","c"],["1","2"]]'],
    ['spaces after a quote', '"a" ,b', {}, '[["a","b"]]'],
    ['empty fields', ',,\n"",x,', {}, '[["","",""],["","x",""]]'],
    ['tabs', 'a\tb\n1\t2', {}, '[["a","b"],["1","2"]]'],
    ['semicolons', 'a;b,c;d\n1;2;3\n4;5;6', {}, '[["a","b,c","d"],["1","2","3"],["4","5","6"]]'],
    ['long delimiter', 'a::b\n1::2', { delimiter: '::' }, '[["a","b"],["1","2"]]'],
    ['mixed quoting', 'x,"y",z,"w"', {}, '[["x","y","z","w"]]'],
    ['skip empty', 'a,b\n\n1,2\n', { skipEmptyLines: true }, '[["a","b"],["1","2"]]'],
    ['skip greedy', 'a,b\n , \n1,2', { skipEmptyLines: 'greedy' }, '[["a","b"],["1","2"]]'],
    ['comments', '#x\na,b\n#y\n1,2', { comments: '#' }, '[["a","b"],["1","2"]]'],
    ['preview', 'a\nb\nc', { preview: 2, delimiter: ',' }, '[["a"],["b"]]'],
    ['escape', '"a\\"b",c', { escapeChar: '\\' }, '[["a\\"b","c"]]'],
    ['nothing', '', {}, '[]'],
    ['byte order mark', '\ufeffa,b', {}, '[["a","b"]]'],
    ['header', 'a,b\n1,2\n3,4', { header: true }, '[{"a":"1","b":"2"},{"a":"3","b":"4"}]'],
    ['types', 'n,t,s,e\n-1.5e3,true,x,', { header: true, dynamicTyping: true },
      '[{"n":-1500,"t":true,"s":"x","e":null}]'],
    ['types of one', 'a,b\n1,2', { header: true, dynamicTyping: { a: true } },
      '[{"a":1,"b":"2"}]'],
    ['more fields', 'a,b\n1,2,3', { header: true }, '[{"a":"1","b":"2","__parsed_extra":["3"]}]'],
    ['transform', 'a,b\n1,2', { header: true, transform: (v, f) => v + f },
      '[{"a":"1a","b":"2b"}]'],
    ['header changed', ' A ,b\n1,2', { header: true, transformHeader: (h) => h.trim() },
      '[{"A":"1","b":"2"}]'],
    ['same header', 'a,a\n1,2', { header: true }, '[{"a":"1","a_1":"2"}]'],
  ];
  for (const [label, text, config, expected] of parsing) {
    assert.equal(rows(text, config), expected, label);
  }

  assert.equal(codes('a,b\n1', { header: true, delimiter: ',' }), 'TooFewFields', 'too few');
  assert.equal(codes('a,b\n1,2,3', { header: true }), 'TooManyFields', 'too many');
  assert.equal(codes('"a,b', { delimiter: ',' }), 'MissingQuotes', 'unterminated');
  assert.equal(codes('"a"b",c', { delimiter: ',' }), 'InvalidQuotes', 'stray quote');
  assert.equal(codes('abc'), 'UndetectableDelimiter', 'one column');
  const { meta } = papa.parse('x;y\r\n1;2', { header: true });
  assert.equal(meta.fields.join() + meta.delimiter + meta.linebreak, 'x,y;\r\n', 'meta');
  assert.equal(papa.parse('a,b\nc,d', { preview: 1 }).meta.truncated, true, 'truncated');
  const steps = [];
  papa.parse('a,b\nc,d\ne,f', {
    step: (row, parser) => {
      steps.push(row.data.join(''));
      if (steps.length === 2) parser.abort();
    },
  });
  assert.equal(steps.join(), 'ab,cd', 'step and abort');

  // One long column must not be scanned again and again for a delimiter that is not there.
  const column = 'value\n'.repeat(60000);
  assert.equal(papa.parse(column, { delimiter: ',', skipEmptyLines: true }).data.length, 60000,
    'one column');

  const records = [{ a: 1, b: 'x,y' }, { a: null, b: ' "q"' }];
  assert.equal(papa.unparse(records), 'a,b\r\n1,"x,y"\r\n," ""q"""', 'unparse records');
  const arrays = papa.unparse([['a', 'b'], [1, true]], { delimiter: ';' });
  assert.equal(arrays, 'a;b\r\n1;true', 'arrays');
  assert.equal(papa.unparse({ fields: ['b'], data: records }, { newline: '\n' }),
    'b\n"x,y"\n" ""q"""', 'fields and data');
  assert.equal(papa.unparse(records, { header: false, columns: ['a'] }), '1\r\n', 'columns');
  assert.equal(papa.unparse([['=1+1', 'x']], { quotes: true, escapeFormulae: true }),
    `"'=1+1","x"`, 'quotes and formulae');
  const nested = [['a "b"\nc', ' d', ''], ['1', '', 'é,;\t']];
  const back = rows(papa.unparse(nested), { delimiter: ',' });
  assert.equal(back, JSON.stringify(nested), 'round trip');
})
