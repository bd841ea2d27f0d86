import { accountsTable, SURVEY_CSV_HEAD, surveyPage } from '../../src/report/surveyPage';
import { pageHtml } from '../../src/report/pageHtml';
import { pageMarkdown } from '../../src/report/pageMarkdown';
import { cellText } from '../../src/report/Page';
import { tableCsv } from '../../src/report/tableCsv';
import type { Survey, SurveyedAccount } from '../../src/operations/survey/Survey';

const ACCOUNT: SurveyedAccount = {
  ...{ cluster: 'arn:c', namespace: 'shop', name: 'api', exists: true, access: 'irsa', works: 'yes' },
  role: { arn: 'arn:r', trust: ['tight'], others: [], lastUsed: '2026-11-28T00:00:00Z', targets: [] },
  ...{
    variables: [],
    pods: 1,
    owners: [{ kind: 'Deployment', name: 'api' }],
    compute: ['ec2'],
    images: [],
    use: [],
    readers: [],
  },
  ...{ blockers: [], workload: 'api', wave: 'prod-1-pilot', stage: 'irsa' },
};
const SURVEY: Survey = {
  at: '2026-11-28T12:00:00Z',
  clusters: [
    {
      ...{ arn: 'arn:c', account: '333333333333', region: 'us-west-2', name: 'main', counts: { irsa: 1 }, notes: [] },
      facts: {
        ...{ version: '1.33', platform: 'eks.1', autoMode: false, issuer: 'https://i', provider: true },
        ...{ nodes: { ec2: 2 }, serviceAccounts: 3 },
      },
    },
  ],
  serviceAccounts: [ACCOUNT],
  waves: [{ key: 'prod-1-pilot', environment: 'prod', order: 1, because: 'easy', workloads: ['api'] }],
  inventory: { version: 1, workloads: { api: {} } },
  skipped: [],
  unread: [],
};
const stop = {
  rule: 'keys',
  stops: true,
  message: 'keys',
  remedy: [{ say: 'Remove them.' }],
  docs: 'docs/SURVEY.md#keys',
};
const care = { ...stop, rule: 'other-owner', stops: false };
const { wave: _, ...WITHOUT_WAVE } = ACCOUNT;
const DONE: SurveyedAccount = { ...WITHOUT_WAVE, stage: 'pod-identity', access: 'pod-identity' };
/** What the row of an account says about the next step. */
const next = (account: SurveyedAccount) => {
  const [row = []] = accountsTable({ ...SURVEY, serviceAccounts: [account] }).rows;
  return cellText(row[2] ?? '');
};
const factsOf = (survey: Survey) =>
  Object.fromEntries(surveyPage(survey).facts.map(({ name, value }) => [name, cellText(value)]));

describe('the page of a survey', () => {
  it('names the controller of the catalogue that a service account looks like', () => {
    const [row = []] = accountsTable({ ...SURVEY, serviceAccounts: [{ ...ACCOUNT, use: ['karpenter'] }] }).rows;
    expect(row.map(cellText)).toContain('the catalogue has it: use: [karpenter]');
  });

  it.each<[string, SurveyedAccount, string]>([
    ['ready', ACCOUNT, 'ready: wave prod-1-pilot'],
    ['stopped', { ...ACCOUNT, blockers: [stop, care] }, 'fix first: keys'],
    ['to be moved with care', { ...ACCOUNT, blockers: [care] }, 'wave prod-1-pilot, with care: other-owner'],
    ['under way', { ...ACCOUNT, stage: 'dual', wave: 'prod-dual' }, 'at dual: wave prod-dual'],
    ['there', DONE, 'nothing: it is on Pod Identity'],
  ])('says of a service account that it is %s', (_what, account, text) => {
    expect(next(account)).toBe(text);
  });

  it('counts what is ready and what is not', () => {
    const serviceAccounts = [ACCOUNT, { ...ACCOUNT, blockers: [stop] }, DONE];
    expect(factsOf({ ...SURVEY, serviceAccounts })).toMatchObject({
      'Ready to move': '1',
      'On Pod Identity': '1',
      'Something must be fixed first': '1',
      'Could not be read': '0',
    });
  });

  it('begins with what could not be read: nobody takes a part for the whole', () => {
    const unread = [{ account: '444444444444', what: 'eks:ListClusters', message: 'AccessDenied', remedy: [] }];
    const [first] = surveyPage({ ...SURVEY, unread }).sections;
    expect([first?.id, JSON.stringify(first)]).toEqual(['unread', expect.stringContaining('444444444444')]);
  });

  it('shows the reason once for all service accounts that have it', () => {
    const serviceAccounts = ['a', 'b'].map((name) => ({ ...ACCOUNT, name, blockers: [stop] }));
    const blockers = surveyPage({ ...SURVEY, serviceAccounts }).sections.find(({ id }) => id === 'blockers');
    expect(blockers?.blocks).toMatchObject([{ summary: 'Fix first: keys, shop/a on main, shop/b on main' }]);
  });

  it('shows names that others choose as names, in each format', () => {
    const evil = '<img src=x onerror=alert(1)>"\'|`@team\n# x';
    const named = JSON.parse(
      JSON.stringify({
        ...SURVEY,
        unread: [{ what: 'shop', message: 'shop', remedy: [] }],
        skipped: [{ reason: 'shop' }],
      })
        .replaceAll('"shop"', JSON.stringify(evil))
        .replaceAll('"api"', JSON.stringify(evil))
        .replaceAll('"main"', JSON.stringify(evil)),
    ) as Survey;
    const page = surveyPage(named);
    expect(pageHtml(page)).not.toMatch(/<img|onerror=alert\(1\)>/);
    expect(pageMarkdown(page)).not.toMatch(/<img|^# x/m);
    const rows = tableCsv(accountsTable({ ...named, serviceAccounts: [{ ...ACCOUNT, name: '=1+1', namespace: '' }] }));
    expect(rows.startsWith(`${SURVEY_CSV_HEAD},`)).toBe(true);
    expect(rows).not.toMatch(/(^|,)=1/m);
  });
});
