import fc from 'fast-check';
import { compileWorkload } from '../../../src/blueprint/compileWorkload';
import { externalIdOf, podOf } from '../../../src/blueprint/pods';
import { serviceAccountSubject } from '../../../src/blueprint/sourceTrust';
import { subjectBoxes } from '../../../src/blueprint/subjectBoxes';
import { compilePattern, matchPattern } from '../../../src/iam/matchPattern';
import { subjectPattern } from '../../../src/inventory/formats/clusterFormats';
import { fits } from '../../../src/inventory/formats/Format';
import type { SubjectPattern } from '../../../src/inventory/Inventory';
import { isAdmitted } from '../../../src/inventory/resolve/resolveExpanded';
import { clusterOf, environmentOf, workloadOf } from '../../blueprint/inventoryOf';

// Names and patterns over few letters, so that they meet often.
const label = fc.stringMatching(/^[ab]([ab-]{0,3}[ab])?$/);
const subdomain = fc.array(label, { minLength: 1, maxLength: 2 }).map((labels) => labels.join('.'));
const glob = fc.stringMatching(/^[ab*?][ab*?.-]{0,4}$/);
const globs = fc.uniqueArray(glob, { minLength: 1, maxLength: 2 });
const patternsOf = (namespaces: string[], serviceAccounts: string[]): readonly SubjectPattern[] => [
  { namespaces, serviceAccounts, clusters: ['main'] },
];

const CLUSTER = clusterOf();
const trustOf = (patterns: readonly SubjectPattern[], more: Parameters<typeof workloadOf>[0] = {}) => {
  const workload = workloadOf({ stage: 'dual', patterns, subjects: [], ...more });
  return compileWorkload(environmentOf({ clusters: [CLUSTER], workloads: [workload] }), workload);
};

/** Whether a text matches one of the values of a condition, as IAM's StringLike does. */
const like = (values: unknown, text: string) =>
  [values].flat().some((value) => matchPattern(compilePattern(String(value)), text));

describe('the trust of a workload by pattern', () => {
  it('admits by web identity exactly the tokens of accounts that the patterns admit: a wildcard never reaches over a colon', () => {
    fc.assert(
      fc.property(globs, globs, label, subdomain, (namespaces, names, namespace, name) => {
        const patterns = patternsOf(namespaces, names);
        const [irsa] = trustOf(patterns).role.trust.Statement as unknown as {
          Condition: Record<string, Record<string, unknown>>;
        }[];
        const [sub] = Object.values(irsa!.Condition.StringLike!);
        const admitted = isAdmitted({ patterns }, { cluster: 'main', namespace, serviceAccount: name });
        expect(like(sub, serviceAccountSubject(namespace, name))).toBe(admitted);
      }),
    );
  });

  it('admits through Pod Identity exactly the session tags of these accounts', () => {
    fc.assert(
      fc.property(globs, globs, label, subdomain, (namespaces, names, namespace, name) => {
        const patterns = patternsOf(namespaces, names);
        const all = trustOf(patterns).role.trust.Statement as unknown as {
          Condition: Record<string, Record<string, unknown>>;
        }[];
        const tags = all.at(-1)!.Condition.StringLike!;
        const admitted = isAdmitted({ patterns }, { cluster: 'main', namespace, serviceAccount: name });
        expect(
          like(tags['aws:RequestTag/kubernetes-namespace'], namespace) &&
            like(tags['aws:RequestTag/kubernetes-service-account'], name),
        ).toBe(admitted);
      }),
    );
  });

  it('admits by the external id of EKS exactly these accounts: a wildcard never reaches over a slash', () => {
    const environment = environmentOf({ clusters: [CLUSTER], workloads: [] });
    fc.assert(
      fc.property(globs, globs, label, subdomain, (namespaces, names, namespace, name) => {
        const patterns = patternsOf(namespaces, names);
        const [box] = subjectBoxes({ subjects: [], patterns }, [CLUSTER]);
        const ids = box!.namespaces.flatMap((one) =>
          box!.serviceAccounts.map((other) =>
            externalIdOf(podOf(environment, { namespace: one, name: other }, CLUSTER)),
          ),
        );
        const admitted = isAdmitted({ patterns }, { cluster: 'main', namespace, serviceAccount: name });
        expect(like(ids, externalIdOf(podOf(environment, { namespace, name }, CLUSTER)))).toBe(admitted);
      }),
    );
  });

  it('does not grow with the accounts that are expanded', () => {
    const patterns = patternsOf(['pr-*'], ['app']);
    const subjects = Array.from({ length: 500 }, (_, index) => ({
      namespace: `pr-${index}`,
      name: 'app',
      manage: 'none' as const,
      clusters: ['main'],
      isFirst: false,
      isExpanded: true as const,
    }));
    const { role, associations } = trustOf(patterns, { subjects });
    expect(role.trust).toEqual(trustOf(patterns).role.trust);
    expect(associations).toHaveLength(500);
  });

  it('has no pattern with a character that IAM reads in another way', () => {
    for (const text of ['${aws:username}', 'pr-$', 'a{b}', 'a\\*', 'a:b', 'a/b', 'a b', 'ä', ''])
      expect(fits(subjectPattern, text)).toBe(false);
    for (const text of ['*', 'pr-*', '?', 'provider-aws-*', 'a.b-?']) expect(fits(subjectPattern, text)).toBe(true);
  });
});
