import http from 'k6/http';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import papaparse from 'https://jslib.k6.io/papaparse/5.1.1/index.js';
import { randomItem, uuidv4 } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';

const users = new SharedArray('users', function () {
  return JSON.parse(open('./users.json')).map((user) => ({ ...user, loaded: true }));
});
const binary = open(`./picture.png`, 'b');

export default function () {
  const user = users[exec.vu.idInTest % users.length];
  const other = randomItem(users);
  http.post('http://data/' + uuidv4(), { file: user.file, other: other.file, size: binary.length });
  users.forEach((u) => {
    http.get(`http://data/${u.file}`);
  });
}
