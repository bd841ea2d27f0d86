import { compileWorkload } from '../../src/blueprint/compileWorkload';
import {
  compareAdoption,
  type Standing,
  type StandingFacts,
  standingOf,
  type StandingPlace,
} from '../../src/comparison/adoption';
import type { DecidingCondition } from '../../src/iam/Decision';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import { type Cluster, type Stage, STAGES } from '../../src/inventory/Inventory';
import { clusterOf, environmentOf, podsOf, workloadOf } from '../blueprint/inventoryOf';
import { associationFactsOf } from './facts';
import { documentOf, ROLE_ARN } from './roleOf';

const MAIN = clusterOf();
const BATCH = clusterOf({ key: 'batch' });
const ASSOCIATION = associationFactsOf();
const BOTH = environmentOf({ clusters: [MAIN, BATCH] });

/** The trust policy that podlift writes at a stage, for these clusters. */
const trustAt = (stage: Stage, ...clusters: string[]): PolicyDocument =>
  compileWorkload(BOTH, workloadOf({ stage, clusters: clusters.length > 0 ? clusters : ['main'] })).role.trust;
const placeOn = (cluster: Cluster, association: boolean): StandingPlace => ({
  cluster,
  pods: podsOf(workloadOf()),
  association: association ? ASSOCIATION : undefined,
});
const onMain = (trust: PolicyDocument, association: boolean, facts?: StandingFacts) =>
  standingOf(BOTH, [placeOn(MAIN, association)], { arn: ROLE_ARN, trust }, facts);
const onBoth = (trust: PolicyDocument, main: boolean, batch: boolean) =>
  standingOf(BOTH, [placeOn(MAIN, main), placeOn(BATCH, batch)], { arn: ROLE_ARN, trust });

/** A trust policy whose statements all have a condition more. */
function under(trust: PolicyDocument, Condition: NonNullable<Statement['Condition']>): PolicyDocument {
  const statements = trust.Statement as readonly Statement[];
  return { ...trust, Statement: statements.map((one) => ({ ...one, Condition: { ...one.Condition, ...Condition } })) };
}
const BEFORE_JUNE = { DateLessThan: { 'aws:CurrentTime': '2026-06-01T00:00:00Z' } };

describe('where a role is', () => {
  it.each<[string, PolicyDocument, boolean, Standing]>([
    ['OIDC alone', trustAt('irsa'), false, { stages: ['irsa'], usesPodIdentity: false }],
    ['both modes', trustAt('dual'), false, { stages: ['prepared'], usesPodIdentity: true }],
    ['both modes and an association', trustAt('dual'), true, { stages: ['dual', 'cutover'], usesPodIdentity: true }],
    [
      'Pod Identity alone and an association',
      trustAt('pod-identity'),
      true,
      { stages: ['pod-identity'], usesPodIdentity: true },
    ],
    ['Pod Identity alone, and no association', trustAt('pod-identity'), false, { stages: [], usesPodIdentity: true }],
    ['OIDC alone, and an association', trustAt('irsa'), true, { stages: [], usesPodIdentity: true }],
    ['nobody', documentOf(), false, { stages: [], usesPodIdentity: false }],
  ])('it trusts %s', (_what, trust, association, standing) => {
    expect(onMain(trust, association)).toStrictEqual(standing);
  });

  it('is a stage that fits all clusters', () => {
    expect(onBoth(trustAt('dual', 'main', 'batch'), true, true).stages).toEqual(['dual', 'cutover']);
    expect(onBoth(trustAt('dual', 'main', 'batch'), true, false)).toStrictEqual({ stages: [], usesPodIdentity: true });
    expect(onBoth(trustAt('dual', 'main'), true, true).stages).toEqual([]);
    expect(onBoth(trustAt('irsa', 'main', 'batch'), false, true)).toStrictEqual({ stages: [], usesPodIdentity: true });
  });

  it('can be several stages where it depends on conditions, each named once', () => {
    const standing = onMain(under(trustAt('dual'), BEFORE_JUNE), true);
    expect(standing.stages).toEqual(['dual', 'cutover', 'pod-identity']);
    expect(standing.usesPodIdentity).toBe(true);
    expect(standing.dependsOn?.map(({ key, of }) => [key, of.index])).toEqual([
      ['aws:CurrentTime', 1],
      ['aws:CurrentTime', 0],
    ]);
  });

  it('does not use Pod Identity where that depends on conditions, and there is no association', () => {
    expect(onMain(under(trustAt('dual'), BEFORE_JUNE), false).usesPodIdentity).toBe(false);
  });

  it('does not depend on the time where it is known', () => {
    const now = new Date('2026-05-01T00:00:00Z');
    expect(onMain(under(trustAt('dual'), BEFORE_JUNE), false, { now })).toStrictEqual({
      stages: ['prepared'],
      usesPodIdentity: true,
    });
  });

  it('does not depend on conditions that the entry has itself', () => {
    const ofEntry = (stage: Stage) => under(trustAt(stage), BEFORE_JUNE);
    expect(onMain(ofEntry('pod-identity'), true, { trustAt: ofEntry })).toStrictEqual({
      stages: ['pod-identity'],
      usesPodIdentity: true,
    });
    expect(onMain(ofEntry('pod-identity'), true, { trustAt }).dependsOn).toHaveLength(1);
  });
});

describe('an entry that adopts a role', () => {
  const at = (...stages: Stage[]): Standing => ({ stages, usesPodIdentity: false });

  it.each<[string, Stage, Stage | undefined, Standing, boolean, string | undefined]>([
    ['at the stage of the role', 'irsa', undefined, at('irsa'), false, undefined],
    ['one step before it', 'irsa', undefined, at('prepared'), false, undefined],
    ['one step behind it', 'dual', undefined, at('prepared'), false, undefined],
    ['two steps before it', 'irsa', undefined, at('dual'), false, 'ahead'],
    ['two steps behind it', 'dual', undefined, at('irsa'), false, 'ahead'],
    ['one step from the nearest of its stages', 'pod-identity', undefined, at('dual', 'cutover'), false, undefined],
    ['two steps from the nearest of its stages', 'irsa', undefined, at('dual', 'cutover'), false, 'ahead'],
    ['two steps from it, after the first apply', 'dual', undefined, at('irsa'), true, 'ahead'],
    ['with the stage that was found', 'irsa', 'irsa', at('irsa'), false, undefined],
    ['with a stage that is not found any more', 'irsa', 'irsa', at('prepared'), false, 'found'],
    ['with a stage that has served since the first apply', 'irsa', 'irsa', at('prepared'), true, undefined],
    ['at irsa, of a role at no stage', 'irsa', undefined, at(), false, undefined],
    ['at dual, of a role at no stage', 'dual', undefined, at(), false, 'ahead'],
    ['at dual, of a role between stages after the first apply', 'dual', undefined, at(), true, undefined],
    [
      'at irsa, of a role at no stage that uses Pod Identity',
      'irsa',
      undefined,
      { stages: [], usesPodIdentity: true },
      false,
      'ahead',
    ],
    [
      'at irsa, of a role that uses Pod Identity after the first apply',
      'irsa',
      undefined,
      { stages: [], usesPodIdentity: true },
      true,
      undefined,
    ],
  ])('%s', (_what, stage, found, standing, applied, what) => {
    const mismatch = compareAdoption({ stage, ...(found !== undefined && { found }) }, standing, applied);
    expect(mismatch).toEqual(what && { what, standing });
  });

  it('says on which conditions its stage depends, whatever its stage', () => {
    const dependsOn: DecidingCondition[] = [];
    const standing = { stages: STAGES, usesPodIdentity: false, dependsOn };
    expect(compareAdoption({ stage: 'irsa', found: 'dual' }, standing, false)).toEqual({ what: 'unknown', dependsOn });
  });
});
