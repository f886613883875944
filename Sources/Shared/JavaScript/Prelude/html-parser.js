// A forgiving HTML parser: what it makes of a page is the tree that browsers show for ordinary
// pages, with html, head and body always there. The stranger repairs of the standard (misnested
// formatting, text moved out of tables) are left out.
(function (define, globals, host, realm) {
  'use strict';

  const ELEMENT = 1;
  const TEXT = 3;
  const COMMENT = 8;
  const DOCUMENT = 9;
  const DOCTYPE = 10;

  class Node {
    constructor(type, name, data = '') {
      this.type = type;
      this.name = name;
      this.data = data;
      this.attributes = null;
      this.children = [];
      this.parent = null;
    }

    append(node) {
      node.parent = this;
      this.children.push(node);
      return node;
    }
  }

  const setOf = (names) => new Set(names.split(' '));
  const voidElements = setOf(
    'area base br col embed hr img input keygen link meta param source track wbr');
  const rawElements = setOf('script style xmp iframe noembed noframes');
  const escapableElements = setOf('title textarea');
  const headElements = setOf('title meta link script style base template noscript');
  const closesParagraph = setOf(
    'address article aside blockquote center details dialog dir div dl fieldset figcaption ' +
    'figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section ' +
    'summary table ul');

  // What the start of an element ends: the names, up to the nearest of the barriers.
  const endsBefore = new Map();
  const ends = (names, ended, barriers) => {
    for (const name of names.split(' ')) endsBefore.set(name, [setOf(ended), setOf(barriers)]);
  };
  ends('li', 'li', 'ul ol menu table');
  ends('dt dd', 'dt dd', 'dl table');
  ends('option', 'option', 'select optgroup datalist');
  ends('optgroup', 'option optgroup', 'select');
  ends('td th', 'td th', 'table tr');
  ends('tr', 'td th tr', 'table');
  ends('thead tbody tfoot', 'td th tr thead tbody tfoot caption colgroup', 'table');
  ends('rt rp', 'rt rp', 'ruby');
  const tableScope = setOf('table template html');
  const cellScope = setOf('td th caption table template html');
  const tableParts = setOf('table thead tbody tfoot tr td th caption');

  /** Deeper elements become siblings, as in browsers; what walks the tree may thus recurse. */
  const depthMax = 512;

  // Character references.

  const entities = new Map(Object.entries({
    quot: '"', amp: '&', lt: '<', gt: '>', QUOT: '"', AMP: '&', LT: '<', GT: '>',
  }));
  const latin1 =
    'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg ' +
    'plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest ' +
    'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute ' +
    'Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml ' +
    'Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc ' +
    'euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ' +
    'ugrave uacute ucirc uuml yacute thorn yuml';
  latin1.split(' ').forEach((name, i) => entities.set(name, String.fromCharCode(160 + i)));
  /** Those that history lets stand without a semicolon. */
  const legacy = new Set(entities.keys());
  const greek =
    'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho ' +
    '. Sigma Tau Upsilon Phi Chi Psi Omega';
  greek.split(' ').forEach((name, i) => {
    entities.set(name, String.fromCharCode(0x391 + i));
    entities.set(name.toLowerCase(), String.fromCharCode(0x3b1 + i));
  });
  const others =
    "apos:' euro:€ hellip:… mdash:— ndash:– lsquo:‘ rsquo:’ sbquo:‚ ldquo:“ rdquo:” bdquo:„ " +
    'bull:• trade:™ larr:← uarr:↑ rarr:→ darr:↓ harr:↔ lArr:⇐ rArr:⇒ hArr:⇔ dagger:† Dagger:‡ ' +
    'permil:‰ prime:′ Prime:″ lsaquo:‹ rsaquo:› OElig:Œ oelig:œ Scaron:Š scaron:š Yuml:Ÿ fnof:ƒ ' +
    'circ:ˆ tilde:˜ infin:∞ ne:≠ le:≤ ge:≥ asymp:≈ equiv:≡ sum:∑ prod:∏ minus:− radic:√ part:∂ ' +
    'int:∫ cap:∩ cup:∪ isin:∈ notin:∉ forall:∀ exist:∃ empty:∅ nabla:∇ and:∧ or:∨ sub:⊂ sup:⊃ ' +
    'sigmaf:ς hearts:♥ spades:♠ clubs:♣ diams:♦ check:✓ star:☆ starf:★ num:# sol:/ colon:: ' +
    'comma:, period:. excl:! quest:? lpar:( rpar:) lsqb:[ rsqb:] lbrace:{ rbrace:} percnt:% ' +
    'dollar:$ plus:+ equals:= lowbar:_ grave:` commat:@ bsol:\\ vert:| ast:* semi:; hyphen:‐';
  for (const item of others.split(' ')) {
    const colon = item.indexOf(':');
    entities.set(item.slice(0, colon), item.slice(colon + 1));
  }
  const spaces = {
    ensp: 0x2002, emsp: 0x2003, thinsp: 0x2009, zwnj: 0x200c, zwj: 0x200d, lrm: 0x200e,
    rlm: 0x200f, Tab: 9, NewLine: 10,
  };
  for (const [name, code] of Object.entries(spaces)) {
    entities.set(name, String.fromCharCode(code));
  }

  function numericReference(digits) {
    const code = /^x/i.test(digits) ? parseInt(digits.slice(1), 16) : parseInt(digits, 10);
    if (code >= 0x80 && code <= 0x9f) {
      return new globals.TextDecoder('windows-1252').decode(Uint8Array.of(code));
    }
    if (!(code > 0 && code <= 0x10ffff) || (code >= 0xd800 && code < 0xe000)) return '\ufffd';
    return String.fromCodePoint(code);
  }

  const reference = /&(?:#(x[0-9a-f]+|[0-9]+)|([a-z][a-z0-9]*))(;?)/gi;

  function decode(text, isAttribute = false) {
    if (!text.includes('&')) return text;
    return text.replace(reference, (found, digits, name, semicolon, offset) => {
      if (digits !== undefined) return numericReference(digits);
      if (semicolon === ';' && entities.has(name)) return entities.get(name);
      const before = isAttribute && text[offset + found.length] === '=';
      return legacy.has(name) && !before && semicolon === '' ? entities.get(name) : found;
    });
  }

  // The parser.

  const startTag = /<([a-zA-Z][^\s/>]*)/y;
  const attribute = /[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y;
  const tagEnd = /[\s/]*?(\/?)>/y;
  const endTag = /<\/([a-zA-Z][^\s/>]*)[^>]*>?/y;

  class Parser {
    constructor(source) {
      this.source = source;
      this.position = 0;
      this.document = new Node(DOCUMENT, '#document');
      this.html = new Node(ELEMENT, 'html');
      this.head = this.html.append(new Node(ELEMENT, 'head'));
      this.body = this.html.append(new Node(ELEMENT, 'body'));
      this.open = [this.html, this.head];
      this.inBody = false;
    }

    run() {
      const { source } = this;
      while (this.position < source.length) {
        const next = source.indexOf('<', this.position);
        if (next !== this.position) {
          const end = next < 0 ? source.length : next;
          this.text(source.slice(this.position, end));
          this.position = end;
        } else if (!this.markup()) {
          this.text('<');
          this.position++;
        }
      }
      this.document.append(this.html);
      return this.document;
    }

    get current() {
      return this.open[this.open.length - 1];
    }

    match(pattern) {
      pattern.lastIndex = this.position;
      const found = pattern.exec(this.source);
      if (found !== null) this.position = pattern.lastIndex;
      return found;
    }

    /** Reads what begins with `<`; answers false when it is mere text. */
    markup() {
      const { source } = this;
      const start = this.match(startTag);
      if (start !== null) {
        this.start(start[1].toLowerCase());
        return true;
      }
      const end = this.match(endTag);
      if (end !== null) {
        this.end(end[1].toLowerCase());
        return true;
      }
      if (source.startsWith('<!--', this.position)) {
        this.comment(this.position + 4, '-->');
        return true;
      }
      const sign = source[this.position + 1];
      if (sign !== '!' && sign !== '?' && sign !== '/') return false;
      const isDoctype = /^<!doctype/i.test(source.substr(this.position, 9));
      if (isDoctype) {
        this.document.append(new Node(DOCTYPE, 'html'));
        this.skipTo('>');
      } else {
        this.comment(this.position + (sign === '?' ? 1 : 2), '>');
      }
      return true;
    }

    skipTo(mark) {
      const end = this.source.indexOf(mark, this.position);
      this.position = end < 0 ? this.source.length : end + mark.length;
    }

    comment(from, mark) {
      const end = this.source.indexOf(mark, from);
      const data = this.source.slice(from, end < 0 ? this.source.length : end);
      this.current.append(new Node(COMMENT, '#comment', data));
      this.position = end < 0 ? this.source.length : end + mark.length;
    }

    text(raw) {
      if (!this.inBody) {
        if (this.current === this.head && raw.trim() === '') return;
        if (this.current === this.head) this.enterBody();
      }
      const data = decode(raw);
      const last = this.current.children.at(-1);
      if (last?.type === TEXT) last.data += data;
      else this.current.append(new Node(TEXT, '#text', data));
    }

    enterBody() {
      this.inBody = true;
      this.open = [this.html, this.body];
    }

    /** The attributes up to the end of the tag; `null` when the page ends before that. */
    attributes() {
      const attributes = new Map();
      for (;;) {
        const end = this.match(tagEnd);
        if (end !== null) return { attributes, isClosed: end[1] === '/' };
        const found = this.match(attribute);
        if (found === null) {
          this.position = this.source.length;
          return null;
        }
        const name = found[1].toLowerCase();
        const value = found[2] ?? found[3] ?? found[4] ?? '';
        if (!attributes.has(name)) attributes.set(name, decode(value, true));
      }
    }

    start(name) {
      const tag = this.attributes();
      if (tag === null) return;
      const { attributes, isClosed } = tag;
      if (name === 'html' || name === 'head' || name === 'body') {
        const node = this[name];
        node.attributes = new Map([...attributes, ...(node.attributes ?? [])]);
        if (name === 'body' && !this.inBody) this.enterBody();
        return;
      }
      const isInHead = this.current === this.head;
      if (!this.inBody && isInHead && !headElements.has(name)) this.enterBody();
      this.endImplied(name);
      const node = new Node(ELEMENT, name);
      node.attributes = attributes;
      this.current.append(node);
      if (voidElements.has(name)) return;
      if (rawElements.has(name) || escapableElements.has(name)) this.rawText(node);
      else if (!(isClosed && this.isForeign(name)) && this.open.length < depthMax) {
        this.open.push(node);
      }
    }

    isForeign(name) {
      return this.open.some((node) => node.name === 'svg' || node.name === 'math') ||
        name === 'svg' || name === 'math';
    }

    endImplied(name) {
      if (closesParagraph.has(name)) this.close((open) => open === 'p', cellScope, true);
      const rule = endsBefore.get(name);
      if (rule) this.close((open) => rule[0].has(open), rule[1], false);
      // Browsers put rows into a tbody, and cells into a row.
      const isCell = name === 'td' || name === 'th';
      if ((name === 'tr' || isCell) && this.current.name === 'table') this.imply('tbody');
      if (isCell && /^t(body|head|foot)$/.test(this.current.name)) this.imply('tr');
    }

    imply(name) {
      const node = this.current.append(new Node(ELEMENT, name));
      node.attributes = new Map();
      this.open.push(node);
    }

    /**
     * Ends the open elements from the outermost (or, with `isNearest`, the innermost) that `ends`
     * names, seen from the current one up to a barrier.
     */
    close(ends, barriers, isNearest) {
      let found = -1;
      for (let i = this.open.length - 1; i > 1; i--) {
        const { name } = this.open[i];
        if (ends(name)) found = i;
        if (barriers.has(name) || (found === i && isNearest)) break;
      }
      if (found > 1) this.open.length = found;
    }

    end(name) {
      if (name === 'head' && !this.inBody) this.open = [this.html, this.head];
      if (name === 'html' || name === 'head' || name === 'body') return;
      const barriers = tableParts.has(name) ? tableScope : cellScope;
      this.close((open) => open === name, barriers, true);
    }

    /** The text of an element whose text has no tags, up to its own end tag. */
    rawText(node) {
      const pattern = new RegExp(`</${node.name}(?=[\\s/>]|$)[^>]*>?`, 'gi');
      pattern.lastIndex = this.position;
      const found = pattern.exec(this.source);
      const end = found === null ? this.source.length : found.index;
      let data = this.source.slice(this.position, end);
      if (node.name === 'textarea') data = data.replace(/^\r?\n/, '');
      if (escapableElements.has(node.name)) data = decode(data);
      if (data !== '') node.append(new Node(TEXT, '#text', data));
      this.position = found === null ? end : pattern.lastIndex;
    }
  }

  // Back to text.

  const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\xa0': '&nbsp;' };
  const escapeText = (text) => text.replace(/[&<>\xa0]/g, (found) => escapes[found]);
  const escapeValue = (text) => text.replace(/[&"\xa0]/g, (found) => escapes[found]);

  function textOf(node) {
    return node.type === TEXT ? node.data : node.children.map(textOf).join('');
  }

  const innerHTML = (node) => node.children.map(outerHTML).join('');

  function outerHTML(node) {
    if (node.type === TEXT) {
      return rawElements.has(node.parent?.name) ? node.data : escapeText(node.data);
    }
    if (node.type === COMMENT) return `<!--${node.data}-->`;
    if (node.type === DOCTYPE) return '<!DOCTYPE html>';
    if (node.type === DOCUMENT) return innerHTML(node);
    let tag = `<${node.name}`;
    for (const [name, value] of node.attributes ?? []) tag += ` ${name}="${escapeValue(value)}"`;
    return voidElements.has(node.name) ? `${tag}>` : `${tag}>${innerHTML(node)}</${node.name}>`;
  }

  realm.html = {
    parse: (source) => new Parser(`${source}`).run(),
    textOf, innerHTML, outerHTML, ELEMENT, TEXT, DOCUMENT,
  };
})
