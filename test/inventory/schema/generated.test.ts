import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { parse } from 'yaml';
import { STATE_RULES } from '../../../src/blueprint/checkStates';
import { jsonSchema, referencePage, rulesPage } from '../../../src/inventory/schema/generatedPages';
import { EVIDENCE_RULES } from '../../../src/operations/review/requireEvidence';
import { REVIEW_RULES } from '../../../src/operations/review/reviewChange';
import { BASE } from '../marked';

const read = (file: string): string => readFileSync(file, 'utf8');
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(jsonSchema()));

describe('what is generated from the schema and the rules', () => {
  it.each([
    ['schema/inventory.schema.json', jsonSchema],
    ['docs/inventory-reference.md', referencePage],
    [
      'docs/rules.md',
      () =>
        rulesPage({
          stateRules: Object.values(STATE_RULES),
          reviewRules: REVIEW_RULES,
          evidenceRules: Object.values(EVIDENCE_RULES),
        }),
    ],
  ])('%s is fresh (npm run schema writes it)', (file, make) => {
    expect(read(file)).toBe(make());
  });
});

describe('the JSON Schema', () => {
  it("accepts the design page's inventory", () => {
    expect(validate(parse(read('test/inventory/fixtures/design.yaml'))) ? [] : validate.errors).toEqual([]);
  });

  it.each([
    ['an unknown key', { regoin: 1 }],
    ['a short account id', { accounts: { a: { id: '1' } } }],
    [
      'an unquoted version',
      { environments: { a: { account: 'a', region: 'us-west-2', clusters: { c: { name: 'c', version: 1.3 } } } } },
    ],
    ['a key with capitals', { workloads: { Api: { namespace: 'n', serviceAccount: 's' } } }],
    ['a workload without a namespace', { workloads: { api: { serviceAccount: 's' } } }],
  ])('refuses %s', (_what, wrong) => {
    expect(validate({ version: 1, ...wrong })).toBe(false);
  });

  it('accepts the base of the rule cases', () => {
    expect(validate(parse(BASE))).toBe(true);
  });

  it('says what each field is, and its default', () => {
    const schema = JSON.parse(jsonSchema());
    const workload = schema.properties.workloads.additionalProperties.properties;
    expect(workload.compute).toMatchObject({ default: 'ec2', enum: ['ec2', 'fargate', 'windows', 'hybrid', 'auto'] });
    const fields = Object.entries(workload as Record<string, { description?: string }>);
    expect(fields.flatMap(([key, { description }]) => (description ? [] : [key]))).toEqual([]);
  });
});
