import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectAt } from '../../../src/sandbox/kubernetes/json';
import { seedWith, useSandbox } from '../testSandbox';
import { expected, replayTranscript, type Transcript } from './replayTranscript';

const ROLE = 'eks.amazonaws.com/role-arn';
const ARN = 'arn:aws:iam::111111111111:role/app';

/**
 * What the field manager of the API server itself made of these requests: k8s.io/apimachinery v0.33.4 with the types of
 * k8s.io/client-go v0.33.4 and sigs.k8s.io/structured-merge-diff v4.6.0. The random ones tell their end and their failures alone.
 */
function readTranscripts(name: string): readonly Transcript[] {
  const lines = readFileSync(join(__dirname, 'transcripts', `${name}.jsonl`), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Transcript);
}

const NAMED = [...readTranscripts('named'), ...readTranscripts('cronJob')];
const STAGES = NAMED.filter(({ name }) => name.startsWith('the stages of an account'));
const SHORTCUTS = NAMED.filter(({ name }) => name.startsWith('the stages without'));

describe('The owners of an object’s fields', () => {
  const at = useSandbox(() => ({
    seed: seedWith([], {
      clusters: [{ ...seedWith().clusters[0]!, serviceAccounts: [{ namespace: 't', name: 'default' }] }],
    }),
  }));
  const replay = (transcript: Transcript) => replayTranscript(at.sandbox, transcript);

  it.each(NAMED.map((transcript) => [transcript.name, transcript] as const))(
    'are those of the API server: %s',
    async (_, transcript) => {
      expect(await replay(transcript)).toEqual(transcript.steps.map(({ after }) => expected(after ?? {})));
    },
  );

  it('are those of the API server after requests at random', async () => {
    const transcripts = readTranscripts('random');
    expect(transcripts.length).toBeGreaterThan(90);
    for (const transcript of transcripts) {
      const outcomes = await replay(transcript);
      const told = transcript.steps.flatMap(({ after }, index) =>
        after === undefined ? [] : [[outcomes[index], expected(after)] as const],
      );
      expect([transcript.name, told.map(([outcome]) => outcome)]).toEqual([
        transcript.name,
        told.map(([, wanted]) => wanted),
      ]);
    }
  });

  describe('at the stages of a migration', () => {
    const annotation = (outcome: unknown) => objectAt(outcome, 'annotations')[ROLE];
    const ownersOfRole = (outcome: unknown): string[] =>
      (objectAt({ outcome }, 'outcome').owners as { manager: string; fields: unknown }[])
        .filter(({ fields }) => `f:${ROLE}` in objectAt(objectAt(fields, 'f:metadata'), 'f:annotations'))
        .map(({ manager }) => manager);

    it.each(STAGES.map((transcript) => [transcript.name, transcript] as const))(
      'follow the table: %s',
      async (_, all) => {
        const [irsa, prepared, dual, cutover, podIdentity, back, home] = (await replay(all)).slice(-7);
        expect([irsa, prepared, dual, cutover, podIdentity, back, home].map(annotation)).toEqual([
          ...[ARN, ARN, ARN],
          '',
          undefined,
          '',
          ARN,
        ]);
        expect(ownersOfRole(irsa)).toContain('podlift');
        expect(ownersOfRole(dual)).toEqual(ownersOfRole(irsa));
        expect(ownersOfRole(cutover)).toEqual(['podlift']);
        expect(ownersOfRole(podIdentity)).toEqual([]);
        expect([ownersOfRole(back), ownersOfRole(home)]).toEqual([['podlift'], ['podlift']]);
      },
    );

    it.each([
      ['Helm', 'helm'],
      ['Argo CD by server-side apply', 'argocd-controller'],
      ['kubectl apply on the client side', 'kubectl-client-side-apply'],
      ['Terraform by kubernetes_annotations', 'Terraform'],
    ])(
      'share the annotation that %s wrote, and without the empty value in between it stays',
      async (writer, manager) => {
        const transcript = SHORTCUTS.find(({ name }) => name.endsWith(`written by ${writer}`))!;
        const [shared, skipped] = (await replay(transcript)).slice(-2);
        expect(ownersOfRole(shared).sort()).toEqual([manager, 'podlift'].sort());
        expect([annotation(skipped), ownersOfRole(skipped)]).toEqual([ARN, [manager]]);
      },
    );
  });
});
