// Talks to the server. Whatever is refused comes back as a problem document and is thrown as one.

import { knows, t } from '/page/text.js';

let csrf = '';

export class Problem extends Error {
  constructor(document, status) {
    const type = String(document.type || '').split(':').pop();
    const detail = document.detail || document.title || String(status);
    super(knows(`problem.${type}`) ? t(`problem.${type}`, { detail }) : detail);
    this.status = status;
    this.type = type;
  }
}

export async function call(method, path, body, type = 'application/json') {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') {
    headers['X-CSRF-Token'] = csrf;
  }
  if (body !== undefined) {
    headers['Content-Type'] = type;
  }
  const raw = typeof body === 'string' || body instanceof Blob;
  const options = {
    method,
    headers,
    credentials: 'same-origin',
    body: body === undefined || raw ? body : JSON.stringify(body),
  };
  // What a browser says of a server that does not answer is in its own words and language.
  const response = await fetch(path, options).catch(() => {
    throw new Problem({ type: 'unreachable' }, 0);
  });
  if (!response.ok) {
    const document = await response.json().catch(() => ({}));
    if (response.status === 401 && location.pathname !== '/login') {
      location.assign('/login?next=' + encodeURIComponent(location.pathname + location.search));
    }
    throw new Problem(document, response.status);
  }
  return response.status === 204 ? null : response.json();
}

export async function session() {
  const who = await call('GET', '/api/session');
  csrf = who.csrf;
  return who;
}
