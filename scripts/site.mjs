// Lays out target/site: the public folder as it is; script, wasm and style
// sheet under names that hold their content's hash, so that a browser may keep
// them for ever; a .br and a .gz beside whatever compresses; and assets.json,
// from which the server learns the names.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const require = createRequire(new URL('../end2end/package.json', import.meta.url));
const { bundle, Features } = require('lightningcss');

const { values: args } = parseArgs({
  options: Object.fromEntries(['glue', 'boot', 'style', 'public', 'out'].map((name) => [name, { type: 'string' }])),
});

const COMPRESSIBLE = new Set(['.js', '.wasm', '.css', '.svg', '.txt', '.html', '.json', '.webmanifest']);

// Old WebViews in chat apps: what they lack is rewritten where a rewrite exists.
const major = (version) => version << 16;
const TARGETS = { chrome: major(60), android: major(60), safari: major(12), ios_saf: major(12), firefox: major(68) };

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** The style sheet with its imports inside it, for old browsers, minified. */
function styles(file) {
  const { code, warnings } = bundle({
    filename: file,
    minify: true,
    targets: TARGETS,
    // Rewriting logical properties for both directions of writing triples the
    // sheet; both languages here run from left to right.
    exclude: Features.LogicalProperties | Features.DirSelector | Features.LangSelectorList,
  });
  for (const warning of warnings) console.error(`style: ${warning.message} (${warning.loc?.filename}:${warning.loc?.line})`);
  return Buffer.from(code);
}

/** Writes bytes under a hashed name in pkg/; gives the path a page asks for. */
function hashed(out, extension, bytes, stem = 'tiantou') {
  const name = `${stem}.${hash(bytes)}.${extension}`;
  writeFileSync(join(out, 'pkg', name), bytes);
  return `/pkg/${name}`;
}

/** A compressed copy is kept only where it is smaller than the file. */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !COMPRESSIBLE.has(extname(entry.name))) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = readFileSync(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    for (const [suffix, packed] of [['.br', brotliCompressSync(bytes, { params })], ['.gz', gzipSync(bytes, { level: 9 })]]) {
      if (packed.length < bytes.length) writeFileSync(path + suffix, packed);
    }
  }
}

const next = `${args.out}.next`;
rmSync(next, { recursive: true, force: true });
mkdirSync(join(next, 'pkg'), { recursive: true });
cpSync(args.public, next, { recursive: true });

const wasm = hashed(next, 'wasm', readFileSync(join(args.glue, 'tiantou_bg.wasm')));
// The glue asks for its wasm beside itself when nobody tells it where it is.
const glue = readFileSync(join(args.glue, 'tiantou.js'), 'utf8').replaceAll('tiantou_bg.wasm', wasm.split('/').pop());
const js = hashed(next, 'js', Buffer.from(glue));
if (existsSync(join(args.glue, 'snippets'))) {
  cpSync(join(args.glue, 'snippets'), join(next, 'pkg/snippets'), { recursive: true });
}
// Wakes the islands: a file of its own, so that no page needs an inline script.
const boot = hashed(next, 'js', readFileSync(args.boot), 'boot');
const [css, own, stage] = ['main', 'own', 'stage'].map((sheet) => hashed(next, 'css', styles(join(args.style, `${sheet}.css`))));
compress(next);
writeFileSync(join(next, 'assets.json'), `${JSON.stringify({ boot, js, wasm, css, own, stage })}\n`);

rmSync(args.out, { recursive: true, force: true });
renameSync(next, args.out);

const size = (path, suffix = '') => {
  const file = join(args.out, path + suffix);
  return existsSync(file) ? readFileSync(file).length : readFileSync(join(args.out, path)).length;
};
for (const path of [boot, js, wasm, css, own, stage]) console.log(`  ${path}  ${size(path)} B, brotli ${size(path, '.br')} B`);
