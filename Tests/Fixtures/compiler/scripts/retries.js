import http from 'k6/http';
import { sleep, check } from 'k6';

const withRetry = (action, { attempts = 3, pause = 0.5, until = (r) => r.status === 200 } = {}) => {
  let last;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      last = action(attempt);
      if (until(last)) return last;
    } catch (error) {
      console.log(`attempt ${attempt}: ${error.message}`);
    }
    sleep(pause * attempt);
  }
  return last;
};

const poll = (url, done) => withRetry(() => http.get(url), { until: done, attempts: 2 });

export default function () {
  const good = withRetry((n) => http.get(`http://host/${n < 2 ? 'missing' : 'here'}/${n}`));
  const never = withRetry(() => http.get('http://broken'), { attempts: 2 });
  const polled = poll('http://host/job', (r) => http.get(r.json('next')).json('method') === 'PUT');
  check(good, { recovered: (r) => r && r.status === 200 });
  console.log(never === undefined, polled.url);
}
