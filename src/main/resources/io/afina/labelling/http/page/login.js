import { call } from '/page/api.js';
import { $ } from '/page/dom.js';
import { openPage } from '/page/shell.js';
import { t } from '/page/text.js';

const PLACES = ['/', '/models', '/images'];

/** Where one came from, if it is a page of ours. */
function target() {
  const wanted = new URLSearchParams(location.search).get('next') ?? '/';
  return PLACES.includes(wanted.split('?')[0]) ? wanted : '/';
}

const who = await openPage();
if (who.user) {
  location.replace(target());
}
$('#user').focus();
$('#login').addEventListener('submit', async (event) => {
  event.preventDefault();
  $('#wrong').textContent = '';
  try {
    await call('POST', '/api/session', { user: $('#user').value, password: $('#password').value });
    location.assign(target());
  } catch (problem) {
    $('#wrong').textContent = problem.type === 'wrong-password' ? t('login.wrong') : problem.message;
    $('#password').select();
  }
});
