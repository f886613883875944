// The parser of URLs after the WHATWG URL standard; the class is in url.js. The state machine of
// the standard is written as functions over the pieces of the text: fragment and query are cut off
// first, since no state before them can hold a '#' or '?'. Host names that are not ASCII are
// mapped by Unicode normalization and Punycode, without the tables of UTS 46.
(function (define, globals, host, realm) {
  'use strict';

  const defaultPorts = { http: '80', https: '443', ws: '80', wss: '443', ftp: '21', file: '' };
  const isSpecial = (scheme) => Object.hasOwn(defaultPorts, scheme);

  // The percent-encode sets, each as what must be encoded.
  const inControl = /[^\x20-\x7e]/gu;
  const inFragment = /[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7e]/gu;
  const inQuery = /[^\x21\x24-\x3b\x3d\x3f-\x7e]/gu;
  const inSpecialQuery = /[^\x21\x24-\x26\x28-\x3b\x3d\x3f-\x7e]/gu;
  const inPath = /[^\x21\x24-\x3b\x3d\x40-\x5d\x5f\x61-\x7a\x7c\x7e]/gu;
  const inUserinfo = /[^\x21\x24-\x2e\x30-\x39\x41-\x5a\x5f\x61-\x7a\x7e]/gu;

  function encodeOne(character) {
    const code = character.charCodeAt(0);
    if (code >= 0x80) return encodeURIComponent(character);
    return (code < 16 ? '%0' : '%') + code.toString(16).toUpperCase();
  }
  const encode = (text, set) => text.replace(set, encodeOne);
  const encodeQuery = (text, scheme) => encode(text, isSpecial(scheme) ? inSpecialQuery : inQuery);

  // Hosts. `undefined` means that the host is not valid.

  function parseIPv6(text) {
    let groups = text;
    const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text);
    if (dotted) {
      const bytes = dotted[2].split('.');
      if (bytes.some((byte) => byte > 255 || /^0./.test(byte))) return undefined;
      const hex = (high, low) => (high * 256 + Number(low)).toString(16);
      groups = `${dotted[1]}${hex(bytes[0], bytes[1])}:${hex(bytes[2], bytes[3])}`;
    }
    const halves = groups.split('::');
    if (halves.length > 2) return undefined;
    const pieces = halves.map((half) => (half === '' ? [] : half.split(':')));
    const count = pieces.flat().length;
    if (halves.length === 1 ? count !== 8 : count > 7) return undefined;
    if (!pieces.flat().every((piece) => /^[0-9a-fA-F]{1,4}$/.test(piece))) return undefined;
    if (halves.length === 2) pieces.splice(1, 0, Array(8 - count).fill('0'));
    return compressIPv6(pieces.flat().map((piece) => parseInt(piece, 16)));
  }

  function compressIPv6(groups) {
    let bestStart = -1;
    let bestLength = 1;
    for (let start = 0; start < 8; start++) {
      let end = start;
      while (end < 8 && groups[end] === 0) end++;
      if (end - start > bestLength) [bestStart, bestLength] = [start, end - start];
      if (end > start) start = end;
    }
    const hex = groups.map((group) => group.toString(16));
    if (bestStart < 0) return `[${hex.join(':')}]`;
    const tail = hex.slice(bestStart + bestLength).join(':');
    return `[${hex.slice(0, bestStart).join(':')}::${tail}]`;
  }

  function parseIPv4Number(text) {
    const parts = /^(0[xX]([0-9a-fA-F]*)|0([0-7]+)|0|[1-9][0-9]*)$/.exec(text);
    if (!parts) return NaN;
    if (parts[2] !== undefined) return parts[2] === '' ? 0 : parseInt(parts[2], 16);
    return parts[3] !== undefined ? parseInt(parts[3], 8) : parseInt(text, 10);
  }

  function parseIPv4(text) {
    const parts = text.split('.');
    if (parts.at(-1) === '' && parts.length > 1) parts.pop();
    if (parts.length > 4) return undefined;
    const numbers = parts.map(parseIPv4Number);
    const last = numbers.pop();
    if (numbers.some((number) => !(number <= 255))) return undefined;
    if (!(last < 256 ** (4 - numbers.length))) return undefined;
    const address = numbers.reduce((sum, number, i) => sum + number * 256 ** (3 - i), last);
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
  }

  function endsInNumber(text) {
    const parts = text.split('.');
    if (parts.at(-1) === '' && parts.length > 1) parts.pop();
    return /^([0-9]+|0[xX][0-9a-fA-F]*)$/.test(parts.at(-1));
  }

  const punycodeDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

  /** RFC 3492: the label in the letters of ASCII, without the prefix `xn--`. */
  function punycode(label) {
    const points = Array.from(label, (character) => character.codePointAt(0));
    let output = points.filter((point) => point < 128).map((p) => String.fromCharCode(p)).join('');
    const basic = output.length;
    if (basic > 0) output += '-';
    let [n, delta, bias] = [128, 0, 72];
    for (let handled = basic; handled < points.length; n++, delta++) {
      const next = Math.min(...points.filter((point) => point >= n));
      delta += (next - n) * (handled + 1);
      n = next;
      for (const point of points) {
        if (point < n) delta++;
        if (point !== n) continue;
        let q = delta;
        for (let k = 36; ; k += 36) {
          const t = Math.min(Math.max(k - bias, 1), 26);
            output += punycodeDigits[q < t ? q : t + ((q - t) % (36 - t))];
          if (q < t) break;
          q = Math.floor((q - t) / (36 - t));
        }
        bias = adapt(delta, handled + 1, handled === basic);
        delta = 0;
        handled++;
      }
    }
    return output;
  }

  function adapt(delta, count, isFirst) {
    let rest = isFirst ? Math.floor(delta / 700) : delta >> 1;
    rest += Math.floor(rest / count);
    let k = 0;
    for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
    return k + Math.floor((36 * rest) / (rest + 38));
  }

  function toASCII(domain) {
    if (/^[\x00-\x7f]*$/.test(domain)) return domain.toLowerCase();
    const mapped = domain
      .replace(/[\u00ad\u200b\u2060\ufeff\ufe00-\ufe0f]/g, '').replace(/\u3002/g, '.')
      .normalize('NFKC').toLowerCase().normalize('NFKC');
    if (/\p{Cn}|\p{Co}|\p{Cs}|\p{Cc}|\ufffd/u.test(mapped)) return undefined;
    const isASCII = /^[\x00-\x7f]*$/;
    return mapped.split('.')
      .map((label) => (isASCII.test(label) ? label : `xn--${punycode(label)}`)).join('.');
  }

  function parseHost(text, special) {
    if (text.startsWith('[')) return text.endsWith(']') ? parseIPv6(text.slice(1, -1)) : undefined;
    if (!special) {
      return /[\0\t\n\r #/:<>?@[\\\]^|]/.test(text) ? undefined : encode(text, inControl);
    }
    const ascii = toASCII(realm.percentDecode(text));
    if (!ascii || /[\0-\x20#%/:<>?@[\\\]^|\x7f]/.test(ascii)) return undefined;
    return endsInNumber(ascii) ? parseIPv4(ascii) : ascii;
  }

  /** Reads the digits that `text` begins with; `undefined` when they are no port. */
  function parsePort(text, scheme) {
    if (text === '') return '';
    const port = Number(text);
    if (port > 65535) return undefined;
    return String(port) === defaultPorts[scheme] ? '' : String(port);
  }

  // Paths.

  const isDriveLetter = (text) => /^[a-zA-Z][:|]$/.test(text);
  const startsWithDriveLetter = (text) => /^[a-zA-Z][:|]([/\\]|$)/.test(text);
  const isDot = (text) => text === '.' || /^%2e$/i.test(text);
  const isDoubleDot = (text) => /^(\.|%2e)(\.|%2e)$/i.test(text);

  function shorten(record) {
    const path = record.path;
    const keeps = record.scheme === 'file' && path.length === 1 && /^[a-zA-Z]:$/.test(path[0]);
    if (!keeps) path.pop();
  }

  /** Appends the segments of `text` to the path that the record has. */
  function appendPath(record, text) {
    const special = isSpecial(record.scheme);
    if (text === '' && !special) return;
    const segments = text.split(special ? /[/\\]/ : '/');
    if (segments.length > 1 && segments[0] === '') segments.shift();
    segments.forEach((segment, index) => {
      const isLast = index === segments.length - 1;
      if (isDoubleDot(segment)) {
        shorten(record);
        if (isLast) record.path.push('');
      } else if (isDot(segment)) {
        if (isLast) record.path.push('');
      } else {
        const drive = record.scheme === 'file' && !record.path.length && isDriveLetter(segment);
        record.path.push(drive ? `${segment[0]}:` : encode(segment, inPath));
      }
    });
  }

  // The parser. Each step returns whether the text was valid.

  function parseAuthority(record, text) {
    const special = isSpecial(record.scheme);
    const end = text.search(special ? /[/\\]/ : /\//);
    let authority = end < 0 ? text : text.slice(0, end);
    const at = authority.lastIndexOf('@');
    if (at >= 0) {
      const [, user, password] = /^([^:]*):?(.*)$/s.exec(authority.slice(0, at));
      record.username = encode(user, inUserinfo);
      record.password = encode(password, inUserinfo);
      authority = authority.slice(at + 1);
      if (authority === '') return false;
    }
    const [, name, port] = /^((?:\[[^\]]*\]?|[^:[])*)(:.*)?$/s.exec(authority);
    if (name === '' && (special || port !== undefined)) return false;
    record.host = parseHost(name, special);
    if (record.host === undefined || !/^(:[0-9]*)?$/.test(port ?? '')) return false;
    record.port = parsePort((port ?? '').slice(1), record.scheme);
    if (record.port === undefined) return false;
    appendPath(record, end < 0 ? '' : text.slice(end));
    return true;
  }

  function parseFile(record, text, base, hasQuery) {
    const isBased = base !== null && base.scheme === 'file';
    record.host = '';
    const slashes = /^[/\\]{0,2}/.exec(text)[0].length;
    if (slashes === 2) {
      const [, name, path] = /^([^/\\]*)(.*)$/s.exec(text.slice(2));
      if (isDriveLetter(name)) return appendPath(record, name + path), true;
      if (name !== '') {
        const parsed = parseHost(name, true);
        if (parsed === undefined) return false;
        record.host = parsed === 'localhost' ? '' : parsed;
      }
      return appendPath(record, path), true;
    }
    if (isBased) {
      record.host = base.host;
      if (slashes === 1) {
        const drive = base.path[0] ?? '';
        if (!startsWithDriveLetter(text.slice(1)) && /^[a-zA-Z]:$/.test(drive)) {
          record.path.push(drive);
        }
      } else {
        return inheritPath(record, text, base, hasQuery);
      }
    }
    return appendPath(record, text), true;
  }

  function inheritPath(record, text, base, hasQuery) {
    record.path = [...base.path];
    if (text === '') {
      if (!hasQuery) record.query = base.query;
      return true;
    }
    if (record.scheme === 'file' && startsWithDriveLetter(text)) record.path = [];
    else shorten(record);
    return appendPath(record, text), true;
  }

  function parseRelative(record, text, base, hasQuery) {
    const slash = isSpecial(record.scheme) ? /^[/\\]/ : /^\//;
    if (slash.test(text) && slash.test(text.slice(1))) {
      const skip = isSpecial(record.scheme) ? /^[/\\]+/ : /^\/\//;
      return parseAuthority(record, text.replace(skip, ''));
    }
    record.username = base.username;
    record.password = base.password;
    record.host = base.host;
    record.port = base.port;
    if (slash.test(text)) return appendPath(record, text), true;
    return inheritPath(record, text, base, hasQuery);
  }

  function parseRest(record, text, base, hasScheme, hasQuery) {
    const { scheme } = record;
    if (scheme === 'file') return parseFile(record, text, base, hasQuery);
    if (!hasScheme) return parseRelative(record, text, base, hasQuery);
    if (isSpecial(scheme)) {
      if (base !== null && base.scheme === scheme && !text.startsWith('//')) {
        return parseRelative(record, text, base, hasQuery);
      }
      return parseAuthority(record, text.replace(/^[/\\]+/, ''));
    }
    if (text.startsWith('//')) return parseAuthority(record, text.slice(2));
    if (text.startsWith('/')) return appendPath(record, text), true;
    record.path = encode(text, inControl);
    return true;
  }

  const clean = (text) => `${text}`.toWellFormed().replace(/[\t\n\r]/g, '');

  /** The record of the URL, or `null` when `input` is none. */
  function parse(input, base) {
    const trimmed = clean(`${input}`.replace(/^[\0-\x20]+|[\0-\x20]+$/g, ''));
    const [, before, query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(trimmed);
    const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(before)?.[1];
    if (scheme === undefined && base === null) return null;
    const record = {
      scheme: scheme?.toLowerCase() ?? base.scheme, username: '', password: '', host: null,
      port: '', path: [], query: null, fragment: null,
    };
    if (scheme === undefined && typeof base.path === 'string') {
      if (before !== '' || query !== undefined || fragment === undefined) return null;
      Object.assign(record, base);
    } else {
      const rest = scheme === undefined ? before : before.slice(scheme.length + 1);
      const hasQuery = query !== undefined;
      if (!parseRest(record, rest, base, scheme !== undefined, hasQuery)) return null;
      if (hasQuery) record.query = encodeQuery(query, record.scheme);
      if (typeof record.path === 'string' && (hasQuery || fragment !== undefined)) {
        record.path = record.path.replace(/ $/, '%20');
      }
    }
    record.fragment = fragment === undefined ? null : encode(fragment, inFragment);
    return record;
  }

  realm.urls = {
    parse, parseHost, parsePort, appendPath, encode, encodeQuery, isSpecial, clean, inUserinfo,
    inFragment,
  };
})
