import type { ServiceAccount } from '../../src/blueprint/Blueprint';
import {
  compareAnnotation,
  isGivenUp,
  isKeptByAddon,
  isWritten,
  repeatingOwners,
  roleAnnotation,
} from '../../src/comparison/annotation';
import type { FieldOwner } from '../../src/estate/kubernetes/KubernetesPort';
import { serviceAccountOf } from '../operations/facts';

const ROLE = 'arn:aws:iam::333333333333:role/prod-orders-api';
const OTHER = 'arn:aws:iam::333333333333:role/other';
const annotated = (arn: string) => ({ 'eks.amazonaws.com/role-arn': arn });
const foundWith = (annotations: Readonly<Record<string, string>>) =>
  serviceAccountOf('production', 'orders-api', annotations);

/** A service account of GitOps that must have no annotation. */
const BARE: ServiceAccount = {
  workload: 'orders-api',
  cluster: 'main',
  clusterName: 'prod-main',
  region: 'us-west-2',
  namespace: 'production',
  name: 'orders-api',
  isFirst: true,
  manage: 'create',
  adopt: false,
  annotations: {},
  clearsAnnotation: false,
};
const ANNOTATED = { ...BARE, annotations: annotated(ROLE) };

describe('the role of an annotation', () => {
  it.each([
    ['the ARN', foundWith(annotated(ROLE)), ROLE],
    ['none where the value is empty', foundWith(annotated('')), undefined],
    ['none without the annotation', foundWith({ 'eks.amazonaws.com/audience': 'x' }), undefined],
    ['none without the account', undefined, undefined],
  ])('is %s', (_what, account, role) => {
    expect(roleAnnotation(account)).toBe(role);
  });
});

describe('a service account', () => {
  it.each<[string, Partial<ServiceAccount>, boolean]>([
    ['with a kubeconfig context', { context: 'prod' }, true],
    ['with a kubeconfig context that only its annotation is for', { context: 'prod', manage: 'annotate' }, true],
    ['without a kubeconfig context', {}, false],
    ['that podlift must not manage', { context: 'prod', manage: 'none' }, false],
    ['of an add-on', { context: 'prod', addon: 'aws-ebs-csi-driver' }, false],
  ])('%s is written by podlift’s stack: %s', (_what, parts, written) => {
    expect(isWritten({ ...BARE, ...parts })).toBe(written);
  });

  it.each<[string, Partial<ServiceAccount>, object[]]>([
    ['is missing where its stage has the annotation', ANNOTATED, [{ what: 'missing' }]],
    ['is missing where the stack writes it', { context: 'prod' }, [{ what: 'missing' }]],
    ['can be absent where nothing writes it and no annotation is needed', {}, []],
  ])('that does not exist %s', (_what, wanted, mismatches) => {
    expect(compareAnnotation({ ...BARE, ...wanted }, undefined)).toStrictEqual(mismatches);
  });

  it.each<[string, ServiceAccount, Readonly<Record<string, string>>, object[]]>([
    ['as wanted', ANNOTATED, annotated(ROLE), []],
    ['without the annotation, as wanted', BARE, {}, []],
    ['with an empty annotation, which names no role', BARE, annotated(''), []],
    ['with another role', ANNOTATED, annotated(OTHER), [{ what: 'role', wanted: ROLE, found: OTHER }]],
    ['with no role', ANNOTATED, {}, [{ what: 'role', wanted: ROLE }]],
    ['with a role after the cutover', BARE, annotated(ROLE), [{ what: 'role', found: ROLE }]],
    ['with a role after the cutover, that its add-on keeps', { ...BARE, addon: 'ebs' }, annotated(ROLE), []],
    [
      'with another role of its add-on before the cutover',
      { ...ANNOTATED, addon: 'ebs' },
      annotated(OTHER),
      [{ what: 'role', wanted: ROLE, found: OTHER }],
    ],
  ])('%s: its differences', (_what, wanted, annotations, mismatches) => {
    expect(compareAnnotation(wanted, foundWith(annotations))).toStrictEqual(mismatches);
  });

  it.each<[string, ServiceAccount, ReturnType<typeof foundWith> | undefined, boolean]>([
    ['of an add-on that has a role after the cutover', { ...BARE, addon: 'ebs' }, foundWith(annotated(ROLE)), true],
    ['of nobody', BARE, foundWith(annotated(ROLE)), false],
    ['of an add-on whose stage has the role', { ...ANNOTATED, addon: 'ebs' }, foundWith(annotated(ROLE)), false],
    ['of an add-on without a role', { ...BARE, addon: 'ebs' }, foundWith({}), false],
    ['of an add-on that does not exist', { ...BARE, addon: 'ebs' }, undefined, false],
  ])('%s has an annotation that only its add-on keeps: %s', (_what, wanted, found, kept) => {
    expect(isKeptByAddon(wanted, found)).toBe(kept);
  });
});

describe('the owners of an annotation', () => {
  const by = (manager: string, operation: FieldOwner['operation'] = 'Apply'): FieldOwner => ({ manager, operation });

  it.each([
    ['podlift', 'Apply', true],
    ['podlift', 'Update', false],
    ['Terraform', 'Apply', false],
    ['helm', 'Apply', false],
  ] as const)('%s by %s gives it up with the last stage: %s', (manager, operation, given) => {
    expect(isGivenUp(by(manager, operation))).toBe(given);
  });

  it.each<[string, ServiceAccount['manage'], readonly FieldOwner[], string[]]>([
    ['nobody', 'create', [], []],
    ['podlift itself, whatever the name of its applies', 'annotate', [by('podlift'), by('Terraform')], []],
    ['a person with kubectl, once', 'annotate', [by('kubectl'), by('kubectl-annotate', 'Update')], []],
    ['the provider where the stack creates the account', 'create', [by('HashiCorp')], []],
    ['somebody’s Terraform where the stack only annotates', 'annotate', [by('HashiCorp')], ['HashiCorp']],
    ['others, each once', 'create', [by('helm'), by('argocd'), by('helm', 'Update')], ['helm', 'argocd']],
    ['others whose names contain kubectl', 'create', [by('my-kubectl'), by('kubectlx')], ['my-kubectl', 'kubectlx']],
  ])('that write it again: %s', (_what, manage, owners, repeating) => {
    expect(repeatingOwners({ manage }, owners)).toEqual(repeating);
  });
});
