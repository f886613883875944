import http from 'k6/http'
import { check, sleep } from 'k6'

const BASE = 'http://api'
const json = { headers: { 'Content-Type': 'application/json' } }

function login(name) {
  const res = http.post(`${BASE}/auth`, JSON.stringify({ name }), json)
  check(res, { 'got a token': (r) => r.json('token').length > 0 })
  return res.json('token')
}

export function setup() {
  return ['ann', 'bob'].map((name) => ({ name, token: login(name) }))
}

export default function (users) {
  const user = users[__VU % users.length]
  const params = { headers: { Authorization: `Bearer ${user.token}` } }

  const { items, next } = http.get(`${BASE}/items`, params).json()
  for (const id of items) {
    const item = http.get(`${BASE}/items/${id}`, params).json()
    if (item.url.endsWith('2')) {
      http.patch(item.url, JSON.stringify({ seen: true }), params)
      continue
    }
    sleep(0.1)
  }

  let url = next, pages = 0
  while (url && pages++ < 2) url = http.get(url, params).json('next')

  const created = http.post(`${BASE}/items`, JSON.stringify({ by: user.name }), params)
  check(created, { 'can be read': (r) => http.get(r.url, params).status === 200 })
  http.del(created.url, null, params)
}

export function teardown(users) {
  users.forEach(({ token }) => http.del(`${BASE}/auth/${token}`))
}
