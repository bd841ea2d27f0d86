import { BASE, checkMarked } from '../marked';

/** The ids that each service account of one workload imports, by its name. */
function importIds(associations: string): Readonly<Record<string, unknown>> {
  const workload = `  argo:
    stage: dual
    because: one role for the components
    subjects: [{ namespace: argocd, serviceAccount: server }, { namespace: argocd, serviceAccount: repo, clusters: [main] }]
    environments: [dev]
    role: { name: argo, adopt: true, imports: { associations: ${associations} } }
    found: dual
`;
  const { loaded } = checkMarked({ 'inventory.yaml': `${BASE}${workload}` });
  const [dev] = loaded.inventory!.environments;
  const { subjects } = dev!.workloads.find(({ key }) => key === 'argo')!;
  return Object.fromEntries(subjects.map(({ name, importIds: ids }) => [name, ids]));
}

it('an id alone is that of the first service account of the cluster', () => {
  expect(importIds('{ main: a-1 }')).toEqual({ server: { main: 'a-1' }, repo: undefined });
});

it('ids by name are those of each service account', () => {
  expect(importIds('{ main: { argocd/server: a-1, argocd/repo: a-2 } }')).toEqual({
    server: { main: 'a-1' },
    repo: { main: 'a-2' },
  });
});
