// Small questions about syntax trees.
(function (parts) {
  'use strict';

  const notChildren = new Set([
    'type', 'start', 'end', 'loc', 'regex', 'bigint', 'raw',
    // What this compiler adds.
    'parent', 'scope', 'cell', 'site',
  ]);

  /** Calls `visit` with every node right below `node`. */
  function eachChild(node, visit) {
    for (const key in node) {
      if (notChildren.has(key)) continue;
      const value = node[key];
      if (Array.isArray(value)) {
        for (const item of value) {
          if (item && typeof item.type === 'string') visit(item, key);
        }
      } else if (value && typeof value.type === 'string') {
        visit(value, key);
      }
    }
  }

  /** Gives every node of the tree its parent. */
  function setParents(root) {
    const open = [root];
    while (open.length > 0) {
      const node = open.pop();
      eachChild(node, (child) => {
        child.parent = node;
        open.push(child);
      });
    }
  }

  const isFunction = (node) =>
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression';

  /** The identifiers that a pattern declares or assigns. */
  function patternNames(pattern, found = []) {
    if (!pattern) return found;
    switch (pattern.type) {
      case 'Identifier': found.push(pattern); break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          patternNames(property.type === 'RestElement' ? property.argument : property.value, found);
        }
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) patternNames(element, found);
        break;
      case 'AssignmentPattern': patternNames(pattern.left, found); break;
      case 'RestElement': patternNames(pattern.argument, found); break;
      default: break;
    }
    return found;
  }

  // Names of modules and files are far shorter; a few constants could make gigabytes of each other.
  const constantLengthMax = 4096;

  /** The value of a constant string expression; undefined when it is anything else. */
  function constantString(node, resolve) {
    if (!node) return undefined;
    if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
    if (node.type === 'TemplateLiteral') {
      let text = node.quasis[0].value.cooked;
      for (let i = 0; i < node.expressions.length; i++) {
        const value = constantString(node.expressions[i], resolve);
        if (value === undefined) return undefined;
        text += value + node.quasis[i + 1].value.cooked;
        if (text.length > constantLengthMax) return undefined;
      }
      return text;
    }
    if (node.type === 'BinaryExpression' && node.operator === '+') {
      const left = constantString(node.left, resolve);
      const right = left === undefined ? undefined : constantString(node.right, resolve);
      if (right === undefined || left.length + right.length > constantLengthMax) return undefined;
      return left + right;
    }
    if (node.type === 'Identifier' && resolve) return resolve(node);
    return undefined;
  }

  /** The name of a member or property; null when it is computed and not a literal. */
  function keyName(key, computed) {
    if (key.type === 'PrivateIdentifier') return '#' + key.name;
    if (!computed && key.type === 'Identifier') return key.name;
    if (key.type === 'Literal') return String(key.value);
    if (key.type === 'TemplateLiteral' && key.expressions.length === 0) {
      return key.quasis[0].value.cooked;
    }
    return null;
  }

  /** What a method is that the language calls by itself, and that must answer at once. */
  function implicitMethod(name) {
    const isImplicit = name === 'toString' || name === 'valueOf' || name === 'toJSON';
    return isImplicit ? `a ${name}() method` : null;
  }

  /** The expression as it stands in the script, on one line, cut where it is long. */
  function excerpt(source, node, lengthMax = 60) {
    let text = '';
    for (const part of source.slice(node.start, node.end).split(/\s+/)) {
      text += (text === '' ? '' : ' ') + part;
      if (text.length > lengthMax) return [...text].slice(0, lengthMax).join('') + '…';
    }
    return text;
  }

  /** Whether a character can stand inside a name or number. */
  function isNameCharacter(code) {
    return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) ||
      (code >= 97 && code <= 122) || code === 36 || code === 95 || code > 127;
  }

  /** Tokens of a script, found by where they start. */
  class Tokens {
    constructor(list) {
      this.list = list;
    }

    /** The index of the first token that starts at `position` or after it. */
    indexFrom(position) {
      let low = 0;
      let high = this.list.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.list[middle].start < position) low = middle + 1;
        else high = middle;
      }
      return low;
    }

    before(position) {
      return this.list[this.indexFrom(position) - 1];
    }

    from(position) {
      return this.list[this.indexFrom(position)];
    }
  }

  Object.assign(parts, {
    eachChild, setParents, isFunction, patternNames, constantString, keyName, implicitMethod,
    excerpt, isNameCharacter, Tokens,
  });
})
