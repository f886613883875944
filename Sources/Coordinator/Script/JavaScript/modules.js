// ES modules as the body of a function (module, exports, require).
(function (parts) {
  'use strict';

  const { patternNames, keyName } = parts;

  /** A property key for an object literal. */
  const keyText = (node) =>
    node.type === 'Identifier' ? node.name : JSON.stringify(node.value);
  const nameOf = (node) => (node.type === 'Identifier' ? node.name : node.value);

  class ModuleTransform {
    constructor(script) {
      this.script = script;
      this.imports = new Set();
      /** The text of getters, by exported name: they see what the module assigns later. */
      this.getters = new Map();
      this.names = new Set();
      /** Texts for the start of the first line. */
      this.first = [];
      this.isModule = false;
    }

    /** The text that requires a module; undefined when there is no such module. */
    require(literal, exported = []) {
      const { script } = this;
      const found = parts.resolveModule(literal.value, script.modules);
      if (found.refusal) {
        script.problem(literal, `import '${literal.value}': ${found.refusal}`);
        return undefined;
      }
      for (const name of exported) {
        if (name === 'default' || !found.exports || found.exports.includes(name)) continue;
        script.problem(
          literal, `import '${literal.value}': it exports no '${name}', only ` +
            found.exports.join(', '));
      }
      this.imports.add(found.name);
      literal.moduleName = found.name;
      return `require(${JSON.stringify(found.name)})`;
    }

    run() {
      let importsAreFirst = true;
      for (const node of this.script.program.body) {
        switch (node.type) {
          case 'ImportDeclaration': this.importDeclaration(node, importsAreFirst); break;
          case 'ExportNamedDeclaration': this.exportNamed(node); break;
          case 'ExportDefaultDeclaration': this.exportDefault(node); break;
          case 'ExportAllDeclaration': this.exportAll(node); break;
          default:
            // A directive has no effect that an import could come too late for.
            if (!node.directive) importsAreFirst = false;
            this.commonExports(node);
            continue;
        }
        this.isModule = true;
        if (node.type !== 'ImportDeclaration') importsAreFirst = false;
      }
      if (this.getters.size > 0) {
        const all = [...this.getters].map(([key, value]) => `${key}: () => ${value}`);
        this.first.unshift(`__throng.exports(exports, { ${all.join(', ')} });`);
      }
    }

    importDeclaration(node, isFirst) {
      const { edits } = this.script;
      const wanted = node.specifiers
        .filter((item) => item.type === 'ImportSpecifier').map((item) => nameOf(item.imported));
      const module = this.require(node.source, wanted);
      if (!module) return;
      const parcels = [];
      const named = [];
      for (const item of node.specifiers) {
        const local = item.local.name;
        if (item.type === 'ImportNamespaceSpecifier') parcels.push(`${local} = ${module}`);
        else if (item.type === 'ImportDefaultSpecifier' || nameOf(item.imported) === 'default') {
          parcels.push(`${local} = __throng.default(${module})`);
        } else if (keyText(item.imported) === local) named.push(local);
        else named.push(`${keyText(item.imported)}: ${local}`);
      }
      if (named.length > 0) parcels.push(`{ ${named.join(', ')} } = ${module}`);
      const text = parcels.length > 0 ? `const ${parcels.join(', ')};` : `${module};`;
      // Imports take effect before all else, wherever they stand.
      if (!isFirst) this.first.push(text);
      edits.replace(node.start, node.end, isFirst ? text : ';');
    }

    exported(key, value) {
      this.names.add(nameOf(key));
      this.getters.set(keyText(key), value);
    }

    exportNamed(node) {
      const { edits } = this.script;
      const { declaration } = node;
      if (declaration) {
        const identifiers = declaration.type === 'VariableDeclaration'
          ? declaration.declarations.flatMap((item) => patternNames(item.id)) : [declaration.id];
        for (const identifier of identifiers) this.exported(identifier, identifier.name);
        edits.replace(node.start, declaration.start, '');
        return;
      }
      const wanted = node.specifiers.map((item) => nameOf(item.local));
      const module = node.source ? this.require(node.source, wanted) : undefined;
      for (const item of node.specifiers) {
        if (!node.source) this.exported(item.exported, item.local.name);
        else if (nameOf(item.local) === 'default') {
          this.exported(item.exported, `__throng.default(${module})`);
        } else {
          this.exported(item.exported, `${module}[${JSON.stringify(nameOf(item.local))}]`);
        }
      }
      edits.replace(node.start, node.end, ';');
    }

    exportDefault(node) {
      const { edits } = this.script;
      const { declaration } = node;
      this.names.add('default');
      if (declaration.id && declaration.type.endsWith('Declaration')) {
        this.getters.set('default', declaration.id.name);
        edits.replace(node.start, declaration.start, '');
        return;
      }
      // An expression keeps its own parentheses: what stands after `default` stays in place.
      const word = this.script.tokens.from(node.start + 'export'.length);
      edits.replace(node.start, word.end, 'exports.default =');
      if (declaration.type.endsWith('Declaration')) edits.insert(node.end, ';');
    }

    exportAll(node) {
      const module = this.require(node.source);
      if (node.exported) this.exported(node.exported, module);
      else this.first.push(`__throng.exportAll(exports, ${module});`);
      this.script.edits.replace(node.start, node.end, ';');
    }

    /** Notes `module.exports = …` and `exports.name = …` at the top of a CommonJS script. */
    commonExports(node) {
      let expression = node.type === 'ExpressionStatement' ? node.expression : undefined;
      while (expression && expression.type === 'AssignmentExpression') {
        this.commonExport(expression.left, expression.right);
        expression = expression.right;
      }
    }

    commonExport(target, value) {
      if (target.type !== 'MemberExpression') return;
      const name = keyName(target.property, target.computed);
      const { object } = target;
      if (object.type === 'Identifier' && object.name === 'module' && name === 'exports') {
        if (value.type === 'AssignmentExpression') return;
        if (value.type !== 'ObjectExpression') {
          this.names.add('default');
          return;
        }
        for (const property of value.properties) {
          const key = property.key && keyName(property.key, property.computed);
          if (key) this.names.add(key);
        }
      } else if (this.isExports(object) && name) {
        this.names.add(name);
      }
    }

    isExports(node) {
      if (node.type === 'Identifier') return node.name === 'exports';
      return node.type === 'MemberExpression' && node.object.type === 'Identifier' &&
        node.object.name === 'module' && keyName(node.property, node.computed) === 'exports';
    }
  }

  parts.ModuleTransform = ModuleTransform;
})
