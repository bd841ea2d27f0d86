import { compareAssociation, ownerOf } from '../../src/comparison/association';
import type { Association } from '../../src/blueprint/Blueprint';
import type { AssociationFacts } from '../../src/estate/aws/AwsPort';
import { associationFactsOf } from './facts';

const ROLE = 'arn:aws:iam::333333333333:role/prod-orders-api';
const TARGET = 'arn:aws:iam::444444444444:role/ledger';
const ADDON = 'arn:aws:eks:us-west-2:333333333333:addon/prod-main/aws-ebs-csi-driver/0ac5f1b2';
const WANTED: Association = {
  workload: 'orders-api',
  cluster: 'main',
  clusterName: 'prod-main',
  region: 'us-west-2',
  namespace: 'production',
  serviceAccount: 'orders-api',
  isFirst: true,
  roleArn: ROLE,
  disableSessionTags: false,
  tags: {},
  keepsTags: false,
};

describe('an association', () => {
  it('is missing where there is none and the stage has one', () => {
    expect(compareAssociation(WANTED, undefined)).toStrictEqual([{ what: 'missing', wanted: ROLE }]);
  });

  it('is unwanted where there is one and the stage has none', () => {
    expect(compareAssociation(undefined, associationFactsOf())).toStrictEqual([{ what: 'unwanted', found: ROLE }]);
  });

  it('is no mismatch where there is none, and the stage has none', () => {
    expect(compareAssociation(undefined, undefined)).toEqual([]);
  });

  it('differs in nothing where all is as wanted', () => {
    const settings = { targetRoleArn: TARGET, disableSessionTags: true };
    expect(compareAssociation(WANTED, associationFactsOf({ tags: { of: 'others' } }))).toEqual([]);
    expect(
      compareAssociation(
        { ...WANTED, ...settings, addon: 'aws-ebs-csi-driver' },
        associationFactsOf({ ...settings, ownerArn: ADDON }),
      ),
    ).toEqual([]);
  });

  it.each<[string, Partial<Association>, Partial<AssociationFacts>, object]>([
    ['role', {}, { roleArn: TARGET }, { what: 'role', wanted: ROLE, found: TARGET }],
    ['target role', { targetRoleArn: TARGET }, {}, { what: 'target-role', wanted: TARGET }],
    ['target role, where it must have none', {}, { targetRoleArn: TARGET }, { what: 'target-role', found: TARGET }],
    ['session tags', {}, { disableSessionTags: true }, { what: 'session-tags', wanted: 'enabled', found: 'disabled' }],
    [
      'session tags that must be off',
      { disableSessionTags: true },
      {},
      { what: 'session-tags', wanted: 'disabled', found: 'enabled' },
    ],
    ['owner', { addon: 'aws-ebs-csi-driver' }, {}, { what: 'owner', wanted: 'aws-ebs-csi-driver' }],
    ['owner, where nobody must own it', {}, { ownerArn: ADDON }, { what: 'owner', found: 'aws-ebs-csi-driver' }],
  ])('differs in its %s', (_what, wanted, found, mismatch) => {
    expect(compareAssociation({ ...WANTED, ...wanted }, associationFactsOf(found))).toStrictEqual([mismatch]);
  });
});

describe('the owner of an association', () => {
  it('is nobody where it has none', () => {
    expect(ownerOf({}, 'prod-main')).toBeUndefined();
  });

  it.each([
    [ADDON, 'aws-ebs-csi-driver'],
    ['arn:aws:eks:us-west-2:333333333333:addon/prod-main/vpc-cni', 'vpc-cni'],
    ['arn:aws-us-gov:eks:us-gov-west-1:333333333333:addon/prod-main/vpc-cni/1', 'vpc-cni'],
  ])('is the add-on of the cluster by its name: %s', (ownerArn, name) => {
    expect(ownerOf({ ownerArn }, 'prod-main')).toBe(name);
  });

  it.each([
    'arn:aws:eks:us-west-2:333333333333:addon/prod-batch/vpc-cni/1',
    'arn:aws:eks:us-west-2:333333333333:addon/prod-main',
    'arn:aws:eks:us-west-2:333333333333:nodegroup/prod-main/vpc-cni/1',
    'arn:aws:iam::333333333333:role/addon/prod-main/vpc-cni/1',
    'of arn:aws:eks:us-west-2:333333333333:addon/prod-main/vpc-cni/1',
  ])('is anything else by its ARN: %s', (ownerArn) => {
    expect(ownerOf({ ownerArn }, 'prod-main')).toBe(ownerArn);
  });
});
