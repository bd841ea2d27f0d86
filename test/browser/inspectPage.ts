import { accessSync, constants, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/**
 * The Chromium of this machine: CHROMIUM where it is set (a wrong path fails, it does not skip), else the first that stands on PATH; undefined without any.
 * chromium-headless-shell comes first: it sends no requests of its own.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.CHROMIUM !== undefined && env.CHROMIUM !== '') return env.CHROMIUM;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((place) => {
      try {
        accessSync(place, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** How a page is opened: the width of its window in pixels, and the setting of its reader. */
export const VIEWS = [
  { name: '360 pixels, light', width: 360, scheme: 'light' },
  { name: '360 pixels, dark', width: 360, scheme: 'dark' },
  { name: '1440 pixels, light', width: 1440, scheme: 'light' },
  { name: '1440 pixels, dark', width: 1440, scheme: 'dark' },
] as const;

type View = (typeof VIEWS)[number];

/** What `measurePage.js` gives. */
interface Layout {
  /** Pixels by which the page is wider than its window. */
  readonly overflow: number;
  readonly wide: readonly string[];
  readonly clipped: readonly string[];
  /** The smallest text. */
  readonly text: { readonly pixels: number; readonly at: string };
  /** Texts of drawings that stand over their box or over another text. */
  readonly labels: readonly string[];
  readonly references: readonly string[];
  readonly active: readonly string[];
  /** Ids that stand twice, and links to ids that are not there. */
  readonly twice: readonly string[];
  readonly dead: readonly string[];
}

/** What a page does and how it looks in a view. */
export interface Inspected {
  /** Requests that wanted to leave, also those that page events do not show. */
  readonly left: readonly string[];
  /** Errors and warnings of the console. */
  readonly console: readonly string[];
  readonly layout: Layout;
  /** What axe finds; absent where it was not asked. */
  readonly violations?: readonly string[];
  /** What axe could not decide: the rule and the element. */
  readonly undecided?: readonly string[];
}

/** A browser for all pages of a test file, behind a proxy that refuses and records every connection. */
export interface Inspector {
  readonly inspect: (
    file: string,
    view: View,
    options?: { readonly axe?: boolean; readonly open?: boolean },
  ) => Promise<Inspected>;
  /** What stands out on paper: pixels by which the page is wider than a sheet, and how many sheets it takes. */
  readonly print: (
    file: string,
  ) => Promise<Pick<Layout, 'overflow' | 'wide'> & { readonly sheets: number; readonly closed: number }>;
  readonly close: () => Promise<void>;
}

/** The full Chromium of Debian asks Google for updates, accounts and the time, although headless. */
const QUIET = [
  '--disable-background-networking',
  '--disable-sync',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--no-pings',
  '--disable-features=NetworkTimeServiceQuerying,OptimizationHints,MediaRouter,AutofillServerCommunication',
  '--gaia-url=http://127.0.0.1:9',
  '--google-apis-url=http://127.0.0.1:9',
  '--component-updater=url-source=http://127.0.0.1:9',
];

/** A sheet of A4 without margins of 12 mm, at 96 pixels an inch. */
const SHEET = { width: 703, height: 1032 };

/** Starts the browser. Pictures of each view go into the folder of PODLIFT_PICTURES, where that is set: for somebody who looks at the pages. */
export async function startInspector(executablePath: string): Promise<Inspector> {
  const proxy = await refusingProxy();
  const browser = await chromium.launch({
    executablePath,
    // Root in a container has no user namespace for Chromium's sandbox.
    chromiumSandbox: false,
    // Without <-loopback> requests to 127.0.0.1 pass by the proxy. Source: https://chromium.googlesource.com/chromium/src/+/HEAD/net/docs/proxy.md
    proxy: { server: proxy.url, bypass: '<-loopback>' },
    args: QUIET,
  });
  return {
    inspect: async (file, view, { axe: asksAxe = true, open = false } = {}) => {
      const options = { viewport: { width: view.width, height: 900 }, colorScheme: view.scheme };
      return opened(browser, file, options, async (page, seen) => {
        await picture(page, file, view);
        if (open) await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
        const layout = await page.evaluate<Layout>(MEASURE);
        const found = asksAxe ? await runAxe(page) : {};
        // A connection that the page began is at the proxy soon after.
        await new Promise((done) => setTimeout(done, 100));
        return { left: [...seen.left, ...proxy.take()], console: seen.console, layout, ...found };
      });
    },
    print: async (file) =>
      opened(browser, file, { viewport: SHEET }, async (page) => {
        await page.emulateMedia({ media: 'print' });
        const { overflow, wide } = await page.evaluate<Layout>(MEASURE);
        const closed = await page.evaluate<number>(
          '[...document.querySelectorAll("details > :not(summary)")].filter((one) => one.getBoundingClientRect().height === 0).length',
        );
        const margin = '12mm';
        const pdf = await page.pdf({
          format: 'A4',
          margin: { top: margin, right: margin, bottom: margin, left: margin },
        });
        return { overflow, wide, closed, sheets: pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0 };
      }),
    close: async () => {
      await browser.close();
      await proxy.close();
    },
  };
}

const MEASURE = readFileSync(join(__dirname, 'measurePage.js'), 'utf8');

/** Opens a file of this machine: every request but the one for the page itself is refused and recorded. */
async function opened<T>(
  browser: Browser,
  file: string,
  options: BrowserContextOptions,
  use: (page: Page, seen: { readonly left: string[]; readonly console: string[] }) => Promise<T>,
): Promise<T> {
  const address = pathToFileURL(resolve(file)).href;
  const seen = { left: [] as string[], console: [] as string[] };
  const context = await browser.newContext({ serviceWorkers: 'block', ...options });
  try {
    const page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) seen.console.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => seen.console.push(error.message));
    await context.routeWebSocket(/.*/, async (socket) => {
      seen.left.push(socket.url());
      await socket.close();
    });
    await context.route('**/*', async (route) => {
      const url = route.request().url();
      if (url === address) return route.continue();
      seen.left.push(url);
      return route.abort('blockedbyclient');
    });
    await page.goto(address, { waitUntil: 'load' });
    return await use(page, seen);
  } finally {
    await context.close();
  }
}

/** By the protocol of the debugger: the page's own Content-Security-Policy stays in force. */
async function runAxe(page: Page): Promise<Pick<Inspected, 'violations' | 'undecided'>> {
  await page.evaluate(`${axe.source};undefined`);
  const { violations, incomplete } = await page.evaluate<axe.AxeResults>(
    'window.axe.run(document, { resultTypes: ["violations", "incomplete"] })',
  );
  const lines = (rules: readonly axe.Result[]) =>
    rules.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, any, all, none }) => `${id}: ${html.slice(0, 120)}: ${[...any, ...all, ...none][0]?.message ?? ''}`,
      ),
    );
  return { violations: lines(violations), undecided: lines(incomplete) };
}

async function picture(page: Page, file: string, { name }: View): Promise<void> {
  const folder = process.env.PODLIFT_PICTURES;
  if (folder === undefined || folder === '') return;
  const path = join(folder, `${file.replace(/^.*\//, '')}, ${name}.png`);
  await page.screenshot({ path, fullPage: true });
}

/** A proxy that refuses every request and records it: it also sees what page events do not show, such as `preconnect`. */
async function refusingProxy() {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(502).end();
  });
  server.on('connect', (request: { readonly url?: string }, socket: Socket) => {
    seen.push(`CONNECT ${request.url ?? ''}`);
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 502 refused\r\n\r\n');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    take: () => seen.splice(0),
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => {
          done();
        });
      }),
  };
}
