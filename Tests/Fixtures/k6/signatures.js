// Requests that are signed, and bodies that are encoded.
import http from 'k6/http';
import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import { check } from 'k6';

export const options = { vus: 2, iterations: 4 };

export default function () {
  const body = JSON.stringify({ amount: 12, to: 'Zoë' });
  const signature = crypto.hmac('sha256', 'key', body, 'hex');
  const res = http.post(`${__ENV.BASE_URL}/anything`, body, {
    headers: {
      'Content-Type': 'application/json',
      'X-Signature': signature,
      'X-Basic': encoding.b64encode('ann:secret'),
    },
  });
  check(res, {
    'signature is right': (r) => r.json('headers.X-Signature')
      === 'cf58dbd25152f5ca6125064e4ecef6bfa13d660ca6cdfaf0b60976b8d02c4d8f',
    'text is base64': (r) => r.json('headers.X-Basic') === 'YW5uOnNlY3JldA==',
    'body came whole': (r) => r.json('json.to') === 'Zoë',
    'hash is known': () => crypto.md5('abc', 'hex') === '900150983cd24fb0d6963f7d28e17f72',
    'base64 is read': () => encoding.b64decode('aGk', 'rawurl', 's') === 'hi',
  });
}
