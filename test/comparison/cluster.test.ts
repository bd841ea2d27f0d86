import {
  compareCluster,
  compareContext,
  compareOidcProvider,
  knowsPodIdentity,
  PLATFORM_MINIMUMS,
} from '../../src/comparison/cluster';
import { clusterOf, clusterWithout } from '../blueprint/inventoryOf';

describe('a cluster knows Pod Identity', () => {
  it.each(Object.entries(PLATFORM_MINIMUMS))('in %s from the platform version eks.%i on', (version, minimum) => {
    const at = (platform: number) => knowsPodIdentity({ version, platformVersion: `eks.${platform}` });
    expect([at(minimum - 1), at(minimum), at(minimum + 1)]).toEqual([false, true, true]);
  });

  it.each([
    ['1.29', 'eks.1', true],
    ['1.100', 'unreadable', true],
    ['1.23', 'eks.99', false],
    ['1.9', 'eks.99', false],
    ['1.23', 'unreadable', false],
    ['1.28', 'eks.12-beta', true],
    ['1.28', 'unreadable', undefined],
    ['1.28', 'new-eks.9', undefined],
    ['2.0', 'eks.1', undefined],
    ['1.x', 'eks.1', undefined],
    ['11.30', 'eks.1', undefined],
    ['v1.30', 'eks.1', undefined],
    ['1.30-beta', 'eks.1', undefined],
  ])('in %s with the platform version %s: %s', (version, platformVersion, knows) => {
    expect(knowsPodIdentity({ version, platformVersion })).toBe(knows);
  });
});

describe('the entry of a cluster', () => {
  const wanted = { name: 'prod-main', version: '1.33', autoMode: false };

  it('is missing in EKS by its name', () => {
    expect(compareCluster(wanted, undefined)).toStrictEqual([{ what: 'missing', wanted: 'prod-main' }]);
  });

  it.each([
    ['nothing', { version: '1.33', autoMode: false }, []],
    ['its version', { version: '1.34', autoMode: false }, [{ what: 'version', wanted: '1.33', found: '1.34' }]],
    ['Auto Mode', { version: '1.33', autoMode: true }, [{ what: 'auto-mode', wanted: 'false', found: 'true' }]],
  ])('differs from EKS in %s', (_what, found, mismatches) => {
    expect(compareCluster(wanted, found)).toStrictEqual(mismatches);
  });
});

describe('a kubeconfig context', () => {
  const cluster = clusterOf();
  const own = cluster.oidc!.issuer;
  const other = clusterOf({ key: 'batch' }).oidc!.issuer;

  it.each([
    ['the cluster', cluster, own, { issuer: own }, []],
    ['the cluster, whose entry has no issuer', clusterWithout('oidc'), own, { issuer: own }, []],
    ['another cluster', cluster, other, { issuer: own }, [{ what: 'context', wanted: own, found: other }]],
    ['a cluster that EKS does not have', cluster, own, undefined, [{ what: 'missing', found: own }]],
    ['a cluster without an issuer in EKS', cluster, own, {}, [{ what: 'missing', found: own }]],
    [
      'the cluster, whose entry has another issuer',
      cluster,
      other,
      { issuer: other },
      [{ what: 'issuer', wanted: other, found: own }],
    ],
  ])('leads to %s', (_what, entry, issuer, facts, mismatches) => {
    expect(compareContext(entry, issuer, facts)).toStrictEqual(mismatches);
  });
});

describe('an OIDC provider', () => {
  it.each([
    ['is missing', undefined, [{ what: 'missing' }]],
    ['accepts IRSA’s audience', ['sts.amazonaws.com'], []],
    ['accepts IRSA’s audience beside others', ['x', 'sts.amazonaws.com'], []],
    ['accepts other audiences', ['x', 'y'], [{ what: 'audience', wanted: 'sts.amazonaws.com', found: 'x, y' }]],
    ['accepts no audience', [], [{ what: 'audience', wanted: 'sts.amazonaws.com', found: 'none' }]],
  ])('%s', (_what, audiences, mismatches) => {
    const found = audiences && { arn: 'arn:aws:iam::333333333333:oidc-provider/x', audiences };
    expect(compareOidcProvider(found)).toStrictEqual(mismatches);
  });
});
