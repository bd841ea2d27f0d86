import { readServiceAccount } from '../../../src/estate/kubernetes/readObjects';
import { ROLE_ANNOTATION } from '../../../src/blueprint/serviceAccounts';
import { roleAnnotation } from '../../../src/comparison/annotation';

const place = { namespace: 'shop', name: 'orders-api' };
const owning = (manager: string, operation: string, ...annotations: string[]) => ({
  manager,
  operation,
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:metadata': { 'f:annotations': Object.fromEntries(annotations.map((key) => [`f:${key}`, {}])) } },
});

describe('a service account of kubectl', () => {
  it('has the owners of the role annotation, and of no other field', () => {
    const { roleOwners } = readServiceAccount({
      metadata: {
        ...place,
        managedFields: [
          owning('podlift', 'Apply', ROLE_ANNOTATION),
          owning('helm', 'Update', 'meta.helm.sh/release-name', ROLE_ANNOTATION),
          owning('kubectl-annotate', 'Update', 'team'),
          { manager: 'kube-controller-manager', operation: 'Update', fieldsV1: {} },
        ],
      },
    });
    expect(roleOwners).toEqual([
      { manager: 'podlift', operation: 'Apply' },
      { manager: 'helm', operation: 'Update' },
    ]);
  });

  it('has no owners where the API server names none', () => {
    expect(readServiceAccount({ metadata: place })).toEqual({ ...place, annotations: {}, roleOwners: [] });
  });

  it('has the annotations of EKS, and no other: those can hold secrets', () => {
    const annotations = {
      [ROLE_ANNOTATION]: 'arn',
      'eks.amazonaws.com/audience': 'sts.amazonaws.com',
      'kubectl.kubernetes.io/last-applied-configuration': '{"token":"secret"}',
    };
    const { annotations: read } = readServiceAccount({ metadata: { ...place, annotations } });
    expect(read).toEqual({ [ROLE_ANNOTATION]: 'arn', 'eks.amazonaws.com/audience': 'sts.amazonaws.com' });
  });
});

describe('the role of a service account', () => {
  it.each([
    ['is the one that the annotation names', { [ROLE_ANNOTATION]: 'arn' }, 'arn'],
    ['is none where the annotation is empty', { [ROLE_ANNOTATION]: '' }, undefined],
    ['is none without the annotation', { team: 'shop' }, undefined],
  ])('%s', (_, annotations, role) => {
    expect(roleAnnotation({ annotations })).toBe(role);
  });

  it('is none where there is no service account', () => {
    expect(roleAnnotation(undefined)).toBeUndefined();
  });
});
