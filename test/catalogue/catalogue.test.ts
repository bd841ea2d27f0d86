import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { POLICY_RESOURCES } from '../../src/catalogue/policyEngines';
import {
  catalogue,
  catalogueKinds,
  catalogueResources,
  fieldsOf,
  groupOf,
  resourceOf,
} from '../../src/catalogue/catalogue';
import { catalogueJsonSchema, catalogueSchema } from '../../src/catalogue/catalogueSchema';
import { controllersPage } from '../../src/catalogue/controllersPage';
import { isOlder, isTooOldForPodIdentity, knownImage } from '../../src/catalogue/images';
import { STAGES } from '../../src/inventory/Inventory';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, 'src', 'catalogue');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

describe('The catalogue', () => {
  it.each(FILES)('%s is valid, is named after its controller, and every fact has a source', (file) => {
    const page = catalogueSchema.parse(parse(readFileSync(join(FOLDER, file), 'utf8')));
    expect(`${page.name}.yaml`).toBe(file);
    expect(page.kinds ?? page.podIdentity ?? page.policy).toBeDefined();
    for (const { modes } of page.kinds ?? [])
      for (const { works, change, instead, account, mode } of modes) {
        expect(works.every((stage) => STAGES.includes(stage))).toBe(true);
        // A use that ends with the move says what to do.
        if (!works.includes('pod-identity')) expect([mode, change ?? instead]).not.toEqual([mode, undefined]);
        if ('pods' in account) expect(page.images).toBeDefined();
      }
  });

  it.each([
    ['no date', { date: undefined }],
    ['a date that is none', { date: '2026-13-01' }],
    ['a field that nothing uses', { colour: 'red' }],
    ['a version without a source', { podIdentity: { since: 'v1.0.0', because: 'It is so.', sources: [] } }],
  ])('refuses a page with %s', (_, change) => {
    const [first] = catalogue();
    expect(catalogueSchema.safeParse(first).success).toBe(true);
    expect(catalogueSchema.safeParse({ ...first, ...change }).success).toBe(false);
  });

  it('has the stages of the inventory', () => {
    const { $defs = {} } = JSON.parse(catalogueJsonSchema()) as { $defs?: Record<string, never> };
    expect(JSON.stringify($defs)).toContain(JSON.stringify(STAGES));
  });

  it('has each kind once, with unique modes', () => {
    const kinds = catalogue().flatMap(({ kinds: all = [] }) => all);
    expect(catalogueKinds().size).toBe(kinds.length);
    for (const { modes } of kinds) expect(new Set(modes.map(({ mode }) => mode)).size).toBe(modes.length);
  });

  it('reads no field of a Secret', () => {
    expect(catalogueResources().filter((resource) => resource.startsWith('secrets.'))).toEqual([]);
    for (const resource of catalogueResources()) expect(fieldsOf(resource).length).toBeGreaterThan(0);
  });

  it('is what the generated files say', () => {
    expect(textOf('src/catalogue/catalogue.schema.json')).toBe(catalogueJsonSchema());
    expect(textOf('docs/controllers.md')).toBe(controllersPage());
  });

  it('is what the ClusterRole of the documentation allows, and nothing more', () => {
    const [, block = ''] = /```yaml read-controllers\n([^]*?)```/.exec(textOf('docs/permissions.md')) ?? [];
    const { rules } = parse(block) as { rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[] };
    const allowed = rules.flatMap(({ apiGroups, resources }) =>
      resources.map((plural) => resourceOf({ plural, group: apiGroups.join() })),
    );
    expect(allowed.toSorted()).toEqual([...catalogueResources(), ...POLICY_RESOURCES].toSorted());
    expect(rules.every(({ apiGroups, verbs }) => apiGroups.length === 1 && verbs.join() === 'list')).toBe(true);
    expect(new Set(allowed.map(groupOf)).size).toBe(rules.length);
  });
});

describe('An image of a known controller', () => {
  it.each([
    ['registry.k8s.io/external-dns/external-dns:v0.14.1', 'external-dns', 'v0.14.1'],
    [
      '333333333333.dkr.ecr.us-west-2.amazonaws.com/k8s/external-dns/external-dns:v0.13.0@sha256:ab',
      'external-dns',
      'v0.13.0',
    ],
    ['registry:5000/grafana/grafana:11.0.0-ubuntu', 'grafana', '11.0.0'],
    ['grafana/grafana:latest', 'grafana', undefined],
    ['xpkg.upbound.io/upbound/provider-aws-s3:v2.1.0', 'crossplane-provider-aws', 'v2.1.0'],
    ['my/xgrafana/grafana-other:1.0.0', undefined, undefined],
    ['notgrafana/grafana:11.0.0', undefined, undefined],
    ['app', undefined, undefined],
  ])('%s', (image, name, version) => {
    const known = knownImage(image);
    expect([known?.controller.name, known?.version]).toEqual([name, version]);
  });

  it.each([
    ['v0.14.0', 'v0.14.1', true],
    ['0.9.9', 'v0.14.1', true],
    ['v0.14.1', 'v0.14.1', false],
    ['v1.0.0', 'v0.14.1', false],
  ])('%s is older than %s: %s', (one, other, older) => {
    expect(isOlder(one, other)).toBe(older);
  });

  it.each([
    ['registry.k8s.io/autoscaling/cluster-autoscaler:v1.28.2', true],
    ['registry.k8s.io/autoscaling/cluster-autoscaler:v1.28.3', false],
    ['registry.k8s.io/autoscaling/cluster-autoscaler:v1.25.9', true],
    ['registry.k8s.io/autoscaling/cluster-autoscaler:v1.29.0', false],
    ['registry.k8s.io/autoscaling/cluster-autoscaler:latest', false],
    ['amazon/appmesh-controller:v1.13.3', true],
    ['amazon/appmesh-controller:latest', true],
    ['docker.io/grafana/mimir:2.0.0', false],
  ])('%s is too old for Pod Identity: %s', (image, tooOld) => {
    expect(isTooOldForPodIdentity(knownImage(image)!)).toBe(tooOld);
  });
});
