// Paths into JSON as gjson has them, which k6 selects with: names and places parted by dots, `#` for
// all elements, `#(name=="x")` for the first that fits and `#(…)#` for all, `*` and `?` in names, a
// backslash before what is to stand for itself.
(function (define, globals, host, realm) {
  'use strict';
  // A part begins with a pipe when what comes before it is taken as one value, not element by
  // element.
  const partsOf = (path) => {
    const parts = [];
    let part = { text: '', isPiped: false, isWild: false, test: null, isForAll: false };
    const push = (isPiped) => {
      parts.push(part);
      part = { text: '', isPiped, isWild: false, test: null, isForAll: false };
    };
    for (let index = 0; index < path.length; index += 1) {
      const letter = path[index];
      if (letter === '\\' && index + 1 < path.length) {
        index += 1;
        part.text += part.isWild ? `\\${path[index]}` : path[index];
      } else if (letter === '.' || letter === '|') push(letter === '|');
      else if (letter === '#' && path[index + 1] === '(' && part.text === '') {
        const end = queryEnd(path, index + 2);
        if (end < 0) return [{ ...part, text: '#(' }];
        part.test = testOf(path.slice(index + 2, end));
        index = end;
        if (path[index + 1] === '#') {
          part.isForAll = true;
          index += 1;
        }
      } else {
        if ((letter === '*' || letter === '?') && !part.isWild) {
          part.isWild = true;
          part.text = part.text.replace(/[\\*?]/g, '\\$&');
        }
        part.text += letter;
      }
    }
    parts.push(part);
    return parts;
  };

  // The place of the bracket that ends a query; −1 without one.
  const queryEnd = (path, start) => {
    let depth = 1;
    let isQuoted = false;
    for (let index = start; index < path.length; index += 1) {
      const letter = path[index];
      if (letter === '\\') index += 1;
      else if (letter === '"') isQuoted = !isQuoted;
      else if (!isQuoted && letter === '(') depth += 1;
      else if (!isQuoted && letter === ')') {
        depth -= 1;
        if (depth === 0) return index;
      }
    }
    return -1;
  };

  const matcher = (text) => {
    let source = '';
    for (let index = 0; index < text.length; index += 1) {
      let letter = text[index];
      if (letter === '*') source += '[^]*';
      else if (letter === '?') source += '[^]';
      else {
        if (letter === '\\' && index + 1 < text.length) {
          index += 1;
          letter = text[index];
        }
        source += letter.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
      }
    }
    return new RegExp(`^${source}$`);
  };

  const wantedOf = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return text.replace(/^"|"$/g, '');
    }
  };

  const compare = (value, operator, wanted) => {
    if (operator === '%' || operator === '!%') {
      const fits = typeof value === 'string' && matcher(String(wanted)).test(value);
      return (operator === '%') === fits;
    }
    if (operator === '==' || operator === '=') return value === wanted;
    if (operator === '!=') return value !== wanted;
    if (typeof value !== typeof wanted || value === null || typeof value === 'object') return false;
    switch (operator) {
      case '<': return value < wanted;
      case '<=': return value <= wanted;
      case '>': return value > wanted;
      default: return value >= wanted;
    }
  };

  // The place of the operator of a query, which is not that of one within it; −1 without one.
  const operatorPlace = (query) => {
    let depth = 0;
    for (let index = 0; index < query.length; index += 1) {
      const letter = query[index];
      if (letter === '\\') index += 1;
      else if (letter === '(') depth += 1;
      else if (letter === ')') depth -= 1;
      else if (depth === 0 && '=!<>%'.includes(letter)) return index;
    }
    return -1;
  };

  const testOf = (query) => {
    const place = operatorPlace(query);
    const path = (place < 0 ? query : query.slice(0, place)).trim();
    const parts = path === '' ? [] : partsOf(path);
    if (place < 0) return (element) => walk(element, parts, 0) !== undefined;
    const operator = /^(==|!=|!%|<=|>=|[=<>%!])/.exec(query.slice(place))[0];
    const wanted = wantedOf(query.slice(place + operator.length).trim());
    return (element) => {
      const value = walk(element, parts, 0);
      return value !== undefined && compare(value, operator, wanted);
    };
  };

  const modifiers = {
    '@this': (value) => value,
    '@keys': (value) => Object.keys(value),
    '@values': (value) => Object.values(value),
    '@reverse': (value) => (Array.isArray(value) ? [...value].reverse() : value),
    '@flatten': (value) => (Array.isArray(value) ? value.flat() : value),
  };

  const each = (elements, parts, next) => {
    if (next >= parts.length) return elements;
    if (parts[next].isPiped) return walk(elements, parts, next);
    return elements.map((one) => walk(one, parts, next)).filter((one) => one !== undefined);
  };

  const walk = (value, parts, index) => {
    if (index === parts.length) return value;
    if (value === null || typeof value !== 'object') return undefined;
    const part = parts[index];
    const next = index + 1;
    if (part.test !== null) {
      if (!Array.isArray(value)) return undefined;
      if (part.isForAll) return each(value.filter(part.test), parts, next);
      return walk(value.find(part.test), parts, next);
    }
    if (part.text === '#' && Array.isArray(value)) {
      return next === parts.length ? value.length : each(value, parts, next);
    }
    if (!Array.isArray(value)) {
      if (Object.hasOwn(value, part.text)) return walk(value[part.text], parts, next);
      if (part.isWild) {
        const pattern = matcher(part.text);
        const name = Object.keys(value).find((one) => pattern.test(one));
        return name === undefined ? undefined : walk(value[name], parts, next);
      }
    } else if (/^\d+$/.test(part.text)) return walk(value[part.text], parts, next);
    if (Object.hasOwn(modifiers, part.text)) return walk(modifiers[part.text](value), parts, next);
    return undefined;
  };

  realm.selectJSON = (value, path) => walk(value, partsOf(path), 0);
})
