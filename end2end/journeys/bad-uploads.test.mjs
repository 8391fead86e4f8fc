// Photos that are none, and session descriptions that are none: refused with
// their status, and the farm's photo and the room stay as they were.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from '../fixtures/client.mjs';
import { PEOPLE } from '../fixtures/people.mjs';
import { JPEG, jpegWithPosition, png, truncatedJpeg } from '../fixtures/pictures.mjs';
import { startServer } from '../fixtures/server.mjs';

let server, chen, wang;
before(async () => {
  server = await startServer();
  chen = await new Client(server.origin).signIn(PEOPLE.chen);
  wang = await new Client(server.origin).signIn(PEOPLE.wang);
});
after(() => server?.stop());

const hanIn = (text) => /\p{Script=Han}/u.test(text);

describe('the farm’s photo', () => {
  const portrait = async () => /\/photo\/[\w-]+/.exec((await chen.get('/me')).text)?.[0];

  async function upload(bytes, lang = 'zh-CN') {
    const body = new FormData();
    body.set('photo', new Blob([bytes], { type: 'image/jpeg' }), 'photo.jpg');
    const answer = await new Client(server.origin, lang, chen.cookies).send('/me/photo', { method: 'POST', body, headers: { accept: 'application/json' } });
    return { ...answer, problem: answer.status === 200 ? undefined : JSON.parse(answer.text).problem };
  }

  async function kept(bytes, status) {
    const was = await portrait();
    for (const lang of ['zh-CN', 'en']) {
      const answer = await upload(bytes, lang);
      assert.equal(answer.status, status, answer.text);
      assert.equal(hanIn(answer.problem), lang === 'zh-CN', answer.problem);
    }
    assert.equal(await portrait(), was, 'the photo that was there');
  }

  test('a good one is kept, without the place where it was taken', async () => {
    assert.ok(jpegWithPosition().includes('Exif'));
    assert.equal((await upload(jpegWithPosition())).status, 200);
    const path = await portrait();
    assert.ok(path, 'the page shows it');
    const response = await fetch(server.origin + path);
    assert.equal(response.headers.get('content-type'), 'image/jpeg');
    const stored = Buffer.from(await response.arrayBuffer());
    assert.deepEqual([...stored.subarray(0, 2)], [0xff, 0xd8]);
    assert.ok(!stored.includes('Exif'), 'no Exif in what is served');
  });

  test('40 megapixels in 40 kilobytes', () => kept(png(8000, 5000), 422));
  test('a JPEG that ends in the middle', () => kept(truncatedJpeg(), 422));
  test('a JPEG’s head and nothing else', () => kept(JPEG.subarray(0, 2), 422));
  test('no picture at all', () => kept(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 422));
  test('nothing', () => kept(Buffer.alloc(0), 422));
  test('13 megabytes', () => kept(Buffer.concat([JPEG, Buffer.alloc(13 << 20)]), 413));

  test('by a shopper, who has no farm', async () => {
    const shopper = await new Client(server.origin).signIn(PEOPLE.he);
    const body = new FormData();
    body.set('photo', new Blob([JPEG]), 'photo.jpg');
    assert.equal((await shopper.send('/me/photo', { method: 'POST', body })).status, 403);
  });
});

describe('the live door', () => {
  let code, ticket, otherCode, otherTicket;

  /** A live of one's own, and the ticket that its console holds. */
  async function plan(farmer) {
    const { to } = await farmer.post('/host', { title: '试播', minutes_from_now: '0' }, { json: true });
    const console = (await farmer.get(to)).text.replaceAll('&quot;', '"');
    return { code: to.split('/').pop(), ticket: /"ticket":"([^"]+)"/.exec(console)[1] };
  }

  before(async () => {
    ({ code, ticket } = await plan(chen));
    ({ code: otherCode, ticket: otherTicket } = await plan(wang));
    await chen.post(`/host/${code}/start`);
  });

  const offer = (body, { door = `/whip/${code}`, token = ticket, type = 'application/sdp' } = {}) => fetch(server.origin + door, {
    method: 'POST',
    body,
    headers: { 'content-type': type, ...(token ? { authorization: `Bearer ${token}` } : {}) },
  });
  const status = async (...sent) => (await offer(...sent)).status;

  const NONSENSE = ['', 'v=0', 'hello', 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n', '\0\0\0\0', 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(200)];

  test('an offer that is empty or nonsense', async () => {
    for (const body of NONSENSE) {
      assert.equal(await status(body), 400, JSON.stringify(body.slice(0, 40)));
      const viewer = await status(body, { door: `/whep/${code}`, token: null });
      assert.ok([400, 409].includes(viewer), `WHEP: ${viewer}`);
    }
  });

  test('an offer of a megabyte', async () => {
    assert.equal(await status('a=x\r\n'.repeat(200_000)), 413);
  });

  test('another type', async () => {
    assert.equal(await status('v=0', { type: 'application/json' }), 415);
  });

  test('no token, a wrong one, another farmer’s, another live’s', async () => {
    assert.notEqual(ticket, otherTicket);
    assert.equal(await status('v=0', { token: null }), 401);
    assert.equal(await status('v=0', { token: 'wrong' }), 401);
    assert.equal(await status('v=0', { token: `${ticket.slice(0, -2)}xx` }), 401);
    assert.equal(await status('v=0', { token: otherTicket }), 403);
    assert.equal(await status('v=0', { door: `/whip/${otherCode}` }), 403);
  });

  test('nothing of it is left in the room', async () => {
    const metrics = await (await fetch(`${server.origin}/metrics`)).text();
    assert.match(metrics, /http_requests_total/);
    assert.doesNotMatch(metrics, new RegExp(`live_publishing\\{room="${code}"\\} [1-9]`));
    assert.doesNotMatch(metrics, new RegExp(`live_viewers\\{room="${code}"\\} [1-9]`));
    assert.equal(await status('v=0', { door: `/whep/${code}`, token: null }), 400);
  });
});
