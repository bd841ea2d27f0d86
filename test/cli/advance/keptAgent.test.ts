import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rollback } from '../../../src/cli/commands/advance';
import { stepWorld } from '../../../src/cli/commands/advance';
import type { Answer, AssociationFacts, AwsPort } from '../../../src/estate/aws/AwsPort';
import type { StepWorld } from '../../../src/operations/step/takeStep';
import { compile } from '../../../src/blueprint/compile';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { podPorts } from './podPorts';
import { NOW, run, TEXT, world } from './stepFixtures';

afterAll(removeFolders);

const association = (namespace: string, serviceAccount: string, role: string): AssociationFacts => ({
  id: `a-${serviceAccount}`,
  namespace,
  serviceAccount,
  roleArn: `arn:aws:iam::222222222222:role/${role}`,
  disableSessionTags: false,
  tags: {},
});
const OTHERS = association('payments', 'billing', 'billing');
/** That of an apply which is still due. */
const OWN = association('production', 'api', 'prod-api');

/** A world whose gate holds, with these associations on each cluster. */
function withAssociations(associations: readonly AssociationFacts[] | 'denied'): StepWorld {
  const ports = podPorts([]);
  const answer: Answer<readonly AssociationFacts[]> =
    associations === 'denied'
      ? { ok: false, why: 'denied', message: 'AccessDeniedException' }
      : { ok: true, value: associations };
  const live = () => ({
    ...ports,
    aws: (...place: Parameters<typeof ports.aws>) =>
      new Proxy(ports.aws(...place), {
        get: (port, name: keyof AwsPort) => (name === 'associations' ? () => Promise.resolve(answer) : port[name]),
      }),
  });
  return { ...world(), estate: stepWorld(live, { source: {}, command: [], clock: () => NOW }).estate };
}

const IRSA = '{ stage: irsa, since: 2026-11-20T12:34:56Z }';
const at = (stage: string) => TEXT.replace('prod: prepared', `prod: ${stage}`);
const BACK = TEXT.replace('prod: prepared', `prod: ${IRSA}`);
const [DEV = '', PROD = ''] = BACK.split(/^(?= {2}prod:$)/m);
const KEPT =
  DEV + PROD.replace('agent: { version: v1.3.4-eksbuild.1 }', 'agent: { version: v1.3.4-eksbuild.1, keep: true }');

describe('a rollback to irsa', () => {
  it('keeps the agent in the same edit where another team has an association, and says whose', async () => {
    const { exit, content, text, file } = await run(rollback, {}, withAssociations([OWN, OTHERS]));
    expect([exit, content]).toEqual([0, KEPT]);
    expect(text).toMatch(
      /The agent of main stays: pods of others need it\. 1 association on the cluster is not the inventory’s: payments\/billing \(a-billing\)\.\n.*inventory\.yaml:\d+\n- .*\n\+ .*keep: true/,
    );
    expect(compile(loadInventory(file).inventory!, 'prod').agents).toHaveLength(1);
  });

  it.each<[string, readonly AssociationFacts[]]>([
    ['no association', []],
    ['an association of its own, which the apply still removes,', [OWN]],
  ])('lets the agent go where the cluster has %s', async (_what, associations) => {
    const { content, file } = await run(rollback, {}, withAssociations(associations));
    expect(content).toBe(BACK);
    expect(compile(loadInventory(file).inventory!, 'prod').agents).toEqual([]);
  });

  it.each<[string, AssociationFacts]>([
    ['for its service account with another role', association('production', 'api', 'other')],
    ['with its role for another service account', association('production', 'other', 'prod-api')],
  ])('keeps the agent for an association %s', async (_what, one) => {
    expect((await run(rollback, {}, withAssociations([one]))).content).toBe(KEPT);
  });

  it('keeps the agent where the associations could not be read, also when the step is forced', async () => {
    for (const options of [{}, { force: true, because: 'incident' }]) {
      const { exit, content, text } = await run(rollback, options, withAssociations('denied'));
      expect(exit).toBe(0);
      expect(content).toContain('keep: true');
      expect(text).toContain('could not read the associations of others on the cluster (AccessDeniedException)');
    }
  });

  it('shows the kept agent in a dry run and as data', async () => {
    const { content, report } = await run(rollback, { dryRun: true, format: 'json' }, withAssociations([OTHERS]));
    expect(content).toBe(TEXT);
    const { id, namespace, serviceAccount, roleArn } = OTHERS;
    expect(report.keeps).toMatchObject([
      {
        cluster: 'main',
        associations: [{ id, namespace, serviceAccount, roleArn }],
        change: { after: [expect.stringContaining('keep: true')] },
      },
    ]);
  });

  it('leaves an agent alone that stays anyway: adopted, kept, or used by another workload', async () => {
    const agent = 'agent: { version: v1.3.4-eksbuild.1';
    const texts = [
      at('prepared').replaceAll(`${agent} }`, `${agent}, adopt: true }`),
      at('prepared').replaceAll(`${agent} }`, `${agent}, keep: true }`),
      `${at('prepared')}  web: { namespace: web, serviceAccount: web, stage: prepared, because: alone, environments: [prod] }\n`,
    ];
    for (const text of texts) {
      const { exit, report } = await run(rollback, { text, format: 'json' }, withAssociations([OTHERS]));
      expect(exit).toBe(0);
      expect(report.keeps).toBeUndefined();
    }
  });

  it.each(['dual', 'cutover', 'pod-identity'])('asks nothing about others on the way from %s', async (stage) => {
    const { report } = await run(rollback, { text: at(stage), format: 'json' }, withAssociations('denied'));
    expect([report.written, report.keeps]).toEqual([true, undefined]);
  });
});

describe('a rollback to irsa, where another file has the cluster', () => {
  const [before = '', workloads = ''] = TEXT.split(/^(?=workloads:)/m);
  const [places = '', waves = ''] = before.split(/^(?=waves:)/m);
  const files = () =>
    folderOf({
      'inventory.yaml': `version: 1\ninclude: [places.yaml, work.yaml]\n${waves}`,
      'places.yaml': places.replace('version: 1\n', ''),
      'work.yaml': workloads,
    });

  it('writes both files', async () => {
    const folder = files();
    const { exit, text, content } = await run(
      rollback,
      { file: join(folder, 'inventory.yaml') },
      withAssociations([OTHERS]),
    );
    expect(exit).toBe(0);
    expect(text).toMatch(/places\.yaml, .*inventory\.yaml are written\./);
    expect(content).toContain('stage: irsa');
    expect(readFileSync(join(folder, 'places.yaml'), 'utf8')).toContain('keep: true');
  });

  it('leaves both as they were where the second cannot be written', async () => {
    const folder = files();
    const file = join(folder, 'inventory.yaml');
    const first = readFileSync(join(folder, 'places.yaml'), 'utf8');
    chmodSync(file, 0o444);
    const { exit, text, content } = await run(rollback, { file }, withAssociations([OTHERS]));
    chmodSync(file, 0o644);
    expect(exit).toBe(2);
    expect(text).toContain('it is read-only');
    expect(content).toContain('prod: prepared');
    expect(readFileSync(join(folder, 'places.yaml'), 'utf8')).toBe(first);
  });
});
