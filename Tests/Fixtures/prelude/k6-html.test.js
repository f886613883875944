(function (assert, api) {
  'use strict';
  const { parseHTML } = api.require('k6/html');
  const ids = (selection) => selection.map((_, item) => item.attr('id')).join();

  const page = parseHTML(`<!DOCTYPE html>
<html lang=en><head><title>A &amp; B</title><meta charset="utf-8">
<style>p > a { color: red }</style><script>if (1 < 2) document.write("<p id='no'>")</script></head>
<body class="main wide">
<!-- <p id="hidden"> -->
<h1 id="top">Shop</h1>
<ul id="list"><li id="l1" class="a">one<li id="l2" class="a b">two<li id="l3">three &euro; 3</ul>
<p id="p1">first<p id="p2" data-price="12.5" data-on="true" data-long-name='{"k":[1]}' data-s="007">
second <a id="link" href="/x?a=1&amp;b=2" title='say "hi"'>link</a><br>line</p>
<table id="t"><tr id="r1"><td id="c1">1<td id="c2">2<tr id="r2"><th id="c3">3</table>
<form id="f" action="/send">
<input type=hidden name=csrf value="t&lt;k"><input name="q" value="grün &"><input name=empty>
<input type=checkbox name=c1 checked><input type=checkbox name=c2 value=v>
<input type=radio name=r value=1><input type=radio name=r value=2 checked>
<input type=submit name=go value=Go><input name=off disabled value=x>
<textarea name=t>
a &lt;b></textarea>
<select id="s1" name=s><option value=1>One<option selected>Two</select>
<select id="s2" name=m multiple><option selected value=x>X<option selected value=y>Y</select>
</form></body></html>`);

  // [selector, ids of what it finds]
  const finding = [
    ['#top', 'top'], ['li', 'l1,l2,l3'], ['LI', 'l1,l2,l3'], ['ul li.a', 'l1,l2'],
    ['.a.b', 'l2'], ['ul > li', 'l1,l2,l3'], ['body > li', ''], ['li + li', 'l2,l3'],
    ['#l1 ~ li', 'l2,l3'], ['h1, a', 'top,link'], ['a[href]', 'link'], ['[title*="hi"]', 'link'],
    ['a[href^="/x"][href$="b=2"]', 'link'], ['[class~=b]', 'l2'], ['html[lang|=en] h1', 'top'],
    ['[CLASS="A B" i]', 'l2'], ['li[class!=a]', 'l2,l3'], ['li:first-child', 'l1'],
    ['li:last-child', 'l3'], ['li:nth-child(2)', 'l2'], ['li:nth-child(odd)', 'l1,l3'],
    ['li:nth-child( 2n + 2 )', 'l2'], ['li:nth-child(-n+2)', 'l1,l2'],
    ['li:nth-child(n+2)', 'l2,l3'],
    ['li:nth-last-child(1)', 'l3'], ['p:first-of-type', 'p1'], ['p:nth-of-type(2)', 'p2'],
    ['li:not(.a)', 'l3'], ['li:not(.b, #l3)', 'l1'], ['li:contains("two")', 'l2'],
    ['li:contains(o)', 'l1,l2'], ['p:has(a)', 'p2'], ['ul:has(> li.b)', 'list'],
    ['ul:has(+ p)', 'list'], ['li:has(~ .b)', 'l1'], ['h1:has(+ p)', ''], ['td', 'c1,c2'],
    ['table > tbody > tr', 'r1,r2'], ['tr:nth-child(1) td:last-child', 'c2'],
    ['th:only-child', 'c3'],
    ['p:is(#p1, #p2) a', 'link'], ['#hidden', ''], ['#no', ''], ['*#l1', 'l1'],
    ['select:not([multiple])', 's1'],
  ];
  for (const [selector, expected] of finding) {
    assert.equal(ids(page.find(selector)), expected, selector);
  }
  for (const bad of ['', '>', 'a[', 'a:foo', 'li:nth-child(x)', 'a,', 'p:not(', 'a $ b', '..a']) {
    let message = 'nothing';
    try {
      page.find(bad);
    } catch (error) {
      message = error.message;
    }
    assert(message.startsWith('the selector') && message.includes('not valid'), `'${bad}'`);
  }

  // Texts and attributes.
  assert.equal(page.find('title').text(), 'A & B', 'title');
  assert.equal(page.find('#l3').text(), 'three € 3', 'entities');
  assert.equal(page.find('li').text(), 'onetwothree € 3', 'the text of all');
  assert.equal(page.find('#link').attr('href'), '/x?a=1&b=2', 'attribute');
  assert.equal(page.find('#link').attr('none'), undefined, 'no attribute');
  assert.equal(page.find('#link').attr('none', 'other'), 'other', 'default of an attribute');
  assert.equal(page.find('#list').html(),
    '<li id="l1" class="a">one</li><li id="l2" class="a b">two</li><li id="l3">three € 3</li>',
    'html');
  assert.equal(page.find('#nothing').html(), '', 'html of nothing');
  assert.equal(page.find('script').html(), `if (1 < 2) document.write("<p id='no'>")`, 'raw text');
  assert.equal(page.find('#p1').next().find('a').parent().attr('id'), 'p2', 'implied end of p');
  assert.equal(JSON.stringify(page.find('#p2').data()),
    '{"price":12.5,"on":true,"longName":{"k":[1]},"s":"007"}', 'data');
  assert.equal(page.find('#p2').data('longName').k[0], 1, 'data by name');
  assert.equal(page.find('#p2').data('none'), undefined, 'no data');
  assert(page.find('body').hasClass('wide') && !page.find('body').hasClass('wid'), 'hasClass');

  // Moving and choosing.
  const items = page.find('li');
  assert.equal(items.size(), 3, 'size');
  assert.equal(items.length, 3, 'length');
  assert.equal([ids(items.first()), ids(items.last()), ids(items.eq(1)), ids(items.eq(-1)),
    ids(items.eq(7)), ids(items.slice(1))].join('|'), 'l1|l3|l2|l3||l2,l3', 'positions');
  assert.equal(ids(items.filter('.a')), 'l1,l2', 'filter');
  assert.equal(ids(items.filter((i, item) => item.text().startsWith('t'))), 'l2,l3',
    'filter by a function');
  assert.equal(ids(items.not('.b')), 'l1,l3', 'not');
  assert.equal(ids(items.not(page.find('.b'))), 'l1,l3', 'not a selection');
  assert.equal(items.is('.b') && !items.is('p'), true, 'is');
  assert.equal(ids(page.find('p').has('a')), 'p2', 'has');
  assert.equal(ids(page.find('#link').closest('[id^=p]')), 'p2', 'closest');
  assert.equal(ids(page.find('#c1').parents('[id]')), 'r1,t', 'parents');
  assert.equal(ids(page.find('#c1').parentsUntil('table')), 'r1,', 'parentsUntil');
  assert.equal(ids(page.find('#l1').siblings()), 'l2,l3', 'siblings');
  assert.equal(ids(page.find('#l1').nextAll('.b')), 'l2', 'nextAll');
  assert.equal(ids(page.find('#l1').nextUntil('#l3')), 'l2', 'nextUntil');
  assert.equal(ids(page.find('#l3').prev()), 'l2', 'prev');
  assert.equal(ids(page.find('#l3').prevAll()), 'l2,l1', 'prevAll');
  assert.equal(ids(page.find('tr').children()), 'c1,c2,c3', 'children');
  assert.equal(ids(page.find('tr').children('th')), 'c3', 'some children');
  assert.equal(page.find('#p2').contents().size(), 4, 'contents has texts');
  assert.equal(page.find('#l2').index(), 1, 'index');
  const seen = [];
  items.each((index, element) => seen.push(index + element.id()));
  assert.equal(seen.join(), '0l1,1l2,2l3', 'each');
  assert.equal(items.toArray().map((item) => item.text()).join(), 'one,two,three € 3', 'toArray');
  assert.equal(items.get(1).nodeName() + items.get().length, 'li3', 'get');
  assert.equal(items.get(9), undefined, 'get beyond the end');

  // Elements.
  const element = page.find('#p2').get(0);
  assert.equal(element.firstElementChild().href(), '/x?a=1&b=2', 'href');
  assert.equal(element.previousElementSibling().id(), 'p1', 'previousElementSibling');
  assert.equal(element.attributes().id.value, 'p2', 'attributes');
  assert.equal(element.querySelector('a').getAttribute('title'), 'say "hi"', 'querySelector');
  assert.equal(element.querySelector('a').outerHTML(),
    '<a id="link" href="/x?a=1&amp;b=2" title="say &quot;hi&quot;">link</a>', 'outerHTML');
  assert(element.contains(page.find('a').get(0)) && !element.contains(items.get(0)), 'contains');
  assert.equal(element.selection().find('br').size(), 1, 'selection');
  assert(element.parentElement().nodeName() === 'body' && element.matches('p'), 'parentElement');

  // Forms.
  const form = page.find('#f');
  assert.equal(page.find('#s1').val(), 'Two', 'val of a select');
  assert.equal(page.find('#s2').val().join(), 'x,y', 'val of a multiple select');
  assert.equal(page.find('textarea').val(), 'a <b>', 'val of a textarea');
  assert.equal(page.find('input[name=q]').val(), 'grün &', 'val of an input');
  assert.equal(page.find('p').val(), undefined, 'val of a paragraph');
  assert.equal(form.serialize(),
    'csrf=t%3Ck&q=gr%C3%BCn+%26&empty=&c1=on&r=2&t=a+%3Cb%3E&s=Two&m=x&m=y', 'serialize');
  assert.equal(form.serializeArray()[0].name + form.serializeArray().length, 'csrf9', 'array');
  const fields = form.serializeObject();
  assert.equal(`${fields.r} ${fields.s} ${fields.m.join('+')}`, '2 Two x+y', 'object');
  assert.equal(form.find('input[name=q]').serialize(), 'q=gr%C3%BCn+%26', 'one field');

  // Broken pages. [source, body as HTML]
  const broken = [
    ['<p>a<div>b</p>c', '<p>a</p><div>bc</div>'],
    ['<b>x</i>y', '<b>xy</b>'],
    ['a < b & c &copy; &copy &nope; &#x41;&#66;&#128;&#0;',
      'a &lt; b &amp; c © © &amp;nope; AB€\ufffd'],
    ['<div a=1 A=2 b c="x>y" d=\'"\'>', '<div a="1" b="" c="x>y" d="&quot;"></div>'],
    ['<ul><li>1<ul><li>2</ul><li>3</ul>', '<ul><li>1<ul><li>2</li></ul></li><li>3</li></ul>'],
    ['<table><td>x', '<table><tbody><tr><td>x</td></tr></tbody></table>'],
    ['<table><tr><td><table><tr><td>i</table>o</table>', '<table><tbody><tr><td><table><tbody>' +
      '<tr><td>i</td></tr></tbody></table>o</td></tr></tbody></table>'],
    ['<dl><dt>a<dd>b<dt>c</dl>', '<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>'],
    ['<svg><path d="M0"/><g/></svg>x', '<svg><path d="M0"></path><g></g></svg>x'],
    ['<div/>x', '<div>x</div>'],
    ['<img src=a><br/>t', '<img src="a"><br>t'],
    ['<!-- open', ''],
    ['<div', ''],
    ['x<', 'x&lt;'],
    ['</p></div>x', 'x'],
    ['<textarea></textarea ><p>y', '<textarea></textarea><p>y</p>'],
    ['<a href="?a=1&copy=2&lt=3">', '<a href="?a=1&amp;copy=2&amp;lt=3"></a>'],
  ];
  for (const [source, expected] of broken) {
    assert.equal(parseHTML(source).find('body').html(), expected, source);
  }
  const deep = parseHTML('<div>'.repeat(20000) + 'x');
  assert.equal(deep.text(), 'x', 'deep pages do not exhaust the stack');
  assert.equal(deep.find('div').size(), 20000, 'nothing of a deep page is lost');
  assert.equal(parseHTML('').find('body').size(), 1, 'an empty page has a body');
})
