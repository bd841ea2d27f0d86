import type { Block, Page, PageTable } from '../../src/report/Page';
import { pageHtml } from '../../src/report/pageHtml';
import { pageMarkdown } from '../../src/report/pageMarkdown';
import { reportPage, reportTable } from '../../src/report/reportPage';
import type { Report } from '../../src/report/Report';
import { LONGEST_COMMENT, shortMarkdown } from '../../src/report/shortMarkdown';
import { cellText } from '../../src/report/Page';
import { removeFolders } from '../inventory/fixtures';
import { inventoryText, reportFrom } from './estateOf';
import { pageWith } from './page';

afterAll(removeFolders);

const TEXT = `version: 1
name: shop
accounts: { apps: { id: "333333333333" }, data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/podlift-deploy" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main: { name: prod-main, version: "1.33", oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111" }, agent: { version: v1.3.4-eksbuild.1 } }
waves:
  pilot: { soak: 14d, stages: { prod: { stage: cutover, since: 2026-11-20T12:00:00Z, because: the sidecar is old, accepted: [sdk] } } }
  later: { after: pilot, stages: { prod: { stage: cutover, since: 2026-11-21T12:00:00Z } } }
workloads:
  api: { wave: pilot, namespace: shop, serviceAccount: api, sdk: { language: go, version: "1.55.0" }, permissions: { managedPolicies: [ReadOnlyAccess] } }
  web: { wave: later, namespace: shop, serviceAccount: web, sdk: { language: go, version: "1.55.0" }, permissions: { managedPolicies: [ReadOnlyAccess] }, targets: { lake: { account: data, permissions: { managedPolicies: [ReadOnlyAccess] } } } }
`;

function tablesOf(blocks: readonly Block[]): readonly PageTable[] {
  return blocks.flatMap((block) =>
    block.kind === 'table' ? [block] : block.kind === 'details' ? tablesOf(block.blocks) : [],
  );
}

function rowsOf(page: Page, section: string): readonly (readonly string[])[] {
  const found = page.sections.find(({ id }) => id === section);
  return tablesOf(found?.blocks ?? []).flatMap(({ rows }) => rows.map((row) => row.map(cellText)));
}

describe('the page of a report', () => {
  const report = reportFrom(TEXT);
  const page = reportPage(report);

  it('is named after the inventory and its environments', () => {
    expect(page.title).toBe('podlift report of shop: prod');
  });

  it('has the progress of each wave with dates, its next step, and what stops it since when', () => {
    expect(rowsOf(page, 'progress')).toEqual([
      [
        ...['pilot', 'prod', 'cutover', '2026-11-20 12:00 UTC (8d)', '1', 'pod-identity'],
        'the soak lasts another 6d',
        '2026-11-20 12:00 UTC, until 2026-12-04 12:00 UTC',
      ],
      [
        ...['later', 'prod', 'cutover', '2026-11-21 12:00 UTC (7d)', '1', 'pod-identity'],
        'comes after pilot, which is at cutover',
        '2026-11-21 12:00 UTC',
      ],
    ]);
  });

  it('has the steps that were forced or accepted, with the reason', () => {
    expect(rowsOf(page, 'accepted')).toEqual([
      ['2026-11-20 12:00 UTC', 'prod', 'pilot', 'cutover', 'accepted: sdk', 'the sidecar is old', '-'],
    ]);
  });

  it('has the stage of each workload on each cluster', () => {
    expect(rowsOf(page, 'matrix')).toEqual([
      ['api', 'pilot', 'cutover'],
      ['web', 'later', 'cutover'],
    ]);
  });

  it('has each trust policy before and after the next step', () => {
    const html = pageHtml(page);
    expect(html).toContain('pilot in prod, cutover → pod-identity: 1 trust policy changes');
    expect(html).toContain('<del>-         &quot;Federated&quot;: &quot;arn:aws:iam::333333333333:oidc-provider/');
    expect(report.trust.map(({ workload, target, after }) => [workload, target, after !== undefined])).toEqual([
      ['api', undefined, true],
      ['web', undefined, true],
      ['web', 'lake', true],
    ]);
  });

  it('shows equal changes once', () => {
    const twice = { ...report, trust: [report.trust[0]!, { ...report.trust[0]!, workload: 'api-copy' }] };
    const diffs = pageHtml(reportPage(twice)).match(/<figcaption>[^<]*lines\)/g);
    expect(diffs).toEqual(['<figcaption>api, api-copy (+0 −13 lines)']);
  });

  it('has the findings with their lines, errors first', () => {
    const finding = { rule: 'r', path: 'x', file: 'inventory.yaml', column: 1, message: 'm', hint: 'h' };
    const findings = [
      { ...finding, severity: 'warning', line: 2 },
      { ...finding, severity: 'error', line: 9 },
    ] as const;
    expect(rowsOf(reportPage({ ...report, findings }), 'findings').map(([line, severity]) => [line, severity])).toEqual(
      [
        ['inventory.yaml:9', 'error'],
        ['inventory.yaml:2', 'warning'],
      ],
    );
  });

  it('has the headroom of each quota', () => {
    const rows = rowsOf(page, 'quotas').map(([quota, , used, limit]) => [quota, used, limit]);
    expect(rows).toContainEqual(['session tags of a pod', '6', '50']);
    expect(rows).toContainEqual(['managed policies on a role', '1', '10']);
    expect(rows).toContainEqual(['roles in an account', '2', '1,000']);
    expect(rows.some(([quota]) => quota === 'characters in a trust policy')).toBe(true);
  });

  it('says that AWS was not asked, and shows what differs where it was', () => {
    const facts = (one: Report) => reportPage(one).facts.find(({ name }) => name === 'Differences in AWS')!.value;
    expect(facts(report)).toEqual({ text: 'not asked', tone: 'quiet' });
    const drift = { when: report.when, environments: ['prod'], workloads: 2, asked: 4, differences: [] };
    expect(facts({ ...report, drift })).toEqual({ text: 'none', tone: 'good' });
    expect(reportPage({ ...report, drift }).sections.map(({ id }) => id)).toContain('drift');
  });

  it('is the same for the same report', () => {
    // The findings name the folder of the test.
    expect(reportPage({ ...reportFrom(TEXT), findings: report.findings })).toEqual(page);
  });
});

it('has a line for each workload on each cluster as a table', () => {
  const { columns, rows } = reportTable(reportFrom(TEXT));
  const [first] = rows.map((row) =>
    Object.fromEntries(columns.map(({ head }, index) => [head, cellText(row[index]!)])),
  );
  expect(first).toEqual({
    environment: 'prod',
    wave: 'pilot',
    workload: 'api',
    cluster: 'main',
    stage: 'cutover',
    since: '2026-11-20T12:00:00Z',
    next: 'pod-identity',
    'blocked by': 'the soak lasts another 6d',
    'blocked since': '2026-11-20T12:00:00Z',
    'source role': 'arn:aws:iam::333333333333:role/prod-api',
    'target roles': '',
  });
  expect(reportTable(reportFrom(inventoryText(20))).rows).toHaveLength(60);
});

describe('a page as a comment', () => {
  it('is whole where it fits', () => {
    const page = reportPage(reportFrom(TEXT));
    expect(shortMarkdown(page)).toBe(pageMarkdown(page));
  });

  it('fits with 300 workloads, and says what is left out', () => {
    const page = reportPage(reportFrom(inventoryText(300)));
    expect(Buffer.byteLength(pageMarkdown(page))).toBeGreaterThan(LONGEST_COMMENT);
    const text = shortMarkdown(page);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(Buffer.byteLength(text)).toBeGreaterThan(LONGEST_COMMENT / 4);
    expect(text).toContain('What is left out is marked.');
    expect(text).toMatch(/Left out: \d+ more rows of 300\./);
    expect(text).toMatch(/^- Left out: wave-5 in prod, cutover → pod-identity/m);
  });

  it.each([2000, 5000, 20_000])('has at most %i bytes', (longest) => {
    expect(Buffer.byteLength(shortMarkdown(reportPage(reportFrom(inventoryText(60))), longest))).toBeLessThanOrEqual(
      longest,
    );
  });

  it('has its facts alone where texts are too long for everything else', () => {
    const text = shortMarkdown(pageWith('x'.repeat(100_000)));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(text).toContain('Account: ');
  });
});
