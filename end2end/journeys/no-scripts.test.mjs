// The same purchases with scripts turned off: plain pages, real forms,
// redirects and messages; what was chosen survives signing in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, person } from '../fixtures/browser.mjs';
import { choose } from '../fixtures/choose.mjs';
import { PEOPLE, signInHere } from '../fixtures/people.mjs';
import { startServer } from '../fixtures/server.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const button = (page, name) => page.getByRole('button', { name });

/** A shopper whose browser runs no script: any that it asked for is a fault of the page. */
async function shopper(phone) {
  const visitor = await person(browser, server.origin, { scripts: false });
  return { ...visitor, phone };
}

/** What is chosen on the checkout's page: the address says what, the buttons say where and how. */
async function chosen(page) {
  const { searchParams } = new URL(page.url());
  const what = ['kind', 'id', 'quantity'].map((name) => searchParams.get(name));
  const ticked = await page.getByRole('radio', { checked: true }).evaluateAll((radios) => radios.map((radio) => radio.value));
  return [...what, ...ticked];
}

/** From the checkout on, not signed in: to the receipt, with everything that was chosen. */
async function buyHere({ page, phone }) {
  const before = await chosen(page);
  await button(page, '提交订单').click();
  await page.waitForURL('**/sign-in**');
  await signInHere(page, phone);
  await page.waitForURL('**/checkout**');
  assert.deepEqual(await chosen(page), before, 'what was chosen was kept');
  await button(page, '提交订单').click();
  await page.waitForURL('**/orders/*');
}

test('home → product → order', async () => {
  const buyer = await shopper('13900003001');
  const { page } = buyer;
  await page.goto('/');
  await page.getByRole('link', { name: '红颜草莓', exact: true }).first().click();
  await page.waitForURL('**/p/strawberry');
  await choose(page, /5 斤家庭装/);
  await button(page, /单独买/).click();
  await page.waitForURL('**/checkout**');
  await page.getByText('5 斤家庭装').first().waitFor();
  await choose(page, /河湾村/); // not the first of the list
  await button(page, '多一份').click();
  await page.waitForURL('**quantity=2**');
  assert.equal(await page.getByRole('radio', { name: /河湾村/ }).isChecked(), true, 'one more kept the place');
  await buyHere(buyer);
  await page.getByText('河湾村老粮站').first().waitFor();
  await page.getByText('定好了，凭码来取').waitFor();
  await page.getByText(/5 斤家庭装 ×\s2/).first().waitFor();
  await page.goto('/me');
  await page.getByText(/5 斤家庭装 ×\s2/).first().waitFor();
  buyer.quiet();
  await buyer.context.close();
});

test('home → group → order, paid from the balance', async () => {
  const buyer = await shopper(PEOPLE.zhao.phone);
  const { page } = buyer;
  await page.goto('/');
  await page.getByRole('link', { name: '去拼团' }).first().click();
  await page.waitForURL('**/g/*');
  await page.getByRole('link', { name: '我也拼 1 份' }).click();
  await page.waitForURL('**/checkout**');
  const chosen = page.url();
  await button(page, '提交订单').click();
  await page.waitForURL('**/sign-in**');
  await signInHere(page, PEOPLE.zhao.phone);
  await page.waitForURL('**/checkout**');
  assert.equal(new URL(page.url()).searchParams.get('id'), new URL(chosen).searchParams.get('id'));
  await choose(page, /余额/);
  await button(page, '提交订单').click();
  await page.waitForURL('**/orders/*');
  await page.getByText(/下好了，等成团|成团了，凭码来取/).first().waitFor();
  await page.getByText('已付').first().waitFor();
  buyer.quiet();
  await buyer.context.close();
});

test('a refusal comes back with its sentence and with what was typed', async () => {
  const buyer = await shopper('13900003003');
  const { page } = buyer;
  await page.goto('/sign-in?next=/me');
  await page.getByLabel('手机号', { exact: true }).fill('12345');
  await button(page, '发验证码').click();
  await page.getByRole('alert').getByText('手机号不对').waitFor();
  assert.equal(await page.getByLabel('手机号', { exact: true }).inputValue(), '12345');
  await page.getByLabel('手机号', { exact: true }).fill(buyer.phone);
  await button(page, '发验证码').click();
  const code = (await page.locator('main').innerText()).match(/(?<!\d)\d{6}(?!\d)/)[0];
  await page.getByLabel('验证码', { exact: true }).fill(code === '111111' ? '222222' : '111111');
  await button(page, '登录').click();
  await page.getByRole('alert').getByText('验证码不对').waitFor();
  await page.getByLabel('验证码', { exact: true }).fill(code);
  await button(page, '登录').click();
  await page.waitForURL('**/me');
  await buyer.context.close();
});

test('the live page says what it can do without scripts', async () => {
  const viewer = await shopper();
  await viewer.page.goto('/live');
  await viewer.page.locator('main a[href^="/live/"]').first().click();
  await viewer.page.locator('noscript p', { hasText: '画面要脚本才能动' }).waitFor();
  await viewer.page.getByRole('article').getByText('/斤').first().waitFor();
  await viewer.page.getByRole('link', { name: '马上拼' }).first().click();
  await viewer.page.waitForURL('**/checkout**');
  viewer.quiet();
  await viewer.context.close();
});
