import fc from 'fast-check';
import { deleteObject } from '../../src/sandbox/kubernetes/deleteObject';
import { controlledBy } from '../../src/sandbox/kubernetes/KubeObject';
import { addObject, controlledObjects, objectsOf, replaceObject } from '../../src/sandbox/kubernetes/objects';
import { newCluster } from '../../src/sandbox/world/createWorld';
import { MAIN } from './testSandbox';

const NOW = new Date('2026-11-21T12:00:00Z');
const AT_ONCE = { time: NOW, terminationMs: 0 };
const empty = () => newCluster({ ...MAIN, version: '1.33' }, NOW.toISOString());
const named = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'a', ...more },
});

describe('The objects of a cluster', () => {
  it('are found by kind and owner as if each were looked at, whatever was done to them', () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'replace', 'remove'),
      name: fc.constantFrom('p', 'q', 'r', 's'),
      owner: fc.constantFrom('p', 'q', undefined),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const cluster = empty();
        for (const { kind, name, owner } of steps) {
          const found = objectsOf(cluster, 'pods').find(({ metadata }) => metadata.name === name);
          const other = objectsOf(cluster, 'pods').find(({ metadata }) => metadata.name === owner);
          const ownerReferences = other === undefined || other === found ? [] : controlledBy(other);
          if (kind === 'add' && found === undefined) addObject(cluster, 'pods', named(name, { ownerReferences }), NOW);
          else if (found === undefined) continue;
          else if (kind === 'replace')
            replaceObject(cluster, 'pods', { ...found, metadata: { ...found.metadata, ownerReferences } });
          else if (kind === 'remove') deleteObject(cluster, 'pods', found, AT_ONCE);
        }
        const all = Object.values(cluster.objects);
        expect(objectsOf(cluster, 'pods')).toEqual(all);
        for (const owner of all) {
          const { uid } = owner.metadata;
          const owned = all.filter(({ metadata }) =>
            metadata.ownerReferences?.some((reference) => reference.uid === uid),
          );
          expect(new Set(controlledObjects(cluster, 'pods', owner))).toEqual(new Set(owned));
        }
      }),
    );
  });

  it('stay when an owner goes that they have left', () => {
    const cluster = empty();
    const owner = addObject(cluster, 'replicasets', named('set'), NOW);
    const pod = addObject(cluster, 'pods', named('pod', { ownerReferences: controlledBy(owner) }), NOW);
    replaceObject(cluster, 'pods', { ...pod, metadata: { ...pod.metadata, ownerReferences: [] } });
    deleteObject(cluster, 'replicasets', owner, AT_ONCE);
    expect(objectsOf(cluster, 'pods')).toHaveLength(1);
  });
});
