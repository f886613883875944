// jslib formdata: a multipart/form-data body (RFC 7578) of texts and files.
(function (define, globals, host) {
  'use strict';

  /** As browsers do it: what would end the quoted name or its line is percent-encoded. */
  const quoted = (text) =>
    `"${text.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22')}"`;

  const isBinary = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);

  /** A file is what `http.file()` answers, or an object of that shape. */
  const isFile = (value) => typeof value === 'object' && value !== null && 'data' in value;

  function bytesOf(content) {
    if (typeof content === 'string') return new globals.TextEncoder().encode(content);
    if (content instanceof ArrayBuffer) return new Uint8Array(content);
    if (ArrayBuffer.isView(content)) {
      return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
    }
    if (Array.isArray(content)) return Uint8Array.from(content);
    return new globals.TextEncoder().encode(`${content}`);
  }

  class FormData {
    boundary = `----ThrongFormData${globals.crypto.randomUUID().replaceAll('-', '')}`;
    parts = [];

    /** `value` is a text, bytes, or a file: `{data, filename, content_type}`. */
    append(name, value, filename = undefined) {
      if (arguments.length < 2) throw new SyntaxError('FormData.append: name and value are needed');
      const field = `${name}`;
      if (isFile(value)) {
        const type = value.content_type || value.type || 'application/octet-stream';
        this.parts.push({ field, data: value.data, filename: filename ?? value.filename, type });
      } else if (isBinary(value) || filename !== undefined) {
        this.parts.push({ field, data: value, filename, type: 'application/octet-stream' });
      } else {
        this.parts.push({ field, data: `${value}` });
      }
    }

    get contentType() {
      return `multipart/form-data; boundary=${this.boundary}`;
    }

    /** The whole body as an ArrayBuffer. */
    body() {
      const chunks = [];
      for (const { field, data, filename, type } of this.parts) {
        let head = `--${this.boundary}\r\nContent-Disposition: form-data; name=${quoted(field)}`;
        if (type !== undefined) head += `; filename=${quoted(`${filename ?? 'blob'}`)}`;
        if (type !== undefined) head += `\r\nContent-Type: ${type.replace(/[\r\n]/g, ' ')}`;
        chunks.push(bytesOf(`${head}\r\n\r\n`), bytesOf(data), bytesOf('\r\n'));
      }
      chunks.push(bytesOf(`--${this.boundary}--\r\n`));
      const body = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
      let offset = 0;
      for (const chunk of chunks) {
        body.set(chunk, offset);
        offset += chunk.length;
      }
      return body.buffer;
    }
  }

  define('jslib/formdata', () => ({ FormData }));
})
