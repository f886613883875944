// One copy of the data for all users, of which each takes its own part.
import http from 'k6/http';
import { check } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';

const users = new SharedArray('users', function () {
  const list = [];
  for (let i = 1; i <= 6; i++) list.push({ name: `user${i}`, password: `secret-${i}` });
  return list;
});

export const options = {
  scenarios: {
    login: { executor: 'per-vu-iterations', vus: 3, iterations: 2 },
  },
};

export default function () {
  const user = users[(exec.vu.idInTest - 1) * 2 + exec.vu.iterationInScenario];
  const url = __ENV.BASE_URL.replace('://', `://${user.name}:${user.password}@`);
  const res = http.get(`${url}/basic-auth/${user.name}/${user.password}`, { auth: 'basic' });
  check(res, {
    'is let in': (r) => r.status === 200 && r.json('authenticated') === true,
    'as itself': (r) => r.json('user') === user.name,
  });
  check(users, { 'all users are there': (all) => all.length === 6 });
}
