// The plugin lists which files of the build a page begins with, for src/boot/boot.ts, and makes that module the one script that
// the page waits for.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { build, type Plugin, type Rollup } from 'vite';

const boot = new URL('../src/boot/boot.ts', import.meta.url).pathname;

// V8 compiles all functions of a file that begins so beside the page, while it is loaded, and not one by one when they are called.
const eager = '//# allFunctionsCalledOnLoad\n';

type Chunk = Rollup.OutputChunk & { viteMetadata?: { importedCss: Set<string> } };

// A chunk's file, those of all that it imports, and their styles.
function filesOf(bundle: Rollup.OutputBundle, file: string, found = new Set<string>()): Set<string> {
  const chunk = bundle[file] as Chunk | undefined;
  if (chunk?.type !== 'chunk' || found.has(`/${file}`)) return found;
  found.add(`/${file}`);
  for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(`/${style}`);
  for (const imported of chunk.imports) filesOf(bundle, imported, found);
  return found;
}

// Each file's name once, and numbers instead: the script is to be small.
function numbered(lists: Record<'pages' | 'texts', Record<string, string[]>>) {
  const names: string[] = [];
  const number = (name: string) => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1);
  const numbers = (of: Record<string, string[]>) => Object.fromEntries(Object.entries(of).map(([key, files]) => [key, files.map(number)]));
  return { pages: numbers(lists.pages), texts: numbers(lists.texts), names };
}

function list(bundle: Rollup.OutputBundle) {
  const chunks = Object.values(bundle).filter((each): each is Chunk => each.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry)!;
  // The entry imports the frame piece by piece; all of it is loaded at once.
  const frame = new Set([entry.fileName, ...entry.dynamicImports].flatMap((file) => [...filesOf(bundle, file)]));
  const pages: Record<string, string[]> = {};
  const texts: Record<string, string[]> = {};
  for (const chunk of chunks) {
    const files = [...filesOf(bundle, chunk.fileName)].filter((file) => !frame.has(file));
    const [, page] = /src\/pages\/(.*Page)\.tsx$/.exec(chunk.facadeModuleId ?? '') ?? [];
    const [, area] = /src\/texts\/(\w+\/\w+)\.json$/.exec(chunk.facadeModuleId ?? '') ?? [];
    if (page !== undefined) pages[page] = files;
    if (area !== undefined) texts[area] = files;
  }
  return { frame: [...frame].filter((file) => file !== `/${entry.fileName}`), files: numbered({ pages, texts }) };
}

async function bootScript(files: unknown): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    define: { FIRST_FILES: JSON.stringify(files) },
    build: { write: false, target: 'es2022', lib: { entry: boot, formats: ['iife'], name: 'boot' } },
  });
  const [{ output }] = built as [Rollup.RollupOutput];
  return output[0].code;
}

export function firstFiles(): Plugin {
  let serving = false;
  let frame: string[] = [];
  let script = '';
  return {
    name: 'first-files',
    config: (_, { command }) => (command === 'serve' ? { define: { FIRST_FILES: '({ names: [], pages: {}, texts: {} })' } } : {}),
    configResolved({ command }) {
      serving = command === 'serve';
    },
    async generateBundle(_, bundle) {
      const listed = list(bundle);
      frame = listed.frame;
      script = this.getFileName(this.emitFile({ type: 'asset', name: 'boot.js', source: await bootScript(listed.files) }));
    },
    // After all others have written into the files.
    async writeBundle({ dir = '' }) {
      for (const file of frame.filter((each) => each.endsWith('.js'))) {
        const target = path.join(dir, file);
        await writeFile(target, eager + (await readFile(target, 'utf8')));
      }
    },
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        if (serving) return [{ tag: 'script', attrs: { type: 'module', src: '/src/boot/boot.ts' }, injectTo: 'head-prepend' }];
        const links = frame.filter((file) => !html.includes(file)).map((file) => {
          const attributes = { rel: file.endsWith('.css') ? 'stylesheet' : 'modulepreload', crossorigin: true, href: file };
          return { tag: 'link', attrs: attributes, injectTo: 'head' as const };
        });
        return [{ tag: 'script', attrs: { src: `/${script}` }, injectTo: 'head' }, ...links];
      },
    },
  };
}
