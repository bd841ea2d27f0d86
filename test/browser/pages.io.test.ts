import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '../../src/report/Page';
import { pageHtml } from '../../src/report/pageHtml';
import { reportPage } from '../../src/report/reportPage';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { inventoryText, reportFrom } from '../report/estateOf';
import { surveyPage } from '../../src/report/surveyPage';
import { surveyOf } from '../../src/operations/survey/surveyOf';
import { estateOf, foundOf, MAIN } from '../operations/discover/foundOf';
import { ACCOUNT, CLUSTER, LEFT, MOVABLE } from '../operations/discover/shapes';
import { HOSTILE_NAMES, pageWith } from '../report/page';
import { findChromium, type Inspected, type Inspector, startInspector, VIEWS } from './inspectPage';

const MISSING =
  'no Chromium is installed: apt-get install --no-install-recommends chromium, or set CHROMIUM to the path of one';

/** Each kind of block with a name that others choose, and the reports of a small and of a large inventory. */
const PAGES: Readonly<Record<string, () => Page>> = {
  'every kind of block': () => pageWith('orders'),
  'every kind of block with hostile names': () => pageWith(HOSTILE_NAMES.join(' ')),
  'the report of a small inventory': () => reportPage(reportFrom(inventoryText(24))),
  'the survey of an estate': () => surveyPage(surveyOf(SURVEYED, estateOf(foundOf([...MOVABLE, ...LEFT])), DENIED)),
};
const SURVEYED = { accounts: [{ id: ACCOUNT, name: 'apps' }], clusters: [{ ...CLUSTER, arn: MAIN.arn }] };
const DENIED = {
  skipped: [{ context: 'kind', reason: 'not an EKS cluster' }],
  unread: [
    { account: '444444444444', what: 'eks:ListClusters', message: 'AccessDenied', remedy: [{ say: 'Log in.' }] },
  ],
};

const chromium = findChromium();
if (chromium !== undefined)
  describe('a page in a browser', () => {
    inBrowser(chromium);
  });
else if (process.env.PODLIFT_BROWSER === 'required')
  it('is looked at in a browser', () => {
    throw new Error(`The pages were not tested, since ${MISSING}`);
  });
else it.skip(`is not looked at in a browser: ${MISSING}`, () => undefined);

function inBrowser(executable: string): void {
  let inspector: Inspector;
  const folder = () => folderOf({});
  beforeAll(async () => {
    inspector = await startInspector(executable);
  });
  afterAll(async () => {
    await inspector.close();
    removeFolders();
  });

  const fileOf = (name: string, page: Page): string => {
    const file = join(folder(), `${name}.html`);
    writeFileSync(file, pageHtml(page));
    return file;
  };

  describe.each(Object.keys(PAGES))('%s', (name) => {
    let file: string;
    beforeAll(() => {
      file = fileOf(name, PAGES[name]!());
    });

    it.each(VIEWS)('sends no request, fits, and axe finds nothing at $name', async (view) => {
      const found = await inspector.inspect(file, view, { open: true });
      // The names of the first two pages are no part of a drawing that podlift makes.
      expectQuiet(name.startsWith('every') ? { ...found, layout: { ...found.layout, labels: [] } } : found);
      expect(found.violations).toEqual([]);
      expect(found.undecided?.filter((one) => !isContrastOfDrawing(one))).toEqual([]);
    });

    it('fits on paper, with every part open', async () => {
      const { overflow, wide, closed, sheets } = await inspector.print(file);
      expect({ overflow, wide, closed }).toEqual({ overflow: 0, wide: [], closed: 0 });
      expect(sheets).toBeGreaterThan(0);
    });
  });

  describe('the report of an inventory with 300 workloads', () => {
    let file: string;
    beforeAll(() => {
      file = fileOf('300 workloads', reportPage(reportFrom(inventoryText(300))));
    });

    it.each(VIEWS.filter(({ scheme }) => scheme === 'light'))('sends no request and fits at $name', async (view) => {
      expectQuiet(await inspector.inspect(file, view, { axe: false }));
    });

    it('has no text of a drawing over another, with every part open', async () => {
      expectQuiet(await inspector.inspect(file, VIEWS[2], { axe: false, open: true }));
    });

    it('has nothing that axe finds', async () => {
      const { violations } = await inspector.inspect(file, VIEWS[2]);
      expect(violations).toEqual([]);
    });
  });

  it('is caught when it asks for something, moves, overflows, or cannot be read', async () => {
    const file = join(folder(), 'bad.html');
    writeFileSync(file, BAD);
    const { left, layout, violations, console: messages } = await inspector.inspect(file, VIEWS[0]);
    expect(left.some((one) => one.includes('style.invalid'))).toBe(true);
    expect(messages).not.toEqual([]);
    expect(layout.overflow).toBeGreaterThan(0);
    expect(layout.text.pixels).toBeLessThan(12);
    expect(layout.labels).toEqual(['a text that is too long']);
    // No event shows that a browser connects ahead.
    expect(layout.references).toEqual(['link href=http://style.invalid/a.css', 'link href=https://ahead.invalid']);
    expect(layout.active).toEqual(['p onclick', 'script']);
    expect(layout.dead).toEqual(['nowhere']);
    expect(violations).not.toEqual([]);
  });
}

const BAD = `<!doctype html><link rel="stylesheet" href="http://style.invalid/a.css"><link rel="preconnect" href="https://ahead.invalid">
<p onclick="x()" style="width: 2000px; color: #eee; font-size: 8px">text</p><a href="#nowhere">a</a>
<svg width="60" height="20"><rect x="0" y="0" width="20" height="20"/><text x="2" y="14">a text that is too long</text></svg><script>throw new Error('x')</script>`;

/** No request, no message, nothing wider than the window, nothing cut off, and no text below 12 pixels. */
function expectQuiet({ left, console: messages, layout }: Inspected): void {
  const { text, ...rest } = layout;
  expect({ left, messages, ...rest }).toEqual({
    left: [],
    messages: [],
    overflow: 0,
    wide: [],
    clipped: [],
    labels: [],
    references: [],
    active: [],
    twice: [],
    dead: [],
  });
  expect(text.pixels).toBeGreaterThanOrEqual(12);
}

/** axe cannot decide on the contrast of texts in a drawing, and of those under a part that scrolls: test/report/palette.test.ts computes it. */
function isContrastOfDrawing(line: string): boolean {
  return line.startsWith('color-contrast: ');
}
