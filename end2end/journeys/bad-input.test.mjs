// What a page would never send, and what arrives too late: each gets its
// status and its sentence in both languages, and stock, groups and money stay
// as they were. By HTTP, because a browser's own checks must not protect us.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from '../fixtures/client.mjs';
import { PEOPLE } from '../fixtures/people.mjs';
import { startServer } from '../fixtures/server.mjs';
import { Stall } from '../fixtures/stall.mjs';
import { until } from '../fixtures/until.mjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let server, stall, shoppers;
before(async () => {
  server = await startServer();
  stall = await Stall.open(server.origin);
  shoppers = [];
  for (const last of [1, 2, 3, 4]) shoppers.push(await new Client(server.origin).signIn({ phone: `1390000100${last}` }));
});
after(() => server?.stop());

const hanIn = (text) => /\p{Script=Han}/u.test(text);

/** What must not change: the public picture, and what the person owns. */
async function world(person) {
  const { now, ...picture } = await stall.picture();
  // Signed anew for every reader, like the time it was made.
  if (picture.sale) delete picture.sale.quote;
  const me = (await person.get('/me')).text;
  return { picture, money: [...me.matchAll(/[+−]?¥[\d.,]+/g)].map(([amount]) => amount) };
}

/** `act` is refused in both languages with this status and changes nothing. */
async function refused(person, status, act) {
  const was = await world(person);
  for (const lang of ['zh-CN', 'en']) {
    const reader = new Client(person.origin, lang, person.cookies);
    const answer = await act(reader);
    assert.equal(answer.status, status, `${lang}: ${answer.problem ?? answer.text.slice(0, 300)}`);
    assert.ok(answer.problem, `${lang}: a sentence`);
    assert.equal(hanIn(answer.problem), lang === 'zh-CN', `${lang}: ${answer.problem}`);
  }
  assert.deepEqual(await world(person), was);
}

describe('signing in', () => {
  const json = { json: true };

  test('a phone number that is none', async () => {
    for (const phone of ['', '12345', '23800000001', '138000000011', "1380000000'"]) {
      const answer = await new Client(server.origin).post('/sign-in', { phone, next: '/me' }, json);
      assert.equal(answer.status, 422, phone);
      assert.ok(hanIn(answer.problem));
    }
  });

  test('a wrong code five times: then the right one is worth nothing', async () => {
    const client = new Client(server.origin);
    const phone = '13900001011';
    const code = await client.askCode(phone);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let time = 1; time <= 5; time++) {
      const answer = await client.post('/sign-in/code', { phone, code: wrong, next: '/me' }, json);
      assert.equal(answer.status, 422, `try ${time}`);
      assert.ok(hanIn(answer.problem));
    }
    assert.equal((await client.post('/sign-in/code', { phone, code, next: '/me' })).status, 422);
    assert.equal((await client.get('/leader')).status, 303, 'not signed in');
  });

  test('an expired code, and a code used twice', async () => {
    const [client, other] = [new Client(server.origin), new Client(server.origin)];
    const phone = '13900001012';
    const late = await client.askCode(phone);
    server.advance(5 * MINUTE + 1000);
    assert.equal((await client.post('/sign-in/code', { phone, code: late, next: '/me' }, json)).status, 422);
    const code = await client.askCode(phone);
    assert.equal((await client.post('/sign-in/code', { phone, code, next: '/me' })).status, 303);
    assert.equal((await other.post('/sign-in/code', { phone, code, next: '/me' }, json)).status, 422);
  });

  test('too many codes for one phone', async () => {
    const client = new Client(server.origin);
    for (let time = 1; time <= 5; time++) await client.askCode('13900001013');
    const answer = await client.post('/sign-in', { phone: '13900001013', next: '/me' }, json);
    assert.equal(answer.status, 429);
    assert.ok(hanIn(answer.problem));
  });

  test('the way on leads nowhere but to ourselves', async () => {
    for (const next of ['https://elsewhere.example/', '//elsewhere.example/', '/\\elsewhere.example', 'javascript:alert(1)']) {
      const client = new Client(server.origin);
      server.advance(HOUR + 1000);
      const phone = '13900001014';
      const code = await client.askCode(phone);
      const { status, location } = await client.post('/sign-in/code', { phone, code, next });
      assert.equal(status, 303);
      assert.equal(new URL(location, server.origin).origin, server.origin, next);
    }
  });

  test('a cookie from before sign-out, and one planted before sign-in', async () => {
    const client = new Client(server.origin);
    await client.get('/sign-in');
    const before = String(client.cookies);
    await client.signIn({ phone: '13900001015' });
    assert.notEqual(String(client.cookies), before, 'a new session at sign-in');
    const thief = client.stolen();
    assert.equal((await thief.get('/orders/none')).status, 404, 'signed in');
    assert.equal((await client.post('/sign-out')).status, 303);
    const { status, location } = await thief.get('/orders/none');
    assert.equal(status, 303);
    assert.match(location, /^\/sign-in/);
  });
});

describe('a flash sale', () => {
  const start = (fields) => (client) => client.post(
    `/host/${stall.code}/sale`,
    { variant: stall.variant, price: '19.9', quota: 20, per_person: 4, need: 2, minutes: 30, ...fields },
    { json: true },
  );
  const wrong = {
    'price 0': { price: '0' },
    'a price below 0': { price: '-1' },
    'a price that is no number': { price: '十九块九' },
    'a price of three decimals': { price: '19.999' },
    'dearer than alone': { price: '99999' },
    'no packs': { quota: 0 },
    'a negative stock': { quota: -5 },
    'a quota beyond 64 bits': { quota: '99999999999999999999' },
    'nothing for anybody': { per_person: 0 },
    'more for one than there is': { per_person: 21 },
    'a group of one': { need: 1 },
    'an end before the start': { minutes: -10 },
    'an end at the start': { minutes: 0 },
    'longer than a week': { minutes: 8 * 24 * 60 },
  };
  for (const [name, fields] of Object.entries(wrong)) {
    test(name, () => refused(stall.farmer, 422, start(fields)));
  }

  test('more than there is in stock', () => refused(stall.farmer, 409, start({ quota: 99_999, per_person: 1 })));

  test('a second one beside the first', async () => {
    await stall.sell();
    await refused(stall.farmer, 409, start({}));
  });

  test('by somebody whose live it is not', async () => {
    const neighbour = await new Client(server.origin).signIn(PEOPLE.chen);
    for (const stranger of [neighbour, shoppers[0]]) {
      for (const path of ['sale', 'sale/end', 'pin', 'start', 'end']) {
        await refused(stranger, 403, (client) => client.post(`/host/${stall.code}/${path}`, { variant: stall.variant }, { json: true }));
      }
      assert.equal((await stranger.get(`/host/${stall.code}`)).status, 403);
    }
  });
});

describe('joining', () => {
  const outcomes = (answers) => answers.map(({ status }) => status).sort();

  test('a group that does not exist, and one that a shopper opens', async () => {
    const form = { request_id: 'none', kind: 'group', id: 'NOSUCH', quantity: '1', pickup: 'none', method: 'cash', shown_fen: '1' };
    await refused(shoppers[0], 404, (client) => client.post('/checkout', form, { json: true }));
    await refused(shoppers[0], 403, (client) => client.post(`/live/${stall.code}/groups`, {}, { json: true }));
  });

  test('the same form twice gives the first receipt; another form is refused', async () => {
    await stall.sell({ need: 5 });
    const group = await stall.group();
    const form = await stall.checkout(shoppers[0], group);
    const first = await shoppers[0].post('/checkout', form, { json: true });
    assert.equal(first.status, 200);
    const again = await shoppers[0].post('/checkout', form, { json: true });
    assert.deepEqual([again.status, again.to], [200, first.to]);
    await refused(shoppers[0], 409, (client) => stall.join(client, group));
    assert.equal((await stall.picture()).sale.groups[0].joined, 1);
  });

  test('in two tabs at once: one order', async () => {
    const { stock } = await stall.sell({ need: 5 });
    const group = await stall.group();
    const tabs = [await stall.checkout(shoppers[0], group), await stall.checkout(shoppers[0], group)];
    assert.notEqual(tabs[0].request_id, tabs[1].request_id);
    const answers = await Promise.all(tabs.map((form) => shoppers[0].post('/checkout', form, { json: true })));
    assert.deepEqual(outcomes(answers), [200, 409]);
    const { sale } = await stall.picture();
    assert.deepEqual([sale.stock, sale.groups[0].joined], [stock - 1, 1]);
  });

  test('with a quantity that is none or beyond the limit', async () => {
    await stall.sell({ per_person: 2, need: 5 });
    const group = await stall.group();
    for (const quantity of ['0', '-1', 'zwei', '1.5', '99999999999999999999']) {
      await refused(shoppers[1], 422, (client) => stall.join(client, group, { quantity }));
    }
    await refused(shoppers[1], 409, (client) => stall.join(client, group, { quantity: '3' }));
  });

  test('with an unknown pick-up point', async () => {
    await stall.sell({ need: 5 });
    const group = await stall.group();
    for (const pickup of ['', 'no-such-place']) {
      await refused(shoppers[1], 422, (client) => stall.join(client, group, { pickup }));
    }
  });

  test('at a price that was shown otherwise', async () => {
    await stall.sell({ need: 5 });
    const group = await stall.group();
    await refused(shoppers[1], 409, (client) => stall.join(client, group, { shown_fen: '1' }));
  });

  test('a full group', async () => {
    await stall.sell({ need: 2 });
    const group = await stall.group();
    assert.equal((await stall.join(shoppers[0], group)).status, 200);
    const late = await stall.checkout(shoppers[2], group);
    assert.equal((await stall.join(shoppers[1], group)).status, 200);
    await refused(shoppers[2], 409, (client) => client.post('/checkout', late, { json: true }));
  });

  test('sold out between page and tap', async () => {
    await stall.sell({ quota: 1, per_person: 1, need: 2 });
    const group = await stall.group();
    const form = await stall.checkout(shoppers[1], group);
    assert.equal((await stall.join(shoppers[0], group)).status, 200);
    await refused(shoppers[1], 409, (client) => client.post('/checkout', form, { json: true }));
    assert.equal((await stall.picture()).sale.stock, 0);
  });

  test('after the end, and a group that failed', async () => {
    await stall.sell({ need: 5, minutes: 10 });
    const group = await stall.group();
    const form = await stall.checkout(shoppers[1], group);
    const { version } = await stall.picture();
    server.advance(10 * MINUTE + 1);
    const late = await shoppers[1].post('/checkout', form, { json: true });
    assert.equal(late.status, 409, 'before or after the timer saw it');
    assert.ok(hanIn(late.problem));
    await until(async () => (await stall.picture()).version > version, { what: 'the timer to end the sale and its group' });
    await refused(shoppers[1], 409, (client) => client.post('/checkout', { ...form, quantity: '1' }, { json: true }));
  });

  test('signed out: the way to sign in, nothing ordered', async () => {
    await stall.sell({ need: 5 });
    const group = await stall.group();
    const nobody = new Client(server.origin);
    const form = await stall.checkout(nobody, group);
    const { status, location } = await nobody.post('/checkout', form);
    assert.equal(status, 303);
    assert.match(location, /^\/sign-in\?next=/);
    assert.match(decodeURIComponent(location), new RegExp(group), 'the choice goes along');
    assert.equal((await stall.picture()).sale.groups[0].joined, 0);
  });
});

describe('other people’s things', () => {
  test('an order of somebody else is not there', async () => {
    await stall.sell({ need: 5 });
    const mine = await stall.join(shoppers[0], await stall.group());
    assert.equal((await shoppers[0].get(mine.to)).status, 200);
    assert.equal((await shoppers[1].get(mine.to)).status, 404);
    for (const act of ['cancel', 'pay', 'collect']) {
      const { status } = await shoppers[1].post(`${mine.to}/${act}`, { method: 'cash' });
      assert.ok([403, 404].includes(status), `${act}: ${status}`);
    }
    assert.equal((await stall.picture()).sale.groups[0].joined, 1);
  });

  test('a form that another site posts', async () => {
    const foreign = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://elsewhere.example' }, { origin: 'null' }];
    for (const headers of foreign) {
      assert.equal((await shoppers[0].post('/sign-out', {}, { headers })).status, 403, JSON.stringify(headers));
    }
    assert.equal((await shoppers[0].get('/orders/none')).status, 404, 'still signed in');
  });

  test('an address that cannot be read gets a page, too', async () => {
    for (const path of ['/checkout', '/checkout?kind=solo&id=none&quantity=zwei', '/checkout?kind=gift&id=none', '/g/none?quantity=zwei', '/search?q=%ff']) {
      const { status, headers } = await shoppers[0].get(path);
      assert.ok(status < 500, `${path}: ${status}`);
      assert.match(headers.get('content-type') ?? '', /^text\/html/, `${path}: ${status}`);
    }
  });

  test('addresses that lead nowhere', async () => {
    const nowhere = [
      '/no-such-page', '/p/none', '/g/none', '/g/none/poster.png', '/t/none', '/story/none', '/live/none', '/live/none/events',
      '/c/none', '/photo/none', '/pkg/none.js', '/img/none.webp', '/img/%2e%2e/%2e%2e/Cargo.toml', '/orders/%00', "/p/'%20OR%201=1",
    ];
    for (const path of nowhere) {
      const { status } = await shoppers[0].get(path);
      assert.ok(status === 404 || status === 400, `${path}: ${status}`);
    }
  });
});
