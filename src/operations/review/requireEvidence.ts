import { type Estate } from '../../estate/Estate';
import { parseEstate } from '../../estate/estateFile';
import { compare } from '../../inventory/compare/compare';
import { sinceText } from '../../inventory/edit/setStage';
import { errorRule, type Problem, type RuleInfo } from '../../inventory/Finding';
import { type Inventory, isPast, type Stage, STAGES, type WaveStage } from '../../inventory/Inventory';
import { inSentence } from '../../inventory/printable';
import { formatPath } from '../../inventory/source/plainData';
import { listed } from '../../inventory/suggest';
import { acceptanceTexts, acceptChecks, readAcceptances } from '../gate/accept';
import { gate } from '../gate/gate';
import { stepOf, type StepRequest } from '../gate/Step';
import { evidenceName, nameOfStep, sha256, type StepName } from '../step/evidenceDocument';
import { readEvidenceHead } from '../step/evidenceHead';

/** The rules of `check --require-evidence`. */
export const EVIDENCE_RULES = {
  missing: errorRule(
    'evidence-missing',
    'With `--require-evidence`: each step of a wave has its evidence in the same change, as `advance` and `rollback` write it.',
    'wave "pilot" goes from dual to cutover in prod, and the change has no evidence of this step',
  ),
  invalid: errorRule(
    'evidence-invalid',
    'With `--require-evidence`: the evidence is of this step and of the time in `since`, and the gate holds on its Estate, apart from what is accepted.',
    'the evidence audit/2026-11-14T090000Z-prod-pilot-dual-cutover.md is not valid: since is 2026-11-14T10:00:00Z, and the evidence is of 2026-11-14T09:00:00Z',
  ),
} satisfies Readonly<Record<string, RuleInfo>>;

/** A file of the change; the path is from the repository's top. */
export interface ChangedFile {
  readonly path: string;
  readonly text: string;
}

/** Whether a file can be evidence, by its name. */
export function isEvidenceName(name: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d{6}Z-[a-z0-9-]+\.(md|json)$/.test(name);
}

/** A stage of a wave that is another one in the later version. */
interface Move {
  readonly environment: string;
  readonly wave: string;
  readonly before: WaveStage;
  readonly now: WaveStage;
}

/**
 * The problems of a change that moves stages: steps without evidence, and evidence that is not of the step or on which the gate does not hold. The
 * gate judges again, on the Estate beside the document.
 *
 * @param base the earlier version
 * @param head the later version, whose paths the problems have
 * @param files what is new in the change
 */
export function requireEvidence(base: Inventory, head: Inventory, files: readonly ChangedFile[]): readonly Problem[] {
  const moves = movesOf(base, head);
  return [...moves.flatMap((move) => problemsOf(move, base, head, files)), ...movedAlone(base, head, moves)];
}

const AT_IRSA: WaveStage = { stage: 'irsa' };

function movesOf(base: Inventory, head: Inventory): readonly Move[] {
  const { waves, environments } = compare(base, head, { now: new Date(0) });
  return waves.kept.flatMap((wave) =>
    environments.kept.flatMap(({ head: { key: environment } }): Move[] => {
      const before = wave.base.stages[environment] ?? AT_IRSA;
      const now = wave.head.stages[environment] ?? AT_IRSA;
      return before.stage === now.stage ? [] : [{ environment, wave: wave.head.key, before, now }];
    }),
  );
}

/** Workloads whose stage moved without a step of their wave: nothing was checked for them. */
function movedAlone(base: Inventory, head: Inventory, moves: readonly Move[]): readonly Problem[] {
  return compare(base, head, { now: new Date(0) }).workloads.flatMap(({ base: before, head: now, environment }) => {
    const withWave = moves.some(
      (move) =>
        move.environment === environment.head.key &&
        move.wave === now.wave &&
        before.wave === now.wave &&
        move.before.stage === before.stage &&
        move.now.stage === now.stage,
    );
    if (before.stage === now.stage || withWave) return [];
    return [
      problem(
        EVIDENCE_RULES.missing,
        ['workloads', now.key, now.wave === undefined ? 'stage' : 'wave'],
        `workload "${now.key}" goes from ${before.stage} to ${now.stage} in ${environment.head.key} without a step of its wave, so there is no evidence for it`,
        `Put it into a wave that is at ${before.stage}, then take the steps of that wave with \`podlift advance\` or \`podlift rollback\`.`,
      ),
    ];
  });
}

function problemsOf(move: Move, base: Inventory, head: Inventory, files: readonly ChangedFile[]): readonly Problem[] {
  const { environment, wave, before, now } = move;
  const written = head.waves.find(({ key }) => key === wave)?.stages ?? {};
  const path = ['waves', wave, 'stages', ...(environment in written ? [environment] : [])];
  const way = stepsBetween(before.stage, now.stage);
  let since = before.since;
  return way.flatMap(([from, to], index): readonly Problem[] => {
    const step: StepName = { environment, wave, from, to };
    const ending = `-${nameOfStep(step)}.md`;
    const documents = files.filter((file) => nameOf(file.path).endsWith(ending) && isEvidenceName(nameOf(file.path)));
    const judged = documents.map((document) => {
      const last = index === way.length - 1 ? now : undefined;
      return {
        document,
        ...judgeDocument(document, files, step, {
          base,
          head,
          start: { stage: from, ...(since !== undefined && { since }) },
          last,
        }),
      };
    });
    const right = judged.find((one) => one.wrong === undefined);
    since = (right ?? judged[0])?.at ?? since;
    if (right !== undefined) return [];
    const [first] = judged;
    const command = isPast(to, from) ? 'advance' : 'rollback';
    const again = `Put ${from} back and take the step: \`podlift ${command} ${wave} --environment ${environment} --evidence FOLDER\`. Commit the inventory with the two files that it writes.`;
    const where = `wave "${wave}" goes from ${from} to ${to} in ${environment}, and the change has no evidence of this step`;
    return first === undefined
      ? [problem(EVIDENCE_RULES.missing, path, where, again)]
      : [
          problem(
            EVIDENCE_RULES.invalid,
            path,
            `the evidence ${inSentence(first.document.path)} is not valid: ${first.wrong ?? ''}`,
            again,
          ),
        ];
  });
}

/** The single steps from one stage to another. */
function stepsBetween(from: Stage, to: Stage): readonly (readonly [Stage, Stage])[] {
  const [a, b] = [STAGES.indexOf(from), STAGES.indexOf(to)];
  const stages = a < b ? STAGES.slice(a, b + 1) : STAGES.slice(b, a + 1).reverse();
  return stages.slice(1).map((stage, index) => [stages[index] ?? stage, stage]);
}

interface Context {
  readonly base: Inventory;
  readonly head: Inventory;
  /** The stage that the step leaves. */
  readonly start: WaveStage;
  /** What the inventory records of the step; absent for a step that another one of the same change follows. */
  readonly last: WaveStage | undefined;
}

/** What is wrong with a document; nothing where it is the evidence of the step. `at`: its time. */
function judgeDocument(
  document: ChangedFile,
  files: readonly ChangedFile[],
  step: StepName,
  context: Context,
): { readonly at?: string; readonly wrong?: string } {
  const head = readEvidenceHead(document.text);
  if (head === undefined) return { wrong: 'its first lines are not the data that podlift writes' };
  const { at, estate: name, accepted, forced, ...of } = head;
  const wrong = (text: string) => ({ at, wrong: text });
  const expected = evidenceName(step, at);
  if (
    evidenceName(of, at) !== expected ||
    of.environment !== step.environment ||
    nameOf(document.path) !== `${expected}.md`
  )
    return wrong('its data is of another step than its name');
  const beside = `${document.path.slice(0, -nameOf(document.path).length)}${expected}.json`;
  const file = files.find(({ path }) => path === beside);
  if (file === undefined || name !== `${expected}.json`)
    return wrong(`the Estate ${expected}.json is not beside it in the change`);
  if (sha256(file.text) !== of.sha256) return wrong(`${name} was changed after the step`);
  const parsed = parseEstate(file.text, name);
  if (!('estate' in parsed)) return wrong(parsed.problems[0] ?? '');
  const { estate } = parsed;
  const time = sinceText(new Date(estate.at));
  if (time !== at) return wrong(`it is of ${at}, and its Estate is of ${time}`);
  const { last } = context;
  if (last !== undefined) {
    if (last.since === undefined || Date.parse(last.since) !== Date.parse(at))
      return wrong(`since is ${last.since ?? 'missing'}, and the evidence is of ${at}`);
    const recorded = last.accepted ?? [];
    if ([...recorded].sort().join() !== [...accepted].sort().join())
      return wrong(`it accepts ${shown(accepted)}, and the inventory ${shown(recorded)}`);
  }
  // With the later version as it was before the step, which the command judged; or, where other entries of the change came after it, with the earlier one.
  const left = [context.head, context.base].map((inventory) =>
    failuresOf(startingAt(inventory, step, context.start), step, estate, { accepted, forced }),
  );
  const [failures = []] = left;
  if (left.some((one) => one.length === 0)) return { at };
  return wrong(`the gate does not hold on its Estate: ${listed(failures)}`);
}

function shown(accepted: readonly string[]): string {
  return accepted.length === 0 ? 'nothing' : accepted.join(', ');
}

/** An inventory with a wave as it was before a step. */
function startingAt(inventory: Inventory, { environment, wave }: StepName, start: WaveStage): Inventory {
  return {
    ...inventory,
    waves: inventory.waves.map((one) =>
      one.key === wave ? { ...one, stages: { ...one.stages, [environment]: start } } : one,
    ),
    environments: inventory.environments.map((one) =>
      one.key === environment
        ? {
            ...one,
            workloads: one.workloads.map((workload) =>
              workload.wave === wave ? { ...workload, stage: start.stage } : workload,
            ),
          }
        : one,
    ),
  };
}

/** The checks that do not pass on an Estate and are not accepted, by their names. */
function failuresOf(
  inventory: Inventory,
  { environment, wave, from, to }: StepName,
  estate: Estate,
  { accepted, forced }: { readonly accepted: readonly string[]; readonly forced: boolean },
): readonly string[] {
  const request: StepRequest = { environment, wave, direction: isPast(to, from) ? 'forward' : 'back' };
  const judged = gate(inventory, request, estate);
  const names = (evidence: typeof judged.evidence) => acceptanceTexts(evidence, judged.evidence);
  const failing = judged.evidence.filter((one) => one.holds !== 'yes');
  // A forced step records everything that it overrides, also what nobody can accept by name.
  if (forced) return names(failing).filter((one) => !accepted.includes(one));
  const { step } = stepOf(inventory, request);
  const read = readAcceptances(accepted, step);
  if ('problem' in read) return [read.problem];
  return names(
    acceptChecks(judged, read.acceptances, step).gate.evidence.filter(
      (one) => one.holds !== 'yes' && one.accepted !== true,
    ),
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function problem({ name }: RuleInfo, path: readonly string[], message: string, hint: string): Problem {
  return { severity: 'error', rule: name, path: formatPath(path), message, hint };
}
