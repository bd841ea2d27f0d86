import { loadInventory } from '../../src/inventory/loadInventory';
import { BEFORE, IRSA_MODULE, POD_IDENTITY_MODULE, TEAMS } from './kindsOfEstates';
import { type EstateProject, estateProject, firstPlan } from './estateProject';

/** What `discover --write` must find of an estate: entries, and service accounts that are left out, by reason. */
const ESTATES = [
  { what: '25 roles of the IRSA module', seed: IRSA_MODULE, entries: 24, left: {} },
  { what: '22 Pod Identity roles on two clusters', seed: POD_IDENTITY_MODULE, entries: 22, left: {} },
  { what: '33 roles, one of them shared', seed: TEAMS, entries: 33, left: {} },
] as const;

describe.each(ESTATES)('an estate of $what', ({ seed, entries, left }) => {
  let project: EstateProject;
  beforeAll(async () => {
    project = await estateProject(BEFORE, seed);
  });
  afterAll(() => project.close());

  it('is written into the inventory, without a finding of validate, doctor or prove', async () => {
    const reasons: Record<string, number> = {};
    for (const { name } of seed.clusters) {
      const shown = await project.podlift('discover', '-e', 'prod', '-c', name, '--write', '--format', 'json');
      expect([shown.code, shown.stderr]).toEqual([0, expect.anything()]);
      for (const { reason } of JSON.parse(shown.stdout).left) reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    const { inventory, findings } = loadInventory(project.file);
    expect(findings.filter(({ rule }) => rule !== 'local-state')).toEqual([]);
    expect([inventory!.environments[0]!.workloads.length, reasons]).toEqual([entries, left]);

    const doctor = await project.podlift('doctor', '-e', 'prod');
    expect([doctor.code, doctor.stdout]).toEqual([0, expect.not.stringMatching(/✗|error /)]);
    const proof = await project.podlift('prove', '-e', 'prod');
    expect([proof.code, proof.stdout]).toEqual([0, expect.stringContaining('the proof passed')]);
  });

  it('has a first plan that only imports and tags', async () => {
    project.synth(project.inventory());
    const { counts, attributes } = await firstPlan(project, 'prod-identity');
    expect(counts).toMatchObject({ add: 0, destroy: 0 });
    expect(counts.import).toBeGreaterThan(entries);
    expect(attributes).toEqual(['tags', 'tags_all']);
  });
});
